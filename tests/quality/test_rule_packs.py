"""Every shipped rule proves itself by its own examples."""

import pytest

from huiyin.channels.port import Sender
from huiyin.quality.gates import shipped_inspector
from huiyin.quality.rules import Rule, Side, shipped_packs

RULES = [rule for pack in shipped_packs() for rule in pack.rules]
HITS = [pytest.param(rule, said, id=f"{rule.id}: {said}") for rule in RULES for said in rule.examples.hit]
MISSES = [pytest.param(rule, said, id=f"{rule.id}: {said}") for rule in RULES for said in rule.examples.miss]


def found(rule: Rule, said: str) -> list[str]:
    """Return the words this rule finds in a sentence."""
    side = Sender.CUSTOMER if rule.side is Side.CUSTOMER else Sender.AGENT
    inspection = shipped_inspector().inspect(said, side)
    return [said[one.start : one.end] for one in inspection.findings if one.rule == rule.id]


@pytest.mark.parametrize(("rule", "said"), HITS)
def test_a_rule_finds_what_it_is_for(rule: Rule, said: str) -> None:
    assert found(rule, said)


@pytest.mark.parametrize(("rule", "said"), MISSES)
def test_a_rule_lets_ordinary_words_pass(rule: Rule, said: str) -> None:
    assert found(rule, said) == []


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])
def test_a_rule_has_three_examples_of_each_kind(rule: Rule) -> None:
    assert len(rule.examples.hit) >= 3
    assert len(rule.examples.miss) >= 3
