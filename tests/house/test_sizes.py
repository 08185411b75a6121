"""Small files, guarded tails: 300 lines a file, 50 a function, six parameters; the rest follows."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "huiyin"
MOST_LINES = 300
MOST_FUNCTION_LINES = 50
MOST_PARAMETERS = 6
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "service", "misc"}

# What is over the limit today. A number may only go down, and a line goes when it is no longer needed.
FILE_DEBT: dict[str, int] = {}
FUNCTION_DEBT: dict[str, int] = {}
PARAMETER_DEBT: dict[str, int] = {}

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> list[Path]:
    # A migration is a list of DDL written once and never edited: splitting it would only hide the order.
    return sorted(path for path in PACKAGE.rglob("*.py") if "migrations/versions" not in path.as_posix())


def functions() -> list[tuple[str, FunctionNode]]:
    return [
        (f"{path.relative_to(PACKAGE).as_posix()}::{node.name}", node)
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, FunctionNode)
    ]


def check(measured: dict[str, int], debt: dict[str, int], most: int, advice: str) -> None:
    grown = [
        f"{name}: {size}, allowed {max(most, debt.get(name, 0))}"
        for name, size in measured.items()
        if size > max(most, debt.get(name, 0))
    ]
    assert not grown, "\n".join([advice, *grown])
    paid = [
        f"{name}: lower the debt from {owed} to {measured.get(name, 0)}, or drop the line"
        for name, owed in debt.items()
        if measured.get(name, 0) < owed
    ]
    assert not paid, "\n".join(["well done; write it down so that it stays:", *paid])


def test_files_are_small() -> None:
    measured = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()
    }
    check(measured, FILE_DEBT, MOST_LINES, f"over {MOST_LINES} lines; split by verb, not by layer:")


def test_functions_are_small() -> None:
    measured = {name: (node.end_lineno or node.lineno) - node.lineno + 1 for name, node in functions()}
    check(measured, FUNCTION_DEBT, MOST_FUNCTION_LINES, f"over {MOST_FUNCTION_LINES} lines; name its steps:")


def test_functions_take_few_parameters() -> None:
    measured = {}
    for name, node in functions():
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        measured[name] = len([one for one in given if one.arg not in {"self", "cls"}])
    advice = f"over {MOST_PARAMETERS} parameters; make those that travel together a type:"
    check(measured, PARAMETER_DEBT, MOST_PARAMETERS, advice)


def test_files_are_named_for_what_they_do() -> None:
    vague = [
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.stem in FORBIDDEN_NAMES and (path.is_dir() or path.suffix == ".py")
    ]
    assert not vague, f"these names say nothing; name the file for its verb: {vague}"


@pytest.mark.parametrize(
    ("measured", "debt", "says"),
    [
        pytest.param({"a.py": 301}, {}, "allowed 300", id="too long and not owed"),
        pytest.param({"a.py": 341}, {"a.py": 340}, "allowed 340", id="debt has grown"),
        pytest.param({"a.py": 320}, {"a.py": 340}, "lower the debt", id="debt was paid in part"),
        pytest.param({"a.py": 200}, {"a.py": 340}, "lower the debt", id="debt was paid"),
        pytest.param({}, {"a.py": 340}, "lower the debt", id="the file is gone"),
    ],
)
def test_the_debt_list_may_only_shrink(measured: dict[str, int], debt: dict[str, int], says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        check(measured, debt, MOST_LINES, "advice")
