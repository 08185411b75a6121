"""The only file that knows every room: it builds the house and hands each part what it needs."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from huiyin.access_logs import sealed as access_logs_sealed
from huiyin.access_logs.noting import AccessLog
from huiyin.assist import events as assist_events
from huiyin.assist.facts import LiveFacts, NoFacts
from huiyin.assist.listen import turns_listener
from huiyin.assist.thinking import Means, Thinker
from huiyin.audit.witnessing import Places, Witness
from huiyin.backfill import events as backfill_events
from huiyin.backfill.listen import connections_listener
from huiyin.connections import events as connection_events
from huiyin.connections import sealed as connections_sealed
from huiyin.connections.lines import Lines, Place
from huiyin.conversations import events as conversation_events
from huiyin.conversations import sealed as conversations_sealed
from huiyin.conversations.bodies import Bodies
from huiyin.conversations.delivering import Delivery
from huiyin.conversations.gating import Gates
from huiyin.conversations.inbox import Inbox
from huiyin.conversations.listen import echoes_listener, recalls_listener, routing_listener
from huiyin.conversations.notes import Notes
from huiyin.conversations.revealing import REVEALS, Revealing
from huiyin.conversations.sending import Exit
from huiyin.conversations.settling import Settling
from huiyin.conversations.subjects import Subjects
from huiyin.conversations.tails import Tails
from huiyin.eventlog.database import WritingTurn
from huiyin.eventlog.events import Catalogue, Event
from huiyin.eventlog.listening import Listener, Subscriptions
from huiyin.eventlog.presence import Presence
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.exporting import sealed as exporting_sealed
from huiyin.exporting.keeping import Parts
from huiyin.exporting.withdrawing import withdraw_agent, withdraw_customer
from huiyin.finding import finder as finding
from huiyin.idempotency import sealed as idempotency_sealed
from huiyin.imports import events as import_events
from huiyin.imports import sealed as imports_sealed
from huiyin.imports.feeding import Importer
from huiyin.imports.keeping import Files
from huiyin.insight.listen import figures_listener
from huiyin.kernel.clock import Clock, SystemClock
from huiyin.kernel.units import Seconds
from huiyin.knowledge.library import Library
from huiyin.knowledge.search import Knowledge
from huiyin.org import events as org_events
from huiyin.org import sealed as org_sealed
from huiyin.org.account_names import AccountNames
from huiyin.org.book import ShopBook
from huiyin.org.credentials import Credentials
from huiyin.org.entering import Entrance
from huiyin.org.identities import Provider, load_provider
from huiyin.org.people import PeopleBook
from huiyin.org.proving import Proving
from huiyin.org.second_factor import SecondFactors
from huiyin.org.session_limits import USUAL, SessionLimits
from huiyin.org.signing_in import SESSIONS
from huiyin.outcomes import events as outcome_events
from huiyin.outcomes import sealed as outcomes_sealed
from huiyin.quality import events as quality_events
from huiyin.quality.at_the_door import quality_gate
from huiyin.quality.gates import numbers_in, shipped_inspector
from huiyin.quality.listen import inspection_listener
from huiyin.security.keeping import open_keeper
from huiyin.security.keyroom import KeyRoom, Tools
from huiyin.security.keys import KeyRing
from huiyin.security.sealing import Sealer
from huiyin.security.shredding import Rooms
from huiyin.security.turning import Turning
from huiyin.upgrading import open_database
from huiyin.webhooks import sealed as webhooks_sealed
from huiyin.webhooks.listen import webhooks_listener
from huiyin.webhooks.registering import Registrar

EVENT_TYPES: tuple[type[Event], ...] = (
    *org_events.ALL,
    *connection_events.ALL,
    *conversation_events.ALL,
    quality_events.FindingRaised,
    assist_events.Suggested,
    *import_events.ALL,
    *backfill_events.ALL,
    *outcome_events.ALL,
)
"""Every event of the house; the house test holds docs/walk.md against it."""

TRACES = (SESSIONS, REVEALS)
_KEPT_SEALED = (
    conversations_sealed, org_sealed, connections_sealed, imports_sealed, outcomes_sealed, exporting_sealed, finding,
    access_logs_sealed, webhooks_sealed, idempotency_sealed,
)  # fmt: skip
SEALED_COLUMNS = tuple(column for room in _KEPT_SEALED for column in room.SEALED)
"""What every room keeps sealed; tests/house/test_at_rest.py holds it against the schema."""

SERVING = Seconds(0.004)
"""How long a server's writer lingers: far below what a person or a platform notices."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where Huiyin keeps its things, and how long the writer gathers company for a command.

    `synchronous` is FULL but for the crash harness's control run. A server lingers; replays and tests do not.
    `proxies` is how many proxies of one's own stand in front of the door; their word on addresses is taken.
    `witness` is where the audit's checkpoints go, by default into the folder: another disk or host is better.
    """

    folder: Path
    synchronous: str = "FULL"
    linger: Seconds = Seconds(0)
    sessions: SessionLimits = USUAL
    proxies: int = 0
    witness: Path | None = None
    addresses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Where platforms are found, if not where they usually are: by platform and setting, such as jd's `gateway_url`."""
    loopback: bool = False
    """Whether webhooks may call this machine over http: for tests, demos and development."""
    keys: str = field(default_factory=lambda: os.environ.get("HUIYIN_KEYS", ""))
    """Who keeps the master key: file:/path, keyring:service, vault:https://…; "" for the file `master_key`."""

    @property
    def database(self) -> Path:
        """Return the database file."""
        return self.folder / "huiyin.db"

    @property
    def place(self) -> Place:
        """Return what lines need to know of the machine."""
        return Place(self.folder, self.addresses)

    @property
    def master_key(self) -> Path:
        """Return the master key file; keep its backup apart from the database's."""
        return self.folder / "master.key"

    @property
    def audit(self) -> Places:
        """Return where the audit's checkpoints and their signing key are; keep the key's backup apart, too."""
        return Places(self.witness or self.folder / "witness", self.folder / "audit.key")


