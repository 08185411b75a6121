"""No raw name reaches a screen: the console has its own word for every code the server writes."""

import ast
import re
from pathlib import Path

import pytest

import listeners
from huiyin.audit.findings import WORDS
from huiyin.audit.writing import ACTION
from huiyin.conversations.revealing import PURPOSES
from huiyin.eventlog.events import kind_of
from huiyin.kernel.actors import ActorKind, Role
from huiyin.security.detecting.spans import KINDS
from huiyin.wiring import EVENT_TYPES

ROOT = Path(__file__).resolve().parents[2]
I18N = ROOT / "console" / "src" / "i18n"


@pytest.fixture(scope="module")
def words() -> set[str]:
    text = "\n".join(page.read_text(encoding="utf-8") for page in sorted(I18N.glob("zh*.ts")))
    return set(re.findall(r'^ +"([\w.:]+)":', text, re.MULTILINE))


def test_no_word_is_said_twice() -> None:
    said = [
        word
        for page in sorted(I18N.glob("zh*.ts"))
        for word in re.findall(r'^ +"?([\w.:]+)"?:', page.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert sorted({word for word in said if said.count(word) > 1}) == [], "the later one silently wins"


def test_every_event_has_a_word(words: set[str]) -> None:
    missing = [kind_of(each) for each in EVENT_TYPES if f"event.{kind_of(each)}" not in words]
    assert not missing, f"add them to console/src/i18n/zh.events.ts and en.events.ts: {missing}"


def test_every_listener_has_a_word_and_says_what_stands_still_without_it(words: set[str]) -> None:
    wanted = {f"{group}.{name}" for name in listeners.listeners() for group in ("listener", "listenerwhy")}
    assert not wanted - words, "add them to console/src/i18n/zh.events.ts and en.events.ts"


def test_every_kind_of_personal_data_and_every_purpose_of_seeing_it_has_a_word(words: set[str]) -> None:
    wanted = {f"hidden.{kind}" for kind in KINDS} | {f"purpose.{purpose}" for purpose in PURPOSES}
    assert not wanted - words, "add them to console/src/i18n/zh.security.ts and en.security.ts"


def test_every_role_has_a_word_and_a_sentence_for_what_it_may(words: set[str]) -> None:
    wanted = {f"{group}.{role}" for role in Role for group in ("role", "rolewhy")}
    assert not wanted - words, "add them to console/src/i18n/zh.people.ts and en.people.ts"


def actions() -> set[str]:
    """Return every action that is written down somewhere, read from the sources of whoever writes entries."""
    found: set[str] = set()
    for page in sorted((ROOT / "src" / "huiyin").rglob("*.py")):
        text = page.read_text(encoding="utf-8")
        if "huiyin.audit.writing" not in text and page.parent.name != "audit":
            continue
        tree = ast.parse(text)
        logged = {
            id(given)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("log.")
            for given in call.args
        }
        found |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in logged
            and ACTION.fullmatch(node.value) and not node.value.endswith((".jsonl", ".pem"))
        }  # fmt: skip
    return found


def test_every_action_of_the_audit_has_a_word(words: set[str]) -> None:
    written = actions()
    assert {"session.opened", "second_factor.shown", "personal_data.revealed", "audit.verified"} <= written
    missing = {action for action in written if f"action.{action}" not in words}
    assert not missing, f"add them to console/src/i18n/zh.audit.ts and en.audit.ts: {sorted(missing)}"


def test_every_finding_of_a_verification_has_a_word_and_says_what_to_do(words: set[str]) -> None:
    wanted = {f"{group}.{code}" for code in WORDS for group in ("auditfinding", "auditdo")}
    wanted |= {f"actorkind.{kind}" for kind in ActorKind}
    assert not wanted - words, "add them to console/src/i18n/zh.audit.ts and en.audit.ts"
