"""Keys are kept under the epoch they were read at: too old, or never committed, is kept by nobody."""

import pytest

from huiyin.security.key_memory import KeyMemory, Opened


@pytest.fixture
def memory() -> KeyMemory:
    memory = KeyMemory()
    memory.settle(7)
    return memory


def keeps(memory: KeyMemory, epoch: int) -> bool:
    memory.keep_cipher(epoch, "key", None)
    return "key" in memory.kept.ciphers


def test_what_was_read_at_the_epoch_is_kept_and_what_was_read_before_it_is_not(memory: KeyMemory) -> None:
    assert keeps(memory, 7)
    memory.learn(8)
    assert "key" not in memory.kept.ciphers
    assert not keeps(memory, 7)
    assert keeps(memory, 8)


def test_a_row_of_a_later_epoch_says_that_keys_changed_before_any_notice_does(memory: KeyMemory) -> None:
    assert keeps(memory, 9)
    assert memory.epoch == 9
    memory.learn(8)
    assert memory.epoch == 9, "a notice that comes late"


def test_what_a_transaction_of_ours_reads_after_it_changed_keys_is_not_kept_until_it_is_committed(
    memory: KeyMemory,
) -> None:
    memory.change(8)
    assert not keeps(memory, 8)
    assert keeps(memory, 7), "readers beside it"
    memory.learn(8)
    assert keeps(memory, 8)


def test_a_change_that_was_undone_leaves_everything_as_it_was(memory: KeyMemory) -> None:
    memory.change(8)
    memory.settle(7)
    assert keeps(memory, 7)
    assert keeps(memory, 8), "committed by somebody else since"


def test_what_was_opened_is_shown_while_its_epoch_lasts_and_the_oldest_goes_first(memory: KeyMemory) -> None:
    opened: Opened[str, str] = Opened(memory, 2)
    for word in "abc":
        opened.keep(7, word, word)
    assert [opened.get(each) for each in "abc"] == [None, "b", "c"]
    memory.learn(8)
    assert opened.get("c") is None
    opened.keep(7, "late", "late")
    assert opened.get("late") is None
    opened.keep(8, "d", "d")
    assert opened.get("d") == "d"
    opened.forget()
    assert opened.get("d") is None
