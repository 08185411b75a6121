"""The words of the table: what there is, what one can do with it, how far a right reaches."""

from enum import StrEnum, auto
from typing import NamedTuple

from huiyin.kernel.actors import Role


class Resource(StrEnum):
    """What rights are about."""

    SESSION = auto()
    SEAT = auto()
    CONVERSATION = auto()
    FACTS = auto()
    PERSONAL_DATA = auto()
    WALL = auto()
    STUCK_EVENT = auto()
    PLATFORM_ACCOUNT = auto()
    SHIFT = auto()
    PERSON = auto()
    APPROVAL = auto()
    API_TOKEN = auto()
    OWN_SCOPES = auto()
    AUDIT = auto()
    KEYS = auto()
    CONNECTION = auto()
    IMPORT = auto()
    RETENTION = auto()
    BASELINE = auto()
    EXPORT = auto()
    WEBHOOK = auto()


class Action(StrEnum):
    """What one can do.

    `steer` is to move what is on somebody else's desk: take it, hand it on, close it, settle its replies.
    """

    READ = auto()
    WRITE = auto()
    ANSWER = auto()
    STEER = auto()
    REVEAL = auto()
    RETRY = auto()
    VERIFY = auto()
    EXPORT = auto()
    ROTATE = auto()
    ERASE = auto()
    APPROVE = auto()
    REFUSE = auto()
    SEARCH = auto()


class Scope(StrEnum):
    """How far a right reaches: oneself, one's organisation, or the shops that are one's own at this moment."""

    SELF = auto()
    TENANT = auto()
    SHOP = auto()


class Right(NamedTuple):
    """One thing that can be done with one sort of thing, as routes, topics and API tokens name it."""

    resource: Resource
    action: Action

    def __str__(self) -> str:
        """Return the form API tokens and the console use, such as "conversation:read"."""
        return f"{self.resource}:{self.action}"


class Row(NamedTuple):
    """One row of the table: who has a right, over which fields ("" is the thing itself), how far it reaches.

    A `strong` right wants a second factor shown lately.
    """

    right: Right
    fields: frozenset[str]
    roles: frozenset[Role]
    scope: Scope
    strong: bool = False
