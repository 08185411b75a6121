"""Passwords cost what they should: the walks hash with little memory, so the real cost is held here."""

import argon2

from huiyin.security import passwords

PASSWORD = "四只松鼠在屋顶上晒太阳"


def test_a_password_costs_what_the_rfc_asks_for_and_nobodys_as_much() -> None:
    """RFC 9106 §4, the second recommended option: argon2id, t=3, p=4, m=64 MiB."""
    for stored in (passwords.hash_password(PASSWORD), passwords._DECOY):
        asked = argon2.extract_parameters(stored)
        assert asked.type is argon2.Type.ID
        assert (asked.time_cost, asked.parallelism, asked.memory_cost) == (3, 4, 64 * 1024)


def test_a_password_opens_in_whatever_width_it_was_typed_and_no_other_does() -> None:
    stored = passwords.hash_password("songshu 2026 shai taiyang")
    assert passwords.password_matches(stored, "ｓｏｎｇｓｈｕ　２０２６　ｓｈａｉ　ｔａｉｙａｎｇ")
    assert not passwords.password_matches(stored, "songshu 2025 shai taiyang")
    assert not passwords.password_matches(None, PASSWORD)
    assert not passwords.password_matches("", PASSWORD)
