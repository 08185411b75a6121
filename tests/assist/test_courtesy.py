"""What the bot says to a greeting, thanks, a goodbye or a nod: a whole sentence, never a pattern of ours."""

import pytest

from huiyin.assist.courtesy import find_courtesy


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("你好在吗", "greeting"),
        ("好的谢谢", "thanks"),
        ("没有了再见", "closing"),
        ("好的", "nodding"),
        ("嗯嗯，知道了", "nodding"),
    ],
)
def test_a_courtesy_is_answered_with_a_sentence(text: str, kind: str) -> None:
    found = find_courtesy(text, greeted=True)
    assert found is not None
    courtesy, heard = found
    assert heard == kind
    assert courtesy.text.endswith(("。", "？"))
    assert not set("|[](?P<>") & set(courtesy.text)
