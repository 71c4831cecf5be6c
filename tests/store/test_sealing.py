"""Keys and what opens them."""

import pytest
from msgspec.structs import replace

from desktop.store import sealing


def test_the_right_words_give_the_key_and_others_do_not() -> None:
    key = sealing.fresh_key()
    slot = sealing.wrap(key, "등대지기", "password")
    assert sealing.unwrap(slot, "등대지기", "password") == key
    for wrong in ("등대지가", "", "등대지기 "):
        with pytest.raises(sealing.WrongSecret):
            sealing.unwrap(slot, wrong, "password")


def test_the_same_hangul_in_another_form_opens_it() -> None:
    key = sealing.fresh_key()
    slot = sealing.wrap(key, "\u1112\u1161\u11ab\u1100\u1173\u11af", "password")
    assert sealing.unwrap(slot, "한글", "password") == key


def test_a_slot_serves_one_purpose_and_cannot_be_tampered_with() -> None:
    slot = sealing.wrap(sealing.fresh_key(), "a", "password")
    with pytest.raises(sealing.WrongSecret):
        sealing.unwrap(slot, "a", "recovery")
    for bad in (
        replace(slot, wrapped=slot.wrapped[::-1]),
        replace(slot, wrapped="ㄱ"),
        replace(slot, salt=""),
        replace(slot, memory=2**50),
        replace(slot, ops=0),
        sealing.decoy(),
    ):
        with pytest.raises(sealing.WrongSecret):
            sealing.unwrap(bad, "a", "password")


def test_two_slots_of_one_key_have_nothing_in_common() -> None:
    key = sealing.fresh_key()
    one, other = sealing.wrap(key, "a", "password"), sealing.wrap(key, "a", "password")
    assert one.salt != other.salt
    assert one.wrapped != other.wrapped


def test_a_recovery_code_is_read_however_it_was_typed() -> None:
    code = sealing.recovery_code()
    assert len(code) == sealing.GROUPS * (sealing.GROUP + 1) - 1
    assert sealing.as_typed(code.lower().replace("-", "  ")) == sealing.as_typed(code)
    assert sealing.recovery_code() != code


def test_a_key_goes_into_the_keyring_as_text_and_back() -> None:
    key = sealing.fresh_key()
    assert sealing.recalled(sealing.remembered(key)) == key
    for other in (None, "", "not base64 !", "YWJj"):
        assert sealing.recalled(other) is None
