"""The keys of an organisation for its security officer: how they stand, and renewing them while everything runs.

Destroying a customer's keys is beside (`erasing`). The master key is the house's, and for the machine's own terminal:
`huiyin keys`.
"""

from collections import Counter
from collections.abc import Sequence

from litestar import Controller, get, post
from litestar.params import JSONBody

from huiyin.kernel.clock import from_ms
from huiyin.kernel.errors import InvalidError
from huiyin.org.still import check_still
from huiyin.policy.terms import Action, Resource
from huiyin.security.keyroom import Hold, KeyState
from huiyin.security.rights import check_keys
from huiyin.web import keys_shapes as shapes
from huiyin.web.guarding import needs
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.wiring import House


class Keys(Controller):
    """Keys."""

    path = "/api/keys"
    tags = ("keys",)

    @get("/", opt=needs(Resource.KEYS, Action.READ), sync_to_thread=True)
    def state(self, house: HouseHere, actor: ActorHere) -> shapes.KeysShape:
        """Tell which keys there are, which holds stand, who was erased, and how far key work came."""
        check_keys(actor, Action.READ, actor.tenant)
        # The work first: what is told as done shows in the keys.
        work, found = house.turning.of(actor.tenant), house.keyroom.state()
        return shapes.KeysShape(
            master_versions=len(found.master),
            keys=_counted(found, actor.tenant),
            holds=hold_shapes(house, found.holds, actor.tenant),
            tombstones=stone_shapes(house, actor.tenant),
            customers=any(shop.tenant == actor.tenant for shop in house.shops.all().values()),
            to_bury=actor.tenant in found.to_bury,
            work=None if work is None else shapes.KeyWorkShape(**work._asdict()),
        )

    @post("/turn", opt=needs(Resource.KEYS, Action.ROTATE), sync_to_thread=True, status_code=202)
    def turn(self, house: HouseHere, actor: ActorHere, data: JSONBody[shapes.TurnKeys]) -> shapes.KeyWorkShape:
        """Begin to renew keys; the work goes on beside everything else."""
        room, tenant = house.keyroom, actor.tenant
        steps = {
            "tenant": lambda: room.rotate_tenant(tenant, actor=actor),
            "data": lambda: room.rotate_data(tenant, actor=actor),
        }.get(data.what)
        if steps is None:
            message = f"there are no {data.what[:20]!r} keys to renew here"
            raise InvalidError(message, remedy="Use tenant or data.", code="choice")
        house.writer.run(check_still, actor)
        return shapes.KeyWorkShape(**house.turning.start(tenant, data.what, steps)._asdict())


def _counted(found: KeyState, tenant: str) -> list[shapes.KeyCount]:
    counts: Counter[tuple[str, str, bool | None]] = Counter()
    for whose, purpose, master, state, number in found.tenants:
        if whose == tenant:
            counts[purpose.partition("|")[0], state, master == found.master[-1]] += number
    for whose, state, number in found.data:
        if whose == tenant:
            counts["data", state, None] += number
    return [
        shapes.KeyCount(sort=sort, state=state, master=master, number=number)
        for (sort, state, master), number in sorted(counts.items(), key=str)
    ]


def hold_shapes(house: House, found: Sequence[Hold], tenant: str) -> list[shapes.HoldShape]:
    """Return a tenant's holds, of all that stand."""
    theirs = [hold for hold in found if hold.tenant == tenant]
    names = _names(house, {hold.actor for hold in theirs})
    subjects = {hold.subject for hold in theirs}
    with house.reading.connect() as connection:
        labels = house.people.names(connection, subjects) | house.subjects.labels(connection, subjects)
    return [
        shapes.HoldShape(
            id=hold.id, subject=hold.subject, label=labels.get(hold.subject, ""), reason=hold.reason,
            by=names.get(hold.actor, ""), until=from_ms(hold.until) if hold.until else None,
        )
        for hold in theirs
    ]  # fmt: skip


def stone_shapes(house: House, tenant: str) -> list[shapes.TombstoneShape]:
    """Return the tombstones of a tenant, newest first."""
    theirs = [each for each in house.keyroom.check() if each.stone.tenant == tenant]
    names = _names(house, {each.stone.actor for each in theirs})
    return [
        shapes.TombstoneShape(
            id=each.stone.id, subject=each.stone.subject, at=from_ms(each.stone.at),
            by=names.get(each.stone.actor, ""), reason=each.stone.reason, keys=len(each.stone.keys),
            rows=sum(each.stone.sealed.values()), sound=each.signed and each.gone,
            buried=each.copies_gone_at is not None,
        )
        for each in reversed(theirs)
    ]  # fmt: skip


def _names(house: House, labels: set[str]) -> dict[str, str]:
    """Return people's names by the label of who acted; parts of Huiyin itself have none."""
    people = {label.partition(":")[2]: label for label in labels if label.startswith("person:")}
    with house.reading.connect() as connection:
        return {people[each]: name for each, name in house.people.names(connection, people).items()}
