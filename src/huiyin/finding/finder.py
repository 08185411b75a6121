"""Session search as the doors and the worker have it: one side asks, the other keeps the indexes."""

from huiyin.finding.asking import Asking
from huiyin.finding.files import Shelf
from huiyin.finding.indexing import Indexer, Tools
from huiyin.finding.keys import SEALED

__all__ = ["SEALED", "Finder", "Tools"]


class Finder:
    """Both sides; each process uses one of them."""

    def __init__(self, tools: Tools) -> None:
        """Open no index yet."""
        self.shelf = Shelf(tools.folder, tools.reading, tools.sealer)
        self.indexer = Indexer(tools)
        self.asking = Asking(self.shelf)
        self.find = self.asking.find
        self.watch = self.shelf.watch

    def close(self) -> None:
        """Let go of every index; whoever writes goes last, and empties the log of changes."""
        self.shelf.close()
        self.indexer.close()
