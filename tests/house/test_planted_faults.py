"""Every harness that guards something is itself tried with a fault planted on purpose; here stands where."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]

PLANTED = {
    "a dropped tenant filter": "walks/test_matrix.py::test_the_harness_sees_a_tenant_filter_that_was_dropped",
    "a missing row of rights": "walks/test_matrix.py::test_a_route_without_a_right_keeps_the_application_from_starting",
    "a skipped seal": "walks/test_nothing_in_the_clear.py::test_a_seal_that_is_skipped_is_found",
    "a nonce used twice": "walks/test_nothing_in_the_clear.py::test_a_nonce_that_is_used_twice_is_found",
    "a cut chain": "bench/test_faults_are_caught.py::test_the_audit_finds_a_cut_chain_and_nothing_in_a_whole_one",
    "a tampered entry": "audit/test_verifying.py::test_a_tampering_is_found_where_it_is",
    "a dropped CSRF check": "walks/test_planted.py::test_the_harness_sees_a_dropped_check_of_where_writes_come_from",
    "a forgotten escape at the door":
        "walks/test_injection.py::test_the_harness_sees_a_page_that_writes_what_it_is_told",
    "a forgotten escape on the screen":
        "browser/test_injection.py::test_the_harness_sees_a_page_that_takes_words_for_markup",
    "words that became SQL": "walks/test_injection.py::test_the_harness_sees_words_that_became_part_of_a_statement",
    "an answer the document does not know":
        "walks/test_schema.py::test_the_harness_sees_an_answer_that_is_not_in_the_document",
    "a pattern that backtracks": "house/test_patterns.py::test_the_harness_sees_a_pattern_that_backtracks",
    "a secret in the repository": "house/test_supply.py::test_the_search_finds_a_planted_secret",
    "a frame without end": "walks/test_planted.py::test_the_harness_sees_a_frame_without_end_that_is_taken",
    "a screen that is shown too much":
        "walks/test_planted.py::test_the_harness_sees_a_screen_that_is_shown_what_is_somebody_elses",
    "guesses that cost nothing": "walks/test_planted.py::test_the_harness_sees_guesses_that_cost_nothing",
    "a connection held for ever": "walks/test_planted.py::test_the_harness_sees_a_connection_that_is_held_for_ever",
    "a redirect that is followed": "channels/test_posting.py::test_the_harness_sees_a_redirect_that_is_followed",
    "a header that is missing": "walks/test_planted.py::test_the_harness_sees_an_answer_that_is_not_dressed",
}  # fmt: skip


@pytest.mark.parametrize("fault", PLANTED)
def test_the_control_of_each_harness_is_there(fault: str) -> None:
    file, _, name = PLANTED[fault].partition("::")
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    tests = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert name in tests, f"the control for {fault} is gone: plant the fault anew and name it here"
