"""Keep keys in memory, each under the epoch it was read at: whatever stands here is as keys were at that epoch.

Rows of keys bring their epoch along, read by the same statement. A reader may look at the database as it was before
somebody was shredded, and come here long after everybody heard of it: what it read is not kept, however late it comes.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, NamedTuple, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MOST_CACHED = 50_000

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept:
    """What is known of keys as they were at one epoch."""

    __slots__ = ("ciphers", "current", "epoch", "of_subject", "wrapping")

    def __init__(self, epoch: int) -> None:
        """Start with nothing known."""
        self.epoch = epoch
        self.current: dict[tuple[str, str], tuple[str, bytes]] = {}
        self.wrapping: dict[str, bytes] = {}
        self.ciphers: OrderedDict[str, AESGCM | None] = OrderedDict()
        self.of_subject: OrderedDict[str, str] = OrderedDict()


class KeyMemory:
    """Knows the newest committed epoch anybody here heard of, and keys as they were at it."""

    def __init__(self) -> None:
        """Start before the first epoch."""
        self._lock = threading.Lock()
        self._uncommitted: int | None = None
        self.kept = Kept(0)

    @property
    def epoch(self) -> int:
        """Return the newest committed epoch known."""
        return self.kept.epoch

    def at(self, epoch: int) -> Kept:
        """Return where to keep what was read at an epoch: nowhere, if keys changed since or that is not committed."""
        with self._lock:
            if epoch > self.kept.epoch and (self._uncommitted is None or epoch < self._uncommitted):
                self.kept = Kept(epoch)
            return self.kept if self.kept.epoch == epoch else Kept(epoch)

    def keep_cipher(self, epoch: int, key_id: str, cipher: AESGCM | None) -> None:
        """Keep a cipher that was read at an epoch; the oldest go when there are very many."""
        kept = self.at(epoch)
        with self._lock:
            kept.ciphers[key_id] = cipher
            for each in (kept.ciphers, kept.of_subject):
                while len(each) > MOST_CACHED:
                    each.popitem(last=False)

    def change(self, epoch: int) -> None:
        """Let go of everything: a transaction of ours changes keys, and the epoch is this if it is committed."""
        with self._lock:
            self._uncommitted = epoch
            self.kept = Kept(self.kept.epoch)

    def learn(self, epoch: int) -> None:
        """Let go of everything read before an epoch that is committed."""
        with self._lock:
            if self._uncommitted is not None and epoch >= self._uncommitted:
                self._uncommitted = None
            if epoch > self.kept.epoch:
                self.kept = Kept(epoch)

    def settle(self, epoch: int) -> None:
        """Take an epoch as the committed one: it was read under the lock of a transaction that changed nothing yet."""
        with self._lock:
            self._uncommitted = None
            if epoch != self.kept.epoch:
                self.kept = Kept(epoch)

    def forget(self) -> None:
        """Let go of everything; it is read again when needed."""
        with self._lock:
            self.kept = Kept(self.kept.epoch)


class _Held(NamedTuple, Generic[Key, Value]):
    epoch: int
    found: OrderedDict[Key, Value]


class Opened(Generic[Key, Value]):
    """What was opened with keys, shown for as long as they stay as they were when it was opened."""

    def __init__(self, memory: KeyMemory, most: int) -> None:
        """Keep at most so many."""
        self._memory, self._most = memory, most
        self._held: _Held[Key, Value] = _Held(0, OrderedDict())

    def get(self, key: Key) -> Value | None:
        """Return what is kept, or None."""
        held = self._held
        return held.found.get(key) if held.epoch == self._memory.epoch else None

    def keep(self, epoch: int, key: Key, value: Value) -> None:
        """Keep what was opened with a key that was read at an epoch, unless keys changed since."""
        held = self._held
        if held.epoch != epoch:
            if epoch != self._memory.epoch:
                return
            held = self._held = _Held(epoch, OrderedDict())
        held.found[key] = value
        while len(held.found) > self._most:
            held.found.popitem(last=False)

    def forget(self) -> None:
        """Let go of everything."""
        self._held = _Held(self._memory.epoch, OrderedDict())
