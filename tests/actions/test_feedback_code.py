"""Codes of feedback: every one is known as such where it is written in a message."""

from actions.feedback import CODE_DIGITS, holds_code, new_code


def test_every_code_is_known_again_and_none_is_taken_for_a_telephone_number():
    for _ in range(3000):
        code = new_code()
        assert len(code) == CODE_DIGITS and code.isdigit()
        assert holds_code(f"{code[:3]}-{code[3:6]}-{code[6:]}")
