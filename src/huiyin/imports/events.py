"""What happens to imports."""

from huiyin.eventlog.events import Event


class ImportStarted(Event, frozen=True, tag="imports.ImportStarted"):
    """Somebody had a file brought in; `kind` is chats or report."""

    file: str
    kind: str


class ImportEnded(Event, frozen=True, tag="imports.ImportEnded"):
    """A file is in, was stopped, or cannot be read on: `state` is done, stopped or failed."""

    file: str
    state: str
    fresh: int
    repeats: int
    refused: int


ALL: tuple[type[Event], ...] = (ImportStarted, ImportEnded)
"""Every event of this room."""
