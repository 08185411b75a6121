"""A shop's tokens, sealed in the database: every process sees the same, and only one renews them at a time.

A platform takes a refresh token once. Two processes that renew at the same moment would lock each other out, so
renewing is claimed in the shop's row; whoever comes second waits and finds the new tokens there.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import sqlalchemy as sa

from huiyin.channels.jd.tokens import Tokens
from huiyin.connections.connecting import tokens_place
from huiyin.connections.events import TokensRenewed
from huiyin.connections.store import connection as table
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.eventlog.writer import Writer
from huiyin.kernel.actors import system
from huiyin.kernel.clock import monotonic
from huiyin.kernel.errors import PermanentError, TemporaryError
from huiyin.kernel.wire import encode
from huiyin.security.sealing import Sealer

PLATFORM = system("platform")
CLAIM_MS = 30_000
"""A renewal that is not finished by then is taken for dead; a token call waits eight seconds at most."""
LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 40.0


class SealedTokens:
    """Where the tokens of one shop live."""

    def __init__(self, shop: str, writer: Writer, reading: sa.Engine, sealer: Sealer) -> None:
        """Keep the tokens of `shop`."""
        self._shop = shop
        self._writer = writer
        self._reading = reading
        self._sealer = sealer
        self._kept: Tokens | None = None
        self._known = False

    async def load(self) -> Tokens | None:
        """Return what was saved last, None at first: read once, and again by whoever takes a turn.

        Another process may have renewed them since. Then the platform refuses the old one, or it is about to end, and
        both lead to a turn: a query for each call of a busy shop would buy nothing.
        """
        if not self._known:
            self._kept, self._known = self._stored(), True
        return self._kept

    async def save(self, tokens: Tokens) -> None:
        """Keep `tokens` in place of the former ones."""
        await self._writer.do(self._save, tokens)
        self._kept, self._known = tokens, True

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hold the right to renew.

        Raises:
            TemporaryError: another process holds it, and does not come to an end.
            PermanentError: the shop is no longer connected.

        """
        begun = monotonic()
        while not await self._writer.do(self._claim):
            if monotonic() - begun > PATIENCE_SECONDS:
                message = f"shop {self._shop}: somebody else renews its tokens"
                raise TemporaryError(message, remedy="ask again later")
            await asyncio.sleep(LOOK_SECONDS)
        self._known = False
        try:
            yield
        finally:
            await asyncio.shield(self._writer.do(self._release))

    def _stored(self) -> Tokens | None:
        with self._reading.connect() as connection:
            row = connection.execute(sa.select(table).where(table.c.shop == self._shop)).one_or_none()
            if row is None or row.tokens_sealed is None:
                return None
            plain = self._sealer.open(connection, tokens_place(row.tenant, self._shop), row.tokens_sealed)
        return None if plain is None else msgspec.json.decode(plain, type=Tokens)

    def _save(self, uow: UnitOfWork, tokens: Tokens) -> None:
        mine = table.c.shop == self._shop
        tenant = self._tenant(uow.connection)
        key = self._sealer.ring.for_writing(uow, tenant, (self._shop,))[self._shop]
        sealed = self._sealer.seal(uow.connection, key, tokens_place(tenant, self._shop), encode(tokens))
        uow.connection.execute(table.update().where(mine).values(tokens_sealed=sealed))
        renewed = TokensRenewed(self._shop)
        uow.record(renewed, subject=self._shop, tenant=tenant, shop=self._shop, actor=PLATFORM)

    def _tenant(self, connection: sa.Connection) -> str:
        """Return whose shop it is; PermanentError once it is no longer connected."""
        tenant = connection.execute(sa.select(table.c.tenant).where(table.c.shop == self._shop)).scalar()
        if tenant is None:
            message = f"shop {self._shop} is no longer connected"
            raise PermanentError(message, remedy="connect it again")
        return str(tenant)

    def _claim(self, uow: UnitOfWork) -> bool:
        self._tenant(uow.connection)
        free = table.update().where(table.c.shop == self._shop, table.c.renewing_until <= uow.now_ms())
        return bool(uow.connection.execute(free.values(renewing_until=uow.now_ms() + CLAIM_MS)).rowcount)

    def _release(self, uow: UnitOfWork) -> None:
        uow.connection.execute(table.update().where(table.c.shop == self._shop).values(renewing_until=0))
