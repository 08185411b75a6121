"""Examples for the API document: what a program sends, and what it is answered.

Walks in: nothing. Walks out: an example for each operation that a token opens. Not here: how operations refuse
(`web/documenting.py`). Each is held against the document's own shape by tests/walks/test_examples.py, and that no
operation of a token lacks one. Made up, all of them. A value that may be null is shown with one: the document's writer
leaves nulls out.
"""

from collections.abc import Mapping
from typing import Any

from litestar.openapi.spec import Operation

from huiyin.web.examples import account, desk, figures, outside, records
from huiyin.web.examples.afternoon import Shown

EXAMPLES: Mapping[str, Shown] = {
    **account.EXAMPLES, **desk.EXAMPLES, **figures.EXAMPLES, **records.EXAMPLES, **outside.EXAMPLES,
}  # fmt: skip

__all__ = ["EXAMPLES", "Shown", "show"]


def show(operation: Operation, shown: Shown) -> None:
    """Write an example into an operation."""
    answers: dict[str, Any] = operation.responses or {}
    for media in answers[shown.status].content.values():
        media.example = shown.answered
    asked: Any = operation.request_body
    if shown.sent is not None:
        for media in asked.content.values():
            media.example = shown.sent
