"""Our own rules catch what they should, let pass what they should, and say what is right instead."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from lint import rules
from lint.findings import Rule, Source
from lint.words import PLACES, REGISTRIES, find_words

ROOT = Path(__file__).resolve().parents[2]


def findings(rule: Rule, text: str, path: str = "quality/gate.py") -> list[str]:
    source = Source.read(f"src/huiyin/{path}", textwrap.dedent(text))
    return [str(finding) for finding in rule(source)]


TRY = """
try:
    work()
except {caught}:
    {then}
"""


@pytest.mark.parametrize(
    ("caught", "then", "refused"),
    [
        pytest.param("Exception", "pass", True, id="everything swallowed"),
        pytest.param("Exception as error", "log.error(error)", True, id="everything logged"),
        pytest.param("(ValueError, BaseException)", "pass", True, id="everything in a tuple"),
        pytest.param("BaseException", "undo(); raise", False, id="undone and raised again"),
        pytest.param("Exception as error", "raise Other from error", True, id="everything renamed"),
        pytest.param("TemporaryError", "pass", False, id="the error one expects"),
    ],
)
def test_no_catch_all(caught: str, then: str, refused: bool) -> None:
    found = findings(rules.no_catch_all, TRY.format(caught=caught, then=then))
    assert bool(found) is refused
    assert all("TemporaryError" in one for one in found)


@pytest.mark.parametrize("path", sorted(rules.CATCH_ALL))
def test_the_listed_places_may_catch_all(path: str) -> None:
    assert not findings(rules.no_catch_all, TRY.format(caught="Exception", then="pass"), path)


@pytest.mark.parametrize(
    ("call", "refused"),
    [
        ("datetime.now(UTC)", True),
        ("datetime.datetime.now()", True),
        ("datetime.utcnow()", True),
        ("date.today()", True),
        ("time.time()", True),
        ("time.time_ns()", True),
        ("field(default_factory=datetime.now)", True),
        ("clock.now()", False),
        ("self.clock.now()", False),
        ("time.monotonic()", False),
        ("datetime.fromtimestamp(0, UTC)", False),
    ],
)
def test_the_clock_is_handed_in(call: str, refused: bool) -> None:
    found = findings(rules.clock_is_handed_in, call)
    assert bool(found) is refused
    assert all("clock.now()" in one for one in found)


def test_the_kernels_clock_reads_the_machine() -> None:
    assert not findings(rules.clock_is_handed_in, "datetime.now(UTC)", "kernel/clock.py")


def test_only_the_event_log_commits() -> None:
    found = findings(rules.only_the_log_commits, "uow.connection.commit()")
    assert "unit of work" in found[0]
    assert not findings(rules.only_the_log_commits, "connection.commit()", "eventlog/writer.py")


@pytest.mark.parametrize("word", sorted(rules.PERSONAL))
@pytest.mark.parametrize("owner", ["log", "logger", "self._log"])
def test_nothing_personal_in_logs(owner: str, word: str) -> None:
    found = findings(rules.nothing_personal_in_logs, f'{owner}.info("conversations.received", {word}=it)')
    assert f"{word}=" in found[0]


@pytest.mark.parametrize(
    "call",
    [
        'log.info("conversations.routed", conversation=one, desk=two)',
        "mail.send(body=it)",
        "msgspec.json.encode(text)",
    ],
)
def test_ids_in_logs_and_words_elsewhere_are_fine(call: str) -> None:
    assert not findings(rules.nothing_personal_in_logs, call)


@pytest.mark.parametrize(
    ("comment", "refused"),
    [
        ("# noqa", True),
        ("# noqa: S311", True),
        ("# type: ignore", True),
        ("# type: ignore[arg-type]", True),
        ("# noqa: S311  # dice for a make-believe customer", False),
        ("# type: ignore[arg-type]  # no error means the verb returned", False),
        ("# an ordinary comment", False),
    ],
)
def test_suppressions_have_reasons(comment: str, refused: bool) -> None:
    assert bool(findings(rules.suppressions_have_reasons, f"x = 1  {comment}\n")) is refused


@pytest.mark.parametrize("word", [*REGISTRIES, *PLACES])
def test_no_file_names_a_machine(word: str) -> None:
    found = list(find_words("docs/page.md", f"one line\nsee {word} there\n"))
    assert [one.line for one in found] == [2]


def test_the_house_keeps_its_rules() -> None:
    command = [sys.executable, "-m", "lint"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
