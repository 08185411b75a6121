"""Look at a draft before it leaves: let it pass, warn the writer, or hold it."""

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from huiyin.channels.port import Sender
from huiyin.knowledge.folding import fold
from huiyin.quality.inspecting import Finding, Inspector, Outcome, outcome_of
from huiyin.quality.rules import shipped_packs

_NUMBER = re.compile(r"\d[\d\- ]{4,}[\dx]|[0-9a-z._-]+@[0-9a-z.-]+")
_PERSONAL = "privacy."


class GateVerdict(msgspec.Struct, frozen=True):
    """What happens to a draft, and the findings that say why."""

    outcome: Outcome
    findings: tuple[Finding, ...]


@lru_cache(maxsize=1)
def shipped_inspector() -> Inspector:
    """Return the inspector for the shipped packs."""
    return Inspector(shipped_packs())


def numbers_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the numbers and addresses a customer wrote in their own messages, as `check_draft` compares them."""
    return frozenset(_bare(found) for text in texts for found in _NUMBER.findall(fold(text)))


def _bare(words: str) -> str:
    return "".join(mark for mark in words if mark not in "- ")


def check_draft(
    text: str,
    *,
    side: Sender = Sender.AGENT,
    own: frozenset[str] = frozenset(),
    inspector: Inspector | None = None,
) -> GateVerdict:
    """Judge a reply before it is sent.

    `own` holds numbers that may be said in this conversation: the customer's own (see `numbers_in`) and the
    shop's published hotlines. A personal number outside of it is somebody else's.
    """
    inspection = (inspector or shipped_inspector()).inspect(text, side)
    if not inspection.findings:
        return GateVerdict(Outcome.PASS, ())
    folded = fold(text)
    counted = tuple(
        finding
        for finding in inspection.findings
        if not (finding.rule.startswith(_PERSONAL) and _bare(folded[finding.start : finding.end]) in own)
    )
    return GateVerdict(outcome_of(counted), counted)
