"""The shops at hand: read again when one opens or changes, so that the hot path asks no database for them."""

from collections.abc import Sequence

import sqlalchemy as sa

from huiyin.eventlog.events import kind_of
from huiyin.eventlog.writer import Notice
from huiyin.org.events import ShopChanged, ShopOpened
from huiyin.org.views import Shop, shops

_NEWS = frozenset({kind_of(ShopOpened), kind_of(ShopChanged)})


class ShopBook:
    """All shops by id."""

    def __init__(self, reading: sa.Engine) -> None:
        """Read the shops that exist."""
        self._reading = reading
        self._shops: dict[str, Shop] = {}
        self.reload()

    def reload(self) -> None:
        """Read all shops again."""
        with self._reading.connect() as connection:
            self._shops = {each.id: each for each in shops(connection)}

    def all(self) -> dict[str, Shop]:
        """Return the shops by id; the caller must not change the mapping."""
        return self._shops

    def watch(self, notices: Sequence[Notice]) -> None:
        """Look at committed events for a shop that opened or changed."""
        if any(each.kind in _NEWS for each in notices):
            self.reload()