@dataclass(slots=True)
class House:
    """The built house: what the doors work with."""

    settings: Settings
    clock: Clock
    catalogue: Catalogue
    reading: sa.Engine
    writer: Writer
    turn: WritingTurn
    presence: Presence
    witness: Witness
    shops: ShopBook
    people: PeopleBook
    accounts: AccountNames
    notes: Notes
    lines: Lines
    facts: Callable[[str], LiveFacts]
    ring: KeyRing
    sealer: Sealer
    bodies: Bodies
    inbox: Inbox
    exit: Exit
    delivery: Delivery
    settling: Settling
    revealing: Revealing
    subjects: Subjects
    thinker: Thinker
    subscriptions: Subscriptions
    knowledge: Callable[[], Knowledge]
    entrance: Entrance
    credentials: Credentials
    provider: Provider | None
    keyroom: KeyRoom
    turning: Turning
    access_log: AccessLog
    importer: Importer
    exports: Parts
    finder: finding.Finder
    registrar: Registrar

    def close(self) -> None:
        """Finish what waits, have it witnessed, let go."""
        self.witness.look()
        self.writer.stop()
        self.finder.close()
        self.turn.close()
        self.reading.dispose()
        self.presence.close()


def build(settings: Settings, clock: Clock | None = None, *, check_keys: bool = True) -> House:
    """Build the house over its folder, making what is missing there.

    `check_keys=False` opens it although its keys do not open, for whoever puts them right.
    """
    settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    presence = Presence(settings.database)
    try:
        return _build(settings, clock or SystemClock(), presence, check_keys=check_keys)
    except BaseException:
        presence.close()
        raise


