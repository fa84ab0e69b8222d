"""One-time codes after RFC 6238: which code is accepted when, and only once."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.totp import DRIFT, STEP, address, code_at, matching_step, new_secret, read_code

SECRET = base64.b32encode(b"12345678901234567890").decode()
seconds = st.integers(min_value=0, max_value=2**33)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_rfc(at, code):
    # appendix B of RFC 6238 has eight digits; ours are the last six
    assert code_at(SECRET, at // STEP) == code
    assert matching_step(SECRET, code, at, None) == at // STEP


@given(seconds, st.integers(min_value=-5, max_value=5))
def test_a_code_is_accepted_one_step_early_or_late_and_no_more(at, off):
    step = max(0, at // STEP + off)
    codes = {code_at(SECRET, s) for s in range(max(0, at // STEP - DRIFT), at // STEP + DRIFT + 1)}
    found = matching_step(SECRET, code_at(SECRET, step), at, None)
    if abs(step - at // STEP) <= DRIFT:
        assert found is not None and code_at(SECRET, found) == code_at(SECRET, step)
    else:  # another step may have the same code, once in a million
        assert (found is not None) == (code_at(SECRET, step) in codes)


@given(st.lists(st.tuples(seconds, st.integers(-2, 2)), max_size=20))
def test_the_steps_that_are_used_only_rise(tries):
    last, used = None, []
    for at, off in sorted(tries):
        step = matching_step(SECRET, code_at(SECRET, max(0, at // STEP + off)), at, last)
        if step is not None:
            used.append(step)
            last = step
    assert used == sorted(set(used)), "no code worked twice"


@given(st.text(max_size=12), seconds)
def test_other_text_is_no_code(text, at):
    codes = {code_at(SECRET, s) for s in range(max(0, at // STEP - 1), at // STEP + 2)}
    assert (matching_step(SECRET, text, at, None) is not None) == (text in codes)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("123 456", "123456"), (" 123-456\n", "123456"), ("۱۲۳۴۵۶", "123456"), ("١٢٣٤٥٦", "123456"),
     ("ABCDE-fgh23", "abcdefgh23")],
)  # fmt: skip
def test_codes_are_read_as_they_were_meant(typed, code):
    assert read_code(typed) == code


@given(st.text(max_size=80))
def test_reading_a_code_never_fails_and_twice_is_as_once(typed):
    assert read_code(read_code(typed)) == read_code(typed)


def test_an_app_gets_the_secret_with_the_name_of_the_account():
    secret = new_secret()
    assert len(base64.b32decode(secret)) == 20
    assert address(secret, "Mira Žuć") == (
        f"otpauth://totp/Rahnuma:Mira%20%C5%BDu%C4%87?secret={secret}&issuer=Rahnuma"
    )
