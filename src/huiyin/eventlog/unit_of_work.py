"""One unit of work: state rows and events that become true together or not at all."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from huiyin.eventlog.database import refuse_if_over
from huiyin.eventlog.events import Catalogue, Event, Recorded, kind_of
from huiyin.eventlog.prepared import Prepared, insert, say
from huiyin.eventlog.schema import event as event_table
from huiyin.eventlog.views import versions
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import Clock, to_ms

T = TypeVar("T")

_LAST = Prepared(sa.select(sa.func.max(event_table.c.position)))


class UnitOfWork:
    """What a verb gets to work with. It may be run again from the start, so verbs keep no state of their own."""

    def __init__(self, connection: sa.Connection, catalogue: Catalogue, clock: Clock) -> None:
        """Begin with nothing recorded; the `Writer` owns the transaction."""
        self.connection = connection
        self._catalogue = catalogue
        self._clock = clock
        self._pending: list[Recorded] = []
        self._on_commit: list[Callable[[], None]] = []
        self._before_commit: list[tuple[Callable[[UnitOfWork, list[Any]], None], Any]] = []
        self._versions: dict[str, int] = {}
        self._depth = 0

    def now(self) -> datetime:
        """Return the moment by the clock Huiyin runs on."""
        return self._clock.now()

    def now_ms(self) -> int:
        """Return the moment in milliseconds, as tables keep it."""
        return to_ms(self._clock.now())

    def follow(self, subjects: Iterable[str]) -> None:
        """Load the versions of many subjects in one query, before a batch records events for them."""
        missing = [each for each in set(subjects) if each not in self._versions]
        if not missing:
            return
        self._versions.update(dict.fromkeys(missing, 0))
        self._versions.update(versions(self.connection, missing))

    def begin(self, subject: str) -> None:
        """Tell that a subject is new, so that nobody needs to look for its earlier events."""
        self._versions[subject] = 0

    def record(self, event: Event, *, subject: str, tenant: str, shop: str, actor: Actor) -> int:
        """Add an event to the subject's stream and return its version there."""
        if subject not in self._versions:
            self.follow((subject,))
        version = self._versions[subject] + 1
        self._versions[subject] = version
        self._pending.append(
            Recorded(0, tenant, shop, subject, version, kind_of(type(event)), actor.label, self.now_ms(), event)
        )
        return version

    def on_commit(self, effect: Callable[[], None]) -> None:
        """Run `effect` once the transaction is durable; dropped if it is not."""
        self._on_commit.append(effect)

    def before_commit(self, effect: Callable[["UnitOfWork", list[T]], None], item: T) -> None:
        """Keep `item`, and call `effect` once with all that were kept for it, in order, just before the commit.

        An item of an undone savepoint is dropped. If `effect` raises, the whole transaction fails.
        """
        self._before_commit.append((effect, item))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo everything inside if it raises, and only that."""
        pending, effects, kept = len(self._pending), len(self._on_commit), len(self._before_commit)
        self._depth += 1
        point = f"huiyin_{self._depth}"
        say(self.connection, f"SAVEPOINT {point}")
        try:
            yield
        except BaseException:
            del self._pending[pending:]
            del self._on_commit[effects:]
            del self._before_commit[kept:]
            self._versions.clear()
            for each in self._pending:
                self._versions[each.subject] = each.version
            say(self.connection, f"ROLLBACK TO {point}")
            raise
        else:
            say(self.connection, f"RELEASE {point}")
        finally:
            self._depth -= 1

    def flush(self) -> list[Recorded]:
        """Do what waited for the commit and write the recorded events; the writer calls this once, before it."""
        refuse_if_over(self.connection)
        waiting: dict[Callable[[UnitOfWork, list[Any]], None], list[Any]] = {}
        for effect, item in self._before_commit:
            waiting.setdefault(effect, []).append(item)
        for effect, items in waiting.items():
            effect(self, items)
        if not self._pending:
            return []
        last = _LAST.column(self.connection)[0] or 0
        recorded = [
            msgspec.structs.replace(each, position=last + offset) for offset, each in enumerate(self._pending, start=1)
        ]
        insert(
            self.connection,
            event_table,
            [
                {
                    "position": each.position,
                    "tenant": each.tenant,
                    "shop": each.shop,
                    "subject": each.subject,
                    "version": each.version,
                    "kind": each.kind,
                    "actor": each.actor,
                    "at": each.at,
                    "body": self._catalogue.encode(each.event),
                }
                for each in recorded
            ],
        )
        return recorded

    def committed(self) -> None:
        """Run the effects that waited for durability."""
        for effect in self._on_commit:
            effect()
