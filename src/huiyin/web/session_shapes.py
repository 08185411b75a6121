"""The shapes of signing in, of one's own account, and of what administrators do about other people's."""

from datetime import datetime
from typing import Annotated

import msgspec

from huiyin.web.shapes import Named, Shape

Word = Annotated[str, msgspec.Meta(max_length=120)]
Secret = Annotated[str, msgspec.Meta(max_length=256)]
Code = Annotated[str, msgspec.Meta(max_length=40)]


class SignIn(Shape, frozen=True):
    """A sign-in attempt. `code` is the second factor, left out until it is asked for."""

    login: Word
    password: Secret
    code: Code = ""


class Door(Shape, frozen=True):
    """What the sign-in page must know before anybody signed in: the name of the identity provider, "" if none."""

    provider: str


class GivenCode(Shape, frozen=True):
    """A code of the second factor: six digits, or a recovery code."""

    code: Code


class GivenPassword(Shape, frozen=True):
    """One's present password, given again."""

    password: Secret


class EnrolmentShape(Shape, frozen=True):
    """What an authenticator app needs: a QR code as a data: address, and the secret for typing."""

    secret: str
    uri: str
    qr: str


class RecoveryCodes(Shape, frozen=True):
    """Recovery codes, shown this once; each opens once."""

    codes: list[str]


class ChangePassword(Shape, frozen=True):
    """A new password, and the old one to prove it."""

    old: Secret
    new: Secret


class SessionShape(Shape, frozen=True):
    """One of one's own open sessions. `device` names the browser in words, "" where it did not say."""

    id: str
    device: str
    created_at: datetime
    seen_at: datetime
    second_factor_at: datetime | None
    current: bool


class AccountChange(Shape, frozen=True):
    """What was done to one's account, and by whom; nobody: a part of Huiyin itself. action: as the audit names it."""

    action: str
    at: datetime
    by: Named | None


class MakeToken(Shape, frozen=True):
    """What an API token is for: scopes are rights as "wall:read"."""

    name: Word
    scopes: Annotated[list[Word], msgspec.Meta(max_length=50)]
    days: Annotated[int, msgspec.Meta(ge=1, le=365)]


class TokenShape(Shape, frozen=True):
    """An API token as its owner's list shows it."""

    id: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


class OwnToken(Shape, frozen=True):
    """What a program may do with the token it asks with: less than its `scopes` once its maker may do less."""

    name: str
    may: list[str]
    shops: list[Named]
    expires_at: datetime


class MadeToken(Shape, frozen=True):
    """An API token that was just made; `token` is shown this once."""

    id: str
    token: str
    expires_at: datetime


class GivenLink(Shape, frozen=True):
    """The token of a one-time link, which stands behind the # of its address."""

    token: Word


class LinkShape(Shape, frozen=True):
    """What a one-time link is for. purpose: owner, invite, reset, reset_all."""

    purpose: str
    name: str
    login: str
    organisation: str
    expires_at: datetime


class AcceptLink(Shape, frozen=True):
    """The password somebody sets by a one-time link."""

    token: Word
    password: Secret


class Invite(Shape, frozen=True):
    """Somebody new in one's organisation; `capacity` gives an agent a seat."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    login: Annotated[str, msgspec.Meta(min_length=2, max_length=60)]
    roles: Annotated[list[str], msgspec.Meta(min_length=1, max_length=10)]
    skills: Annotated[list[Word], msgspec.Meta(max_length=30)] = msgspec.field(default_factory=list)
    capacity: Annotated[int, msgspec.Meta(ge=0, le=50)] = 0


class Invited(Shape, frozen=True):
    """Who was invited, and the path of their one-time link, shown this once.

    `waits`: it opens nothing before a second person agreed.
    """

    person: str
    path: str
    expires_at: datetime
    waits: bool


class Arranged(Shape, frozen=True):
    """Whether what was asked for a person waits for a second one; otherwise it holds already."""

    waits: bool


class ApprovalShape(Shape, frozen=True):
    """What waits for a second person. kind: invite, reset, reset_all, identity, roles.

    `person` holds the roles `held` and is to hold `roles`; `subject` is who they are at the identity provider, "" where
    it is about something else. No `asker`: it was asked at the machine's own terminal. `approvable`: by you.
    """

    id: str
    kind: str
    person: Named
    held: list[str]
    roles: list[str]
    subject: str
    asker: Named | None
    asked_at: datetime
    expires_at: datetime
    approvable: bool


class AskLink(Shape, frozen=True):
    """A link for somebody who cannot get in; with `second_factor` theirs is taken away when they use it."""

    second_factor: bool = False


class BindIdentity(Shape, frozen=True):
    """Who a person is at the identity provider: the `sub` it names them by."""

    subject: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class PersonShape(Shape, frozen=True):
    """Somebody of one's organisation. standing: active, invited (no password yet), deactivated, erased.

    No seat, no `capacity` and no `presence`. `link_until`: a one-time link of theirs is good until then.
    `last_in_at` is None after a month of absence; `sessions` are open now; `locked_until`: too many attempts.
    """

    id: str
    name: str
    login: str
    roles: list[str]
    skills: list[str]
    capacity: int | None
    presence: str | None
    standing: str
    second_factor: bool
    link_until: datetime | None
    last_in_at: datetime | None
    sessions: int
    locked_until: datetime | None


class PeopleShape(Shape, frozen=True):
    """Everybody of one's organisation, those who left last; `roles` are those it can give, `alone` stand alone."""

    people: list[PersonShape]
    roles: list[str]
    alone: list[str]


class ChangeRoles(Shape, frozen=True):
    """What somebody is to be from now on; `capacity` 0 for no desk."""

    roles: Annotated[list[str], msgspec.Meta(min_length=1, max_length=10)]
    skills: Annotated[list[Word], msgspec.Meta(max_length=30)]
    capacity: Annotated[int, msgspec.Meta(ge=0, le=50)]


class SessionsEnded(Shape, frozen=True):
    """How many sessions ended."""

    ended: int


class SecondFactorShape(Shape, frozen=True):
    """How one's second factor stands. `fresh_until`: it was shown lately and opens what needs it until then."""

    set_up: bool
    needed: bool
    recovery_codes: int
    fresh_until: datetime | None


class MyShop(Named, frozen=True):
    """A shop of one's own, or one serves; `platform` is widget for a page of its own."""

    platform: str


class Me(Shape, frozen=True):
    """Who is signed in and what they may do: rights such as "conversation:read". No seat, no `presence`."""

    id: str
    name: str
    roles: list[str]
    may: list[str]
    organisation: str
    shops: list[MyShop]
    presence: str | None
    capacity: int | None
    load: int | None
    second_factor: SecondFactorShape


class Presence(Shape, frozen=True):
    """An agent's own state: online, busy, rest, training, offline."""

    state: str
