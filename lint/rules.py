"""Hold the rules over the syntax trees of src/huiyin. Each lesson names the way that is right here.

Exceptions are lists of files, in this file, with the reason beside them: whoever needs another one writes the
reason where everybody reads it.
"""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from io import StringIO

from lint.findings import Finding, Rule, Source

CATCH_ALL = {
    "web/problems.py": "the error page: every failure becomes one answer that says nothing secret",
    "worker.py": "the worker's loop: a failing event is parked, never skipped",
    "eventlog/listening.py": "the loop that the worker turns",
    "assist/thinking.py": "one customer's turn must not cost the others theirs; a person gets the conversation",
    "web/live.py": "one screen must not end the loops that all screens hang on",
    "web/visitor_socket.py": "one visitor's page must not end the loop that all of them hang on",
    "eventlog/writer.py": "one failing command must not stop the writer; its caller gets the error whole",
}
CLOCK = "kernel/clock.py"
CLOCK_READERS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}
COMMITTER = "eventlog/"
COMMITS_NO_DATABASE = ("knowledge/search.py",)
"""Files whose `commit` belongs to a search index held in memory."""
LOG_NAMES = {"log", "logger", "_log", "_logger"}
LOG_CALLS = {"debug", "info", "warning", "error", "exception", "critical", "bind", "msg"}
PERSONAL = {"text", "body", "content", "message", "phone", "address"}
SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:)(?P<codes>[^#]*)(?P<reason>#\s*\S.*)?")


def names_in(node: ast.expr | None) -> set[str]:
    """Collect the names in an `except` clause: one, or a tuple of them."""
    if isinstance(node, ast.Tuple):
        return {name for part in node.elts for name in names_in(part)}
    return {node.id} if isinstance(node, ast.Name) else set()


def no_catch_all(source: Source) -> Iterator[Finding]:
    """Refuse to catch everything, unless it is raised again at once."""
    if source.inside in CATCH_ALL:
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        last = node.body[-1]
        raised_again = isinstance(last, ast.Raise) and last.exc is None
        everything = node.type is None or names_in(node.type) & {"Exception", "BaseException"}
        if everything and not raised_again:
            lesson = (
                "catch the error you expect (TemporaryError, PermanentError, …); everything is caught at "
                "the outer doors only, the web error page and the standing loops (lint/rules.py, CATCH_ALL)"
            )
            yield Finding(source.path, node.lineno, "no-catch-all", lesson)


def clock_is_handed_in(source: Source) -> Iterator[Finding]:
    """Refuse to read the machine's clock outside the kernel's clock."""
    if source.inside == CLOCK:
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Attribute):
            continue
        owner = node.value
        name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
        if (name, node.attr) in CLOCK_READERS:
            lesson = (
                f"{name}.{node.attr} cannot be replayed: take a `clock: Clock` (huiyin.kernel.clock), call "
                "clock.now(); durations may use time.monotonic()"
            )
            yield Finding(source.path, node.lineno, "clock-is-handed-in", lesson)


def only_the_log_commits(source: Source) -> Iterator[Finding]:
    """Refuse a commit outside the event log."""
    if source.inside.startswith(COMMITTER) or source.inside in COMMITS_NO_DATABASE:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            lesson = (
                "rows and events must be stored together or not at all: write through the unit of work you "
                "were handed; huiyin.eventlog commits it"
            )
            yield Finding(source.path, node.lineno, "only-the-log-commits", lesson)


def nothing_personal_in_logs(source: Source) -> Iterator[Finding]:
    """Refuse log calls whose keywords would carry what people wrote or where they live."""
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
        if name not in LOG_NAMES or node.func.attr not in LOG_CALLS:
            continue
        for keyword in node.keywords:
            if keyword.arg in PERSONAL:
                lesson = (
                    f"{keyword.arg}= would put personal data into the log: log one event and ids, as in "
                    'log.info("conversations.routed", conversation=…, desk=…)'
                )
                yield Finding(source.path, keyword.value.lineno, "nothing-personal-in-logs", lesson)


def suppressions_have_reasons(source: Source) -> Iterator[Finding]:
    """Refuse a suppression that names no code or gives no reason."""
    for token in tokenize.generate_tokens(StringIO(source.text).readline):
        if token.type != tokenize.COMMENT:
            continue
        found = SUPPRESSION.search(token.string)
        if found and not (re.search(r"[A-Za-z]", found["codes"]) and found["reason"]):
            lesson = "name the code and the reason: `# noqa: S311  # dice for a make-believe customer`"
            yield Finding(source.path, token.start[0], "suppressions-have-reasons", lesson)


RULES: tuple[Rule, ...] = (
    no_catch_all,
    clock_is_handed_in,
    only_the_log_commits,
    nothing_personal_in_logs,
    suppressions_have_reasons,
)
