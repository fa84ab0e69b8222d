"""What is taken out of feedback before it is stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.redaction import redact


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("call +387 61 123-456 now", "call [number] now"),
        ("رقمي ٠٦١١٢٣٤٥٦", "رقمي [number]"),
        ("شماره ۰۹۱۲ ۳۴۵ ۶۷۸۹ است", "شماره [number] است"),
        ("passport AB1234567", "passport [number]"),
        ("write me@example.org or @my_name", "write [email] or [name]"),
        ("see https://t.me/somebody please", "see [link] please"),
        ("3 days, room 12, 45 people", "3 days, room 12, 45 people"),
    ],
)
def test_numbers_and_handles_go_and_ordinary_numbers_stay(text, kept):
    assert redact(text) == kept


@given(st.text(max_size=60), st.integers(10**6, 10**13), st.text(max_size=60))
def test_no_long_number_survives_in_any_text(before, number, after):
    assert str(number) not in redact(f"{before} {number} {after}")


@given(st.text(max_size=200))
def test_redacting_twice_changes_nothing_more(text):
    once = redact(text)
    assert redact(once) == once
