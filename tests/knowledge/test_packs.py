"""The shipped packs keep their own promises."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from huiyin.kernel.errors import InvalidError
from huiyin.knowledge.clauses import Status
from huiyin.knowledge.folding import fold
from huiyin.knowledge.packs import (
    Pack,
    clauses_of,
    entries_of,
    read_yaml,
    shipped,
    shipped_ear,
    shipped_knowledge,
)

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
LINES = [words for pack in shipped() for words in pack.signals]


def test_what_is_in_force_by_law_was_read_at_its_source() -> None:
    for clause in clauses_of(shipped()):
        if clause.id.startswith("law."):
            assert (clause.status is Status.IN_FORCE) == (clause.verified_at is not None), clause.id


def test_platform_templates_are_never_in_force() -> None:
    platform = [clause for clause in clauses_of(shipped()) if clause.id.startswith("jd.")]
    assert platform
    assert {clause.status for clause in platform} == {Status.TO_CONFIRM}


def test_platform_templates_state_no_numbers() -> None:
    for clause in clauses_of(shipped()):
        if clause.id.startswith("jd."):
            assert not any(mark.isdigit() for mark in clause.text), clause.text


def test_every_cited_clause_exists_and_covers_the_shop() -> None:
    known = {clause.id: clause for clause in clauses_of(shipped())}
    for entry in entries_of(shipped()):
        for cited in entry.cites:
            assert known[cited].scope.covers(entry.shop), (entry.id, cited)


def test_every_hole_in_an_answer_is_a_cited_clause() -> None:
    for entry in entries_of(shipped()):
        holes = {part.split("}")[0] for part in entry.answer.split("{")[1:]}
        assert holes <= set(entry.cites), entry.id


def test_every_phrasing_finds_its_own_entry() -> None:
    knowledge = shipped_knowledge()
    for entry in entries_of(shipped()):
        for ask in entry.asks:
            hits = knowledge.search(ask, entry.shop or "some-shop", NOW)
            assert hits, ask
            assert hits[0].entry.id == entry.id, (ask, hits[0].entry.id)


def test_every_phrasing_fits_its_own_entry() -> None:
    unfit = [(entry.id, ask) for entry in entries_of(shipped()) for ask in entry.asks if not entry.fits(fold(ask))]
    assert unfit == []


def test_demo_shops_can_be_bound_to_real_ids() -> None:
    knowledge = shipped_knowledge({"demo-digital": "shop-17"})
    found = knowledge.search("什么时候发货", "shop-17", NOW)[0]
    assert found.entry.id == "digital.shipping.when"
    assert knowledge.evidence(found.entry, NOW)


@pytest.mark.parametrize("words", [pytest.param(line, id=line.kind.value) for line in LINES])
def test_a_signal_is_heard_where_it_is_meant_and_only_there(words: object) -> None:
    line = next(line for line in LINES if line is words)
    for said in line.hit:
        assert line.kind in {signal.kind for signal in shipped_ear().hear(said)}, said
    for said in line.miss:
        assert line.kind not in {signal.kind for signal in shipped_ear().hear(said)}, said


@pytest.mark.parametrize(
    ("written", "says"),
    [
        pytest.param("pack: x\ntitle: y\nclauses: [{id: 7}]", r"clauses\[0\]", id="a wrong field"),
        pytest.param("pack: [", "broken.yaml", id="no YAML"),
        pytest.param("pack: x\ntitle: y\nclause: []", "clause", id="a misspelt field"),
    ],
)
def test_a_broken_pack_names_file_and_line(tmp_path: Path, written: str, says: str) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(written, encoding="utf-8")
    with pytest.raises(InvalidError, match=says):
        read_yaml(broken, Pack)
