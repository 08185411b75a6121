"""Find the standard question behind a customer's words, and say how sure we are; refuse rather than guess."""

import math
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
import rjieba
import tantivy

from huiyin.kernel.units import Share
from huiyin.knowledge.clauses import Clause, KnowledgeBase
from huiyin.knowledge.entries import Entry
from huiyin.knowledge.folding import fold, gist

SURE: Share = Share(0.66)
"""The refusal line: below it a hit is no basis for an answer. Set by reading answers to real customers'
messages: above the line about nine in ten were right, between 0.60 and 0.66 about half."""

_LONGEST = 200  # characters; a longer text is a story, its beginning tells the topic
_CANDIDATES = 12
_REMEMBERED = 4096
_UNKNOWN = 0.45  # a word no phrasing ever used counts as this part of the rarest known word


class Hit(msgspec.Struct, frozen=True):
    """A standard question found: `score` is the confidence 0 to 1, `matched` the phrasing that won."""

    entry: Entry
    score: Share
    matched: str


def tokens_of(text: str) -> frozenset[str]:
    """Return the words and the character pairs of a gist."""
    found: set[str] = set()
    for part in text.split():
        found.update(word for word in rjieba.cut(part) if len(word) > 1 or part == word)
        found.update(part[at : at + 2] for at in range(len(part) - 1))
    return frozenset(found)


class Shelf:
    """The standard questions one shop answers, indexed in memory."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Index every phrasing of `entries`."""
        self._asks = [(entry, ask, gist(ask)) for entry in entries for ask in entry.asks]
        self._tokens = [tokens_of(plain) for _, _, plain in self._asks]
        self._exact = {plain: at for at, (_, _, plain) in enumerate(self._asks) if plain}
        self._weights = self._weigh()
        self._rarest = max(self._weights.values(), default=1.0)
        self._mass = [sum(self._weights[token] for token in tokens) for tokens in self._tokens]
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("ask", stored=True)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        self._fill()
        self._searcher = self._index.searcher()

    def _weigh(self) -> dict[str, float]:
        count: dict[str, int] = {}
        for tokens in self._tokens:
            for token in tokens:
                count[token] = count.get(token, 0) + 1
        total = len(self._tokens) + 1
        return {token: math.log(total / seen) + 0.5 for token, seen in count.items()}

    def _fill(self) -> None:
        with self._index.writer(15_000_000, 1) as writer:
            for at, tokens in enumerate(self._tokens):
                document = tantivy.Document()
                document.add_text("body", " ".join(sorted(tokens)))
                document.add_unsigned("ask", at)
                writer.add_document(document)
        self._index.reload()

    def _candidates(self, known: Iterable[str]) -> list[int]:
        should = tantivy.Occur.Should
        terms = [(should, tantivy.Query.term_query(self._schema, "body", token, "freq")) for token in known]
        found = self._searcher.search(tantivy.Query.boolean_query(terms), _CANDIDATES, count=False).hits
        return [self._searcher.doc(address)["ask"][0] for _, address in found]

    def _sureness(self, asked: frozenset[str], asked_mass: float, at: int) -> float:
        """Weigh what the question and the phrasing share against what each says alone."""
        weights = self._weights
        shared = sum(weights[token] for token in asked & self._tokens[at])
        if not shared:
            return 0.0
        return float((shared / self._mass[at]) ** 0.55 * (shared / asked_mass) ** 0.45)

    def find(self, folded: str, at: datetime, limit: int) -> list[Hit]:
        """Return the best entries for a folded question, best first, one hit per entry."""
        plain = gist(folded)
        asked = tokens_of(plain)
        known = [token for token in asked if token in self._weights]
        exact = self._exact.get(plain)
        if not known and exact is None:
            return []
        mass = sum(self._weights.get(token, _UNKNOWN * self._rarest) for token in asked)
        best: dict[str, Hit] = {}
        for number in [*([] if exact is None else [exact]), *(self._candidates(known) if known else [])]:
            entry, ask, written = self._asks[number]
            if not entry.valid(at) or not entry.fits(folded):
                continue
            score = 1.0 if written == plain else min(0.99, self._sureness(asked, mass, number))
            if entry.id not in best or score > best[entry.id].score:
                best[entry.id] = Hit(entry, Share(score), ask)
        return sorted(best.values(), key=lambda hit: (-hit.score, hit.entry.id))[:limit]


class Knowledge:
    """Clauses and standard questions, searchable per shop; safe to share between threads."""

    def __init__(self, base: KnowledgeBase, entries: Iterable[Entry]) -> None:
        """Index `entries`; a shop sees the common ones, less those it replaces, and its own."""
        self.base = base
        self.entries = tuple(entries)
        self._turns = sorted({m for one in self.entries for m in (one.effective_from, one.effective_to) if m})
        self._shelves: dict[str, Shelf] = {}
        self._own = {entry.shop for entry in self.entries if entry.shop}
        self._lock = threading.Lock()
        self._remembered: OrderedDict[tuple[str, int, int, str], list[Hit]] = OrderedDict()
        for shop in ("", *self._own):
            self._shelves[shop] = Shelf(self.entries_for(shop))

    def entries_for(self, shop: str) -> list[Entry]:
        """Return the standard questions `shop` answers."""
        own = [entry for entry in self.entries if entry.shop == shop and shop]
        replaced = {entry.replaces for entry in own}
        return own + [entry for entry in self.entries if not entry.shop and entry.id not in replaced]

    def search(self, question: str, shop: str, at: datetime, limit: int = 3) -> list[Hit]:
        """Return the standard questions behind `question`, best first; nothing where nothing fits.

        A hit below `SURE` is for people to choose from, not for the bot to answer with.
        """
        folded = fold(question[:_LONGEST]).strip()
        if not folded:
            return []
        shelf = shop if shop in self._own else ""
        key = (shelf, bisect_right(self._turns, at), limit, folded)
        with self._lock:
            remembered = self._remembered.get(key)
            if remembered is not None:
                self._remembered.move_to_end(key)
                return remembered
        found = self._shelves[shelf].find(folded, at, limit)
        with self._lock:
            self._remembered[key] = found
            if len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return found

    def evidence(self, entry: Entry, at: datetime, known_at: datetime | None = None) -> list[Clause] | None:
        """Return the clauses an entry stands on as in force at `at`; None if one of them is not in force."""
        found = [self.base.find_in_force(clause_id, at, known_at) for clause_id in entry.cites]
        clauses = [clause for clause in found if clause is not None and clause.scope.covers(entry.shop)]
        return clauses if len(clauses) == len(entry.cites) else None
