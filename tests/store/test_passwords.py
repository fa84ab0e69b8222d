"""Which passwords are refused, and one-time passwords."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.passwords import check_strength, hashed, matches, one_time_password


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "a long password",
        "Mira goes to Bihać",
        "سه گربه روی دیوار",
        "x9!Tq2#vL0pw",
        "forty-two penguins in " + "x" * 100,
    ],
)
def test_long_passwords_of_any_script_and_composition_are_good(password):
    check_strength(password, "mira")
    assert matches(hashed(password), password)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 12"),
        ("elevenchars", "at least 12"),
        ("long enough, " * 30, "at most 256"),
        ("mira.kovac.2025", "name"),
        ("MiraKovacMiraKovac", "name"),
        ("rahnuma-2025!", "name"),
        ("aaaaaaaaaaaaaa", "repeats"),
        ("abcabcabcabc", "repeats"),
        ("Kiwi kiwi kiwi!", "repeats"),
        ("123456789012", "row"),
        ("qwertyuiop[asdf", "row"),
        ("9876543210987", "row"),
        ("!!!!!!!!!!!!!!", "repeats"),
        ("password1234", "too many"),
        ("Password-Password", "too many"),
        ("welcome123456", "too many"),
        ("admin-password-1", "too many"),
    ],
)
def test_what_an_attacker_tries_first_is_refused_in_a_sentence(password, says):
    with pytest.raises(ValueError, match=says):
        check_strength(password, "Mira Kovac")


@given(st.text(max_size=400), st.text(max_size=64))
def test_every_text_is_taken_or_refused_in_a_sentence(password, name):
    try:
        check_strength(password, name)
    except ValueError as error:
        assert str(error).startswith("password: ")


def test_two_keyboards_write_the_same_password():
    composed, decomposed = "žene za žene 12", "z\u030cene za z\u030cene 12"
    assert matches(hashed(composed), decomposed)
    assert not matches(hashed(composed), composed.upper())


def test_one_time_passwords_are_good_and_differ():
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        check_strength(password, "mira")
