"""Say who acts: nothing is read or written without an actor."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from huiyin.kernel.ids import PersonId, ShopId, TenantId


class Role(StrEnum):
    """What a person is allowed to be; one person may hold several."""

    MERCHANT_OWNER = "merchant_owner"
    MERCHANT_VIEWER = "merchant_viewer"
    VENDOR_MANAGER = "vendor_manager"
    TEAM_LEAD = "team_lead"
    AGENT = "agent"
    INSPECTOR = "inspector"
    TRAINER = "trainer"
    SECURITY_OFFICER = "security_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class ActorKind(StrEnum):
    """What sort of being acts."""

    PERSON = "person"
    BOT = "bot"
    CUSTOMER = "customer"
    SYSTEM = "system"


class Proof(msgspec.Struct, frozen=True):
    """How somebody proved who they are.

    `kind` is "session", "token" (an API token) or "" for parts of Huiyin itself; `id` is the public id of the session
    or token, never its secret. `second_factor_at` is when a second factor was last shown, in milliseconds, None if
    never. `device` names the browser in words. `scopes` is what a token was made for; None for a session.
    """

    kind: str = ""
    id: str = ""
    second_factor_at: int | None = None
    device: str = ""
    scopes: frozenset[str] | None = None


class Actor(msgspec.Struct, frozen=True):
    """Whoever asks for something, with what they may see.

    `shops` holds the shops the actor serves or owns *now*; it is worked out from engagements and
    ownership when the request begins (see `org.access`), so a lapsed engagement ends access at once. `since` says from
    which moment on, in milliseconds, for shops that are served under an engagement; a shop's owner sees all of it.
    """

    kind: ActorKind
    id: str
    name: str
    tenant: TenantId
    roles: frozenset[Role] = frozenset()
    shops: frozenset[ShopId] = frozenset()
    since: Mapping[ShopId, int] = msgspec.field(default_factory=dict)
    proof: Proof = Proof()

    @property
    def label(self) -> str:
        """Return the form written into event rows: kind and id, never a name."""
        return f"{self.kind}:{self.id}"

    def reaches(self, shop: str, until: int) -> bool:
        """Tell whether something of a shop that lasted until `until` falls into the time the actor serves it."""
        return self.kind in {ActorKind.SYSTEM, ActorKind.BOT} or (
            shop in self.shops and until >= self.since.get(ShopId(shop), 0)
        )

    def narrowed(self, shop: str) -> "Actor":
        """Return the actor seeing one shop only; a shop that is not theirs leaves them none."""
        return msgspec.structs.replace(self, shops=self.shops & {shop})


def person(
    person_id: PersonId, name: str, tenant: TenantId, roles: frozenset[Role], since: Mapping[ShopId, int]
) -> Actor:
    """Build the actor for a signed-in person; `since` names their shops, and from when on each is theirs."""
    limited = {shop: at for shop, at in since.items() if at}
    return Actor(ActorKind.PERSON, person_id, name, tenant, roles, frozenset(since), limited)


def system(part: str, tenant: TenantId = TenantId("")) -> Actor:
    """Build the actor for a part of Huiyin that acts by itself, such as `routing`."""
    return Actor(ActorKind.SYSTEM, part, part, tenant)
