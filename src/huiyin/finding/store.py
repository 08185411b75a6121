"""The index: one encrypted file a tenant, derived from what the hall keeps and thrown away at any time.

The file is SQLCipher's: AES-256 and a keyed hash for each page, its key drawn by lot (`keys.py`). One row in `words`
is one session, what each side said in a column of its own, and its marks: shop, people, state. A row's place is made
of the moment the session began, so that the newest come first by the order in which they lie, a span of days is a
span of places, and a page goes on where the last one ended whatever was said meanwhile.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlcipher3 import dbapi2 as cipher

from huiyin.eventlog.schema import metadata
from huiyin.finding.tokens import BETWEEN, VERSION, Stretch, words

FORM = f"1.{VERSION}"
"""The form of the file and of its tokens; another one is built anew."""
SIDES = ("customer", "agent", "bot")
"""Whose words are found, each side in a column of its own."""
MARK = "\ue001"
PLACE_BITS = 20
CACHE_KIB = 64 * 1024
BUSY_MS = 5_000
_PASSING = ("locked", "busy", "full", "unable to open", "readonly", "interrupted", "out of memory")
"""What the driver says of troubles that pass, and that a file made anew would have, too."""
_ALWAYS = (f"cache_size = -{CACHE_KIB}", f"busy_timeout = {BUSY_MS}", "temp_store = MEMORY")
_WRITING = ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON")

search_index = sa.Table(
    "search_index",
    metadata,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("key_sealed", sa.LargeBinary, nullable=False),
    sa.Column("made_at", sa.BigInteger, nullable=False),
)
"""In the house's own database: the key of each tenant's index, sealed under a data key of that tenant."""

_TABLES = (
    "CREATE TABLE progress (name TEXT PRIMARY KEY, value) WITHOUT ROWID",
    """CREATE TABLE session (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, shop TEXT NOT NULL,
       ended INTEGER NOT NULL, people TEXT NOT NULL, origin TEXT NOT NULL, state TEXT NOT NULL, risk TEXT NOT NULL)""",
    "CREATE TABLE said (place INTEGER PRIMARY KEY, messages BLOB NOT NULL)",
    # Without content of its own: what was said stands in `said` once, and is cut again to take a row away.
    """CREATE VIRTUAL TABLE words USING fts5 (customer, agent, bot, marks, content='', columnsize=0, prefix='1',
       tokenize='ascii')""",
    "INSERT INTO words (words, rank) VALUES ('secure-delete', 1)",
)

Damaged = cipher.DatabaseError
"""What the driver raises of a file that is none, or not under this key; its subclasses say other things."""


class Said(msgspec.Struct, frozen=True, array_like=True):
    """One message as it is found and shown: masked; `hidden` are its masks, which nothing finds."""

    side: str
    at: int
    text: str
    hidden: tuple[Stretch, ...] = ()


class Session(NamedTuple):
    """One session as the index keeps it. `ended` is far in the future while it is open."""

    id: str
    shop: str
    opened_at: int
    ended: int
    people: tuple[str, ...]
    origin: str
    state: str
    risk: str
    said: tuple[Said, ...]


NEWEST = "~"
"""Above every id: where building begins, towards older ones."""
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[Said, ...])


def mark(kind: str, value: str) -> str:
    """Return the token that marks a session as of a shop, a person, a state, an origin or a risk."""
    return f"{MARK}{kind}{value}"


def connect(file: Path, key: bytes, *, writing: bool) -> Any:  # noqa: ANN401  # the driver ships no types
    """Open an index file; that it is none, or not under this key, the driver may notice only later.

    Raises:
        Damaged: it noticed.

    """
    if writing:
        file.touch(mode=0o600)
    mode = "rw" if writing else "ro"
    opened = cipher.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True, check_same_thread=False)
    opened.isolation_level = None
    try:
        opened.execute("PRAGMA cipher_log_level = NONE")
        opened.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for pragma in _ALWAYS + (_WRITING if writing else ()):
            opened.execute(f"PRAGMA {pragma}")
    except cipher.Error:
        opened.close()
        raise
    return opened


def is_damaged(error: Exception) -> bool:
    """Tell whether the driver says that a file is no index, or is torn: never that it is busy or the disk is full.

    A torn page inside the index of words comes as an operational error; so does a file without the tables.
    """
    return type(error) is Damaged or (
        isinstance(error, cipher.OperationalError) and not any(each in str(error) for each in _PASSING)
    )


def make(opened: Any) -> None:  # noqa: ANN401  # as above
    """Make the tables of a new file, inside a transaction."""
    for statement in _TABLES:
        opened.execute(statement)
    write_progress(opened, form=FORM)


def progress(opened: Any) -> dict[str, Any]:  # noqa: ANN401  # as above
    """Return what is known of how far the index came."""
    return dict(opened.execute("SELECT name, value FROM progress"))


def write_progress(opened: Any, **values: object) -> None:  # noqa: ANN401  # as above
    """Note how far it came."""
    opened.executemany("INSERT OR REPLACE INTO progress VALUES (?, ?)", list(values.items()))


def put(opened: Any, session: Session) -> None:  # noqa: ANN401  # as above
    """Keep a session as it is now, in place of how it was; one in which nothing is said to be found is taken away."""
    take_away(opened, session.id)
    if not session.said:
        return
    place = _free_place(opened, session)
    opened.execute(
        "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (place, session.id, session.shop, session.ended, ",".join(session.people), session.origin, session.state,
         session.risk),
    )  # fmt: skip
    opened.execute("INSERT INTO said VALUES (?, ?)", (place, _encoder.encode(session.said)))
    opened.execute(
        "INSERT INTO words (rowid, customer, agent, bot, marks) VALUES (?, ?, ?, ?, ?)",
        (place, *_columns(session.said), _marks(session)),
    )


def take_away(opened: Any, session: str) -> None:  # noqa: ANN401  # as above
    """Take a session away, down to the bytes of its words."""
    row = opened.execute("SELECT * FROM session WHERE id = ?", (session,)).fetchone()
    if row is None:
        return
    place, name, shop, ended, people, origin, state, risk = row
    said = messages(opened, (place,))[place]
    known = Session(name, shop, 0, ended, tuple(filter(None, people.split(","))), origin, state, risk, said)
    opened.execute(
        "INSERT INTO words (words, rowid, customer, agent, bot, marks) VALUES ('delete', ?, ?, ?, ?, ?)",
        (place, *_columns(said), _marks(known)),
    )
    opened.execute("DELETE FROM said WHERE place = ?", (place,))
    opened.execute("DELETE FROM session WHERE place = ?", (place,))


def messages(opened: Any, places: Sequence[int]) -> dict[int, tuple[Said, ...]]:  # noqa: ANN401  # as above
    """Return what was said in sessions, by their places."""
    holes = ",".join("?" * len(places))
    rows = opened.execute(f"SELECT place, messages FROM said WHERE place IN ({holes})", tuple(places))  # noqa: S608  # question marks alone
    return {place: _decoder.decode(body) for place, body in rows}


def place_of(moment: int) -> int:
    """Return the first place of sessions that began at a moment, in milliseconds."""
    return moment << PLACE_BITS


def moment_of(place: int) -> int:
    """Return when the session at a place began, in milliseconds."""
    return place >> PLACE_BITS


def _free_place(opened: Any, session: Session) -> int:  # noqa: ANN401  # as above
    last = (1 << PLACE_BITS) - 1
    within = int(session.id[-5:], 16) & last
    while True:
        place = place_of(session.opened_at) + within
        if opened.execute("SELECT 1 FROM session WHERE place = ?", (place,)).fetchone() is None:
            return place
        within = (within + 1) & last


def _columns(said: Sequence[Said]) -> list[str]:
    between = f" {BETWEEN} "
    return [between.join(words(each.text, each.hidden) for each in said if each.side == side) for side in SIDES]


def _marks(session: Session) -> str:
    marks = [
        mark("shop", session.shop), mark("origin", session.origin), mark("state", session.state),
        mark("risk", session.risk), *(mark("person", each) for each in session.people),
    ]  # fmt: skip
    return " ".join(marks)
