"""Note for platforms that want to know who reached their data: signed in, failed to, or was shown orders."""

from collections.abc import Sequence

from litestar import Request

from huiyin.access_logs.noting import About, Whence
from huiyin.kernel.actors import Actor
from huiyin.kernel.errors import HuiyinError, NotFoundError
from huiyin.org import identities
from huiyin.org.access import access_person
from huiyin.web.devices import device_of
from huiyin.web.whence import address_of
from huiyin.wiring import House


def note_sign_in(house: House, request: Request, actor: Actor) -> None:  # type: ignore[type-arg]  # any user
    """Note that somebody signed in."""
    house.access_log.sign_in(About(actor.tenant, actor.id), actor.shops, _whence(request))


def note_refusal(house: House, request: Request, login: str, error: HuiyinError) -> None:  # type: ignore[type-arg]  # as above
    """Note that somebody did not get in with a login of somebody's; a login of nobody's belongs to no shop."""
    with house.reading.connect() as connection:
        person = identities.by_login(connection, house.ring, login)
        try:
            actor = None if person is None else access_person(connection, person, house.clock.now())
        except NotFoundError:
            actor = None  # gone since: nothing of a platform's is within their reach
    if actor is not None:
        house.access_log.sign_in(About(actor.tenant, actor.id), actor.shops, _whence(request), why=error.code)


async def note_orders(
    house: House,
    request: Request,  # type: ignore[type-arg]  # as above
    customer: About,
    shop: str,
    orders: Sequence[str],
) -> None:
    """Note that whoever asks is about to see these orders of a customer."""
    whence = _whence(request)
    actor: Actor = request.state["actor"]
    await house.access_log.orders_shown(customer, shop, actor.id, whence, orders)


def _whence(request: Request) -> Whence:  # type: ignore[type-arg]  # as above
    return Whence(address_of(request), device_of(request.headers.get("user-agent", "")), request.url.path)
