"""No raw name reaches a screen: the console has its own word for every code the server writes."""

import ast
import re
from pathlib import Path

import pytest

import listeners
from huiyin.audit.findings import WORDS
from huiyin.audit.writing import ACTION
from huiyin.cli.saying import ROLES
from huiyin.conversations.revealing import PURPOSES
from huiyin.eventlog.events import kind_of
from huiyin.insight.figures import OPEN_NOW, REGISTRY
from huiyin.insight.measures import UNKNOWN_PART, NotKept
from huiyin.kernel.actors import ActorKind, Role
from huiyin.policy.deciding import ROWS, may_be_scope
from huiyin.security.detecting.spans import KINDS
from huiyin.wiring import EVENT_TYPES

ROOT = Path(__file__).resolve().parents[2]
I18N = ROOT / "console" / "src" / "i18n"


@pytest.fixture(scope="module")
def words() -> set[str]:
    text = "\n".join(page.read_text(encoding="utf-8") for page in sorted(I18N.glob("zh*.ts")))
    return set(re.findall(r'^ +"([\w.:-]+)":', text, re.MULTILINE))


def test_no_word_is_said_twice() -> None:
    said = [
        word
        for page in sorted(I18N.glob("zh*.ts"))
        for word in re.findall(r'^ +"?([\w.:-]+)"?:', page.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert sorted({word for word in said if said.count(word) > 1}) == [], "the later one silently wins"


def test_the_terminal_calls_roles_what_the_screens_call_them() -> None:
    page = (I18N / "zh.people.ts").read_text(encoding="utf-8")
    assert ROLES.keys() == set(Role)
    assert [role for role, said in ROLES.items() if f'"role.{role}": "{said}"' not in page] == []


def test_every_figure_has_a_word_and_every_reason_for_not_knowing_one(words: set[str]) -> None:
    reasons = {UNKNOWN_PART, *(each.measure.why for each in REGISTRY if isinstance(each.measure, NotKept))}
    wanted = {f"figure.{each.key}" for each in REGISTRY} | {f"figurewhy.{each}" for each in reasons}
    assert not wanted - words, "add them to console/src/i18n/zh.wall.ts and en.wall.ts"


def test_a_figure_is_called_in_workbooks_what_the_screens_call_it() -> None:
    page = (I18N / "zh.wall.ts").read_text(encoding="utf-8")
    called = {each.key: each.definition.partition("：")[0] for each in REGISTRY if each.key not in OPEN_NOW}
    assert called.pop("sessions") == "会话", "of today on the wall, of some days elsewhere"
    assert [key for key, name in called.items() if f'"figure.{key}": "{name}"' not in page] == []


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


def test_every_part_of_huiyin_that_acts_and_every_right_has_a_word(words: set[str]) -> None:
    pages = [page.read_text(encoding="utf-8") for page in (ROOT / "src" / "huiyin").rglob("*.py")]
    parts = {name for text in pages for name in re.findall(r'\bsystem\("([\w-]+)"\)', text)}
    assert {"door", "witness"} <= parts
    assert not {f"part.{each}" for each in parts} - words, "add them to zh.details.ts and en.details.ts"
    bare = {right for right in map(str, ROWS) if not {f"scope.{right}", f"right.{right}"} & words}
    assert not bare, f"add them to zh.details.ts and en.details.ts: {bare}"


def test_every_finding_of_a_verification_has_a_word_and_says_what_to_do(words: set[str]) -> None:
    wanted = {f"{group}.{code}" for code in WORDS for group in ("auditfinding", "auditdo")}
    wanted |= {f"actorkind.{kind}" for kind in ActorKind}
    assert not wanted - words, "add them to console/src/i18n/zh.audit.ts and en.audit.ts"


def test_every_scope_of_a_token_has_a_word_and_stands_in_the_docs(words: set[str]) -> None:
    scopes = {str(right) for right in ROWS if may_be_scope(right)}
    assert not {f"scope.{each}" for each in scopes} - words, "add them to zh.session.ts and en.session.ts"
    offered = {each.removeprefix("scope.") for each in words if each.startswith("scope.")} - {"other"}
    assert offered <= scopes, "the page would offer what every token is refused"
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert not {each for each in scopes if f"| `{each}` |" not in page}, "add them to the scopes in docs/api.md"


SCREENED = (
    "org",
    "connections/opening.py",
    "connections/platforms.py",
    "conversations",
    "policy",
    "web",
    "insight",
    "audit/views.py",
    "audit/witnessing.py",
    "eventlog/releasing.py",
    "security/holds.py",
    "security/rights.py",
    "security/shredding.py",
)
"""Whose refusals a screen can come upon."""
REFUSALS = re.compile(r"(NotFound|Conflict|Invalid|Capacity|TooMany|Refused|SecondFactorNeeded)Error")
UNSEEN = {
    "web/hooks.py": "a platform pushes, and reads no screen",
    "web/visiting.py": "a visitor's page has words of its own",
    "web/visitor_tokens.py": "as above",
    "org/inviting.py:found_owner": "asked for at the terminal only",
    "security/shredding.py:bury": "asked for at the terminal only",
    "org/inviting.py:_waiting": "asked for at the terminal only",
}
"""Refusals that no screen comes upon, and who does."""


def refusals() -> list[tuple[str, ast.Call]]:
    """Return every refusal a screen can come upon, with where it stands: file, and the function it is in."""
    room = ROOT / "src" / "huiyin"
    pages = [
        page for part in SCREENED for page in sorted((room / part).rglob("*.py") if "." not in part else [room / part])
    ]
    return [
        (f"{page.relative_to(room)}:{function.name}", node)
        for page in pages
        for function in ast.walk(ast.parse(page.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and REFUSALS.fullmatch(node.func.id)
    ]


def code_of(call: ast.Call) -> str | None:
    """Return the code a refusal carries, "" for one that is worked out, None if it carries none."""
    given = next((each.value for each in call.keywords if each.arg == "code"), None)
    if given is None:
        return None
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""


def test_every_refusal_a_screen_can_come_upon_has_a_code_with_a_word(words: set[str]) -> None:
    found = refusals()
    bare = {where for where, call in found if code_of(call) is None}
    bare -= {where for where in bare if where in UNSEEN or where.partition(":")[0] in UNSEEN}
    assert not bare, f"give them a code, and the code a word in zh.trouble.ts and en.trouble.ts: {sorted(bare)}"
    codes = {code for _, call in found if (code := code_of(call))}
    assert {"chat_gone", "link_dead", "approval_self"} <= codes
    missing = {code for code in codes if not {f"trouble.{code}", f"ended.{code}"} & words}
    assert not missing, f"add them to console/src/i18n/zh.trouble.ts and en.trouble.ts: {sorted(missing)}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_and_the_terminal_say_of_a_finding_the_same(language: str) -> None:
    said = dict(
        re.findall(r'^ +"([^"]+)": "([^"]*)"', (I18N / f"{language}.audit.ts").read_text("utf-8"), re.MULTILINE)
    )
    differ = {
        code: (said[f"auditfinding.{code}"], said[f"auditdo.{code}"])
        for code, one in WORDS.items()
        if (said[f"auditfinding.{code}"].casefold(), said[f"auditdo.{code}"])
        != (getattr(one, language).casefold(), getattr(one, f"todo_{language}"))
    }
    assert not differ, "what to do is written in audit/findings.py and in the console's words"
