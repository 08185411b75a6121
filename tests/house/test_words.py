"""No raw name reaches a screen: the console has its own word for every code the server writes."""

import re
from pathlib import Path

import pytest

import listeners
from huiyin.conversations.revealing import PURPOSES
from huiyin.eventlog.events import kind_of
from huiyin.security.detecting.spans import KINDS
from huiyin.wiring import EVENT_TYPES

ROOT = Path(__file__).resolve().parents[2]
I18N = ROOT / "console" / "src" / "i18n"


@pytest.fixture(scope="module")
def words() -> set[str]:
    text = "\n".join(page.read_text(encoding="utf-8") for page in sorted(I18N.glob("zh*.ts")))
    return set(re.findall(r'^ +"([\w.:]+)":', text, re.MULTILINE))


def test_every_event_has_a_word(words: set[str]) -> None:
    missing = [kind_of(each) for each in EVENT_TYPES if f"event.{kind_of(each)}" not in words]
    assert not missing, f"add them to console/src/i18n/zh.events.ts and en.events.ts: {missing}"


def test_every_listener_has_a_word_and_says_what_stands_still_without_it(words: set[str]) -> None:
    wanted = {f"{group}.{name}" for name in listeners.listeners() for group in ("listener", "listenerwhy")}
    assert not wanted - words, "add them to console/src/i18n/zh.events.ts and en.events.ts"


def test_every_kind_of_personal_data_and_every_purpose_of_seeing_it_has_a_word(words: set[str]) -> None:
    wanted = {f"hidden.{kind}" for kind in KINDS} | {f"purpose.{purpose}" for purpose in PURPOSES}
    assert not wanted - words, "add them to console/src/i18n/zh.security.ts and en.security.ts"
