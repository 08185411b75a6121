"""Note who reached a platform's data, before it is shown: what cannot be noted is not shown."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import msgspec

from huiyin.access_logs.store import access_log
from huiyin.channels.access_records import MOST_ORDERS, AccessKind, AccessRecord
from huiyin.channels.port import Capability
from huiyin.connections.lines import Lines
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.ids import new_id
from huiyin.security.sealing import Place, Sealer

DATABASE = "huiyin"
OUR_OWN = "127.0.0.1"
"""The address of whoever works at the machine itself."""

_encoder = msgspec.json.Encoder()


class Whence(NamedTuple):
    """From where somebody asks: their address, the browser in words of ours, and the path asked for."""

    address: str
    device: str
    page: str


class About(NamedTuple):
    """Whose key seals a record, and whose matter that is."""

    tenant: str
    subject: str


class AccessLog:
    """Takes notes for shops whose platform wants them; for others nothing is kept."""

    def __init__(self, writer: Writer, lines: Lines, sealer: Sealer, clock: Clock) -> None:
        """Keep notes over `writer`, sealed by `sealer`."""
        self._writer = writer
        self._lines = lines
        self._sealer = sealer
        self._clock = clock

    def wanted(self, shops: Collection[str]) -> list[str]:
        """Return those shops whose platform wants records."""
        lines = ((shop, self._lines.get(shop)) for shop in sorted(shops))
        return [shop for shop, line in lines if line is not None and Capability.TELL_ACCESS in line.capabilities]

    def sign_in(self, about: About, shops: Collection[str], whence: Whence, why: str = "") -> None:
        """Note that a person signed in, or with `why` that somebody failed to as them, for each of their shops."""
        wanted = self.wanted(shops)
        if wanted:
            record = self._record(AccessKind.SIGN_IN, about.subject, whence, why=why)
            self._writer.run(self._note, about, wanted, (record,))

    async def orders_shown(self, about: About, shop: str, person: str, whence: Whence, orders: Sequence[str]) -> None:
        """Note that a person is about to see a customer's orders; `about` is the customer."""
        if not orders or not self.wanted((shop,)):
            return
        records = [
            self._record(AccessKind.ORDERS, person, whence, orders=tuple(orders[at : at + MOST_ORDERS]))
            for at in range(0, len(orders), MOST_ORDERS)
        ]
        await self._writer.do(self._note, about, [shop], records)

    def worked(self, person: str, statement: str, shops: Sequence[tuple[str, str]]) -> None:
        """Note what was done to everything that is kept of some shops, given with their tenants; no values."""
        tenants = dict(shops)
        for shop in self.wanted(tenants):
            here = Whence(OUR_OWN, "", "")
            record = self._record(AccessKind.DATABASE, person, here, database=DATABASE, statement=statement)
            self._writer.run(self._note, About(tenants[shop], shop), [shop], (record,))

    def _record(self, kind: AccessKind, person: str, whence: Whence, **more: object) -> AccessRecord:
        return msgspec.structs.replace(
            AccessRecord(kind=kind, at=self._clock.now(), person=person, **whence._asdict()), **more
        )

    def _note(self, uow: UnitOfWork, about: About, shops: Sequence[str], records: Sequence[AccessRecord]) -> None:
        key = self._sealer.ring.for_writing(uow, about.tenant, (about.subject,))[about.subject]
        rows = []
        for shop in shops:
            for each in records:
                own, at = new_id(), to_ms(each.at)
                sealed = self._sealer.seal(uow.connection, key, place(about.tenant, own), _encoder.encode(each))
                rows.append(
                    {"id": own, "tenant": about.tenant, "subject": about.subject, "shop": shop, "kind": each.kind,
                     "at": at, "record": sealed, "attempts": 0, "not_before": at}
                )  # fmt: skip
        uow.connection.execute(access_log.insert(), rows)


def place(tenant: str, own: str) -> Place:
    """Return where a record lives."""
    return Place(tenant, access_log.name, own, "record")
