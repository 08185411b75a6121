"""Show a draft to inspection in the hall's terms: the hall stands below the room that knows the rules."""

from huiyin.conversations.gating import GateFinding, GateVerdict, Known
from huiyin.quality.gates import check_draft


def quality_gate(text: str, known: Known) -> GateVerdict:
    """Judge a draft that is about to leave; what is known of the conversation is asked only if it must be."""
    verdict = check_draft(text, own=known.own_numbers)
    return GateVerdict(
        str(verdict.outcome),
        tuple(
            GateFinding(each.rule, each.title, str(each.severity), each.start, each.end, each.reason)
            for each in verdict.findings
        ),
    )