def _build(settings: Settings, clock: Clock, presence: Presence, *, check_keys: bool) -> House:
    sealer = Sealer(KeyRing(open_keeper(settings.keys, settings.master_key, fresh=not settings.database.exists())))
    ring, catalogue = sealer.ring, Catalogue(EVENT_TYPES)
    writing, reading = open_database(
        settings.database, settings.synchronous, sealer, lambda connection: UnitOfWork(connection, catalogue, clock)
    )
    turn = WritingTurn(settings.database)
    writer = Writer(writing, catalogue, clock, settings.linger, turn)
    shops = ShopBook(reading)
    bodies, people, accounts, tails = Bodies(sealer), PeopleBook(sealer), AccountNames(sealer), Tails()
    inbox = Inbox(bodies, sealer, accounts, tails)
    lines, library = Lines(settings.place, writer, reading, sealer, clock), Library(partial(_packs, shops))
    finder = finding.Finder(finding.Tools(settings.folder / "search", writer, reading, sealer, bodies, shops))
    for watcher in (shops.watch, ring.watch, bodies.watch, people.watch, inbox.watch, lines.watch, finder.watch):
        writer.watch(watcher)
    exit_ = Exit(Gates((quality_gate,), bodies, numbers_in), bodies, ring, tails)
    means = Means(
        writer=writer, reading=reading, clock=clock, bodies=bodies, sealer=sealer, ring=ring, exit=exit_,
        knowledge=library.get, facts=partial(_facts, lines), live=lines.live,
    )  # fmt: skip
    rooms = Rooms(conversations_sealed.check_at_rest, lambda uow, tenant, subject: scrub(uow, ring, tenant, subject))
    proving, factors = Proving(writer, reading, sealer), SecondFactors(ring, sealer)
    _begin(writer, ring, lines, check_keys=check_keys)
    return House(
        settings=settings, clock=clock, catalogue=catalogue, reading=reading, writer=writer, turn=turn,
        presence=presence, witness=Witness(settings.audit, reading, writer, clock, TRACES), shops=shops, people=people,
        accounts=accounts, notes=Notes(sealer), lines=lines, facts=partial(_facts, lines), ring=ring, sealer=sealer,
        bodies=bodies, inbox=inbox, exit=exit_, subjects=Subjects(writer, reading, bodies, ring),
        delivery=Delivery(bodies, sealer), settling=Settling(exit_, bodies), revealing=Revealing(bodies),
        thinker=Thinker(means), knowledge=library.get,
        subscriptions=Subscriptions(_listeners(shops, lines, bodies), catalogue),
        entrance=Entrance(writer, reading, clock, proving, factors), credentials=Credentials(writer, proving, factors),
        keyroom=KeyRoom(Tools(writer, reading, sealer, clock, settings.database, SEALED_COLUMNS, rooms)),
        importer=Importer(Files(settings.folder / "imports"), writer, reading, sealer, inbox, accounts, shops, clock),
        exports=Parts(settings.folder / "exports"), turning=Turning(), finder=finder,
        access_log=AccessLog(writer, lines, sealer, clock),
        registrar=Registrar(sealer, loopback=settings.loopback),
        provider=load_provider(settings.folder / "oidc.json"),
    )  # fmt: skip


def _listeners(shops: ShopBook, lines: Lines, bodies: Bodies) -> tuple[Listener, ...]:
    return (
        routing_listener(shops.all, lines.live), recalls_listener(), echoes_listener(), turns_listener(),
        inspection_listener(bodies, shipped_inspector()), figures_listener(), connections_listener(),
        webhooks_listener(),
    )  # fmt: skip


def _begin(writer: Writer, ring: KeyRing, lines: Lines, *, check_keys: bool) -> None:
    writer.start()
    if check_keys:
        writer.run(ring.settle_in)
        lines.open()


def _facts(lines: Lines, shop: str) -> LiveFacts:
    return lines.get(shop) or NoFacts()


def scrub(uow: UnitOfWork, ring: KeyRing, tenant: str, subject: str) -> Mapping[str, int]:
    """Take away whatever leads back to somebody who is shredded, in every room."""
    withdraw_customer(uow, tenant, subject)
    withdraw_agent(uow, subject)
    idempotency_sealed.scrub(uow)
    return {
        **access_logs_sealed.scrub(uow, tenant, subject),
        **outcomes_sealed.scrub_customer(uow, tenant, subject),
        **conversations_sealed.scrub_customer(uow, ring, tenant, subject),
        **org_sealed.scrub_person(uow, tenant, subject),
    }


def _packs(shops: ShopBook) -> Mapping[str, str]:
    return {shop.knowledge: shop.id for shop in shops.all().values() if shop.knowledge}
