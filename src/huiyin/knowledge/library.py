"""The knowledge at hand, built when first needed and again when a shop brings its own."""

from collections.abc import Callable, Mapping

from huiyin.knowledge.packs import shipped_knowledge
from huiyin.knowledge.search import Knowledge


class Library:
    """All knowledge of all shops."""

    def __init__(self, bound: Callable[[], Mapping[str, str]]) -> None:
        """Ask `bound` which pack is written for which shop, by the pack's name."""
        self._ask = bound
        self._bound: Mapping[str, str] = {}
        self._knowledge: Knowledge | None = None

    def get(self) -> Knowledge:
        """Return the knowledge of all shops."""
        bound = self._ask()
        if self._knowledge is None or bound != self._bound:
            self._knowledge, self._bound = shipped_knowledge(bound), bound
        return self._knowledge
