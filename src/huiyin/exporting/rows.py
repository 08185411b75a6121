"""Read some sessions and turn them into rows: a fixed number of queries, however many there are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from huiyin.conversations import extracts
from huiyin.conversations.access import Conversation, lasted_until
from huiyin.conversations.bodies import Bodies
from huiyin.conversations.extracts import Key
from huiyin.conversations.messages import MessageView
from huiyin.exporting import words
from huiyin.exporting.cells import Cell, Row
from huiyin.exporting.jobs import Job, Span
from huiyin.exporting.words import Language, say, word
from huiyin.insight.kept import kept_of
from huiyin.kernel.clock import from_ms
from huiyin.org.account_names import AccountNames
from huiyin.org.people import PeopleBook
from huiyin.org.views import Shop

AT_ONCE: Mapping[str, int] = {"sessions": 100, "messages": 25}
"""Sessions in one reading: some ten milliseconds."""


class Books(NamedTuple):
    """What opens words and names."""

    bodies: Bodies
    people: PeopleBook
    accounts: AccountNames


class Batch(NamedTuple):
    """Rows of some sessions, how many those are, and which was read last; None where the shop has no more."""

    rows: list[Row]
    sessions: int
    last: Key | None


class _Cast(NamedTuple):
    """What the rows of one reading have in common."""

    job: Job
    shop: Shop
    language: Language
    people: Mapping[str, str]


def read_batch(  # what of which shop is read, after which session, with what
    connection: sa.Connection, books: Books, job: Job, span: Span, shop: Shop, after: Key
) -> Batch:
    """Return the rows of the next sessions of a shop that are whoever asked's to see."""
    limit = AT_ONCE[job.content]
    found = extracts.opened(connection, span.opening, after, limit)
    last = Key(found[-1].opened_at, found[-1].id) if len(found) == limit else None
    seen = [each for each in found if lasted_until(each) >= span.reach]
    if not seen:
        return Batch([], 0, last)
    make = _session_rows if job.content == "sessions" else _message_rows
    return Batch(make(connection, books, job, shop, seen), len(seen), last)


def _session_rows(
    connection: sa.Connection, books: Books, job: Job, shop: Shop, found: Sequence[Conversation]
) -> list[Row]:
    ids = [each.id for each in found]
    served, kept = extracts.served(connection, ids), kept_of(connection, ids)
    names = books.people.names(connection, {person for people in served.values() for person in people})
    cast = _Cast(job, shop, job.language, names)
    return [_session(cast, each, served.get(each.id, ()), kept.get(each.id)) for each in found]


def _session(cast: _Cast, each: Conversation, served: Iterable[str], kept: Any) -> Row:  # noqa: ANN401  # a row of the figures
    def named(group: Mapping[str, words.Both], code: object) -> str:
        return word(group, str(code), cast.language)

    who = "、".join(filter(None, (cast.people.get(person, "") for person in served)))
    head: list[Cell] = [
        cast.shop.name, named(words.PLATFORMS, cast.shop.platform), path_of(each.id),
        named(words.ORIGINS, each.origin), _stamp(cast.shop, each.opened_at), _stamp(cast.shop, each.closed_at),
        named(words.STATES, each.state), named(words.CLOSED, each.close_reason), who,
    ]  # fmt: skip
    if kept is None:
        return [*head, *([None] * 13), cast.job.id]
    left = None if kept.left_message is None else words.YES if kept.left_message else words.NO
    return [
        *head, named(words.ANSWERED, kept.first_by), _seconds(kept.first_response_ms),
        _seconds(kept.first_response_open_ms), _stamp(cast.shop, kept.handed_over_at),
        _seconds(kept.human_response_ms), kept.turns, _seconds(kept.turns_ms / kept.turns if kept.turns else None),
        kept.messages_in, kept.replies_bot, kept.replies_human, kept.findings,
        None if left is None else say(left, cast.language),
        None if kept.degree is None else named(words.DEGREES, kept.degree), cast.job.id,
    ]  # fmt: skip


def _message_rows(
    connection: sa.Connection, books: Books, job: Job, shop: Shop, found: Sequence[Conversation]
) -> list[Row]:
    said = extracts.said(connection, books.bodies, [each.id for each in found])
    authors = {each.author for all_of_it in said.values() for each in all_of_it}
    people = {each.removeprefix("person:") for each in authors if each.startswith("person:")}
    accounts = {each.removeprefix("waiter:") for each in authors if each.startswith("waiter:")}
    names = {**books.people.names(connection, people), **books.accounts.names(connection, accounts)}
    cast = _Cast(job, shop, job.language, names)
    return [_message(cast, each, message) for each in found for message in said.get(each.id, [])]


def _message(cast: _Cast, session: Conversation, message: MessageView) -> Row:
    recalled = words.YES if "recalled" in message.flags else words.NO
    return [
        cast.shop.name, path_of(session.id), _stamp(cast.shop, message.platform_at), _who(cast, message),
        word(words.KINDS, message.kind, cast.language), message.body.content.text,
        word(words.DELIVERIES, message.delivery or "", cast.language), say(recalled, cast.language),
        word(words.ORIGINS, session.origin, cast.language), cast.job.id,
    ]  # fmt: skip


def _who(cast: _Cast, message: MessageView) -> str:
    """Return who wrote a message; an account nobody is mapped to is shown as such, a customer is no more than one."""
    kind, _, reference = message.author.partition(":")
    if kind == "person" and cast.people.get(reference):
        return cast.people[reference]
    if kind == "waiter":
        return say(words.UNMAPPED, cast.language).format(name=cast.people.get(reference, ""))
    return word(words.SENDERS, message.sender, cast.language)


def path_of(session: str) -> str:
    """Return where the console shows a session."""
    return f"/sessions/{session}"


def _stamp(shop: Shop, milliseconds: int | None) -> str | None:
    return None if milliseconds is None else stamp(from_ms(milliseconds).astimezone(shop.zone))


def stamp(at: datetime) -> str:
    """Return a moment to the second, as programs for tables read it."""
    return at.strftime("%Y-%m-%d %H:%M:%S")


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds / 1000, 1)
