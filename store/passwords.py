"""Passwords of the staff: which are good enough, how they are kept, and one-time passwords.

The rules are those of NIST SP 800-63B (section 5.1.1.2): a least length, no composition rules, and
a refusal of what an attacker would try first.
"""

import re
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

#: Characters of a password, after normalisation.
SHORTEST, LONGEST = 12, 256
PRODUCT = "rahnuma"
#: What common passwords are made of: nothing much may stand beside these words and digits.
_COMMON = (
    "administrator", "password", "passwort", "passphrase", "changeme", "iloveyou", "letmein",
    "welcome", "sunshine", "princess", "football", "baseball", "superman", "trustno", "counsellor",
    "supervisor", "protection", "secret", "dragon", "monkey", "master", "qwertz", "qwerty",
    "azerty", "lozinka", "sifra", "admin", "login", "hello", "pass", "test",
)  # fmt: skip
#: Rows of keyboards, and orders that everybody knows.
_ROWS = (
    "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "q1w2e3r4t5y6u7i8o9p0", "1q2w3e4r5t6y7u8i9o0p",
    "abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "1234567890qwertyuiop",
)  # fmt: skip
#: Letters of a one-time password: none that are taken for another.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_HASHER = PasswordHasher()  # argon2id with the library's current parameters (RFC 9106, low memory)
#: The hash of no account's password: checked for unknown names, so that these take as long.
NOBODY = _HASHER.hash("no account has this password")


def normalised(password: str) -> str:
    """The form that is hashed: NFKC, so that two keyboards write the same password (SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def check_strength(password: str, name: str) -> None:
    """Raises ValueError, with a sentence, if a password is not good enough for an account."""
    text = normalised(password)
    if len(text) < SHORTEST:
        raise ValueError(f"password: at least {SHORTEST} characters")
    if len(text) > LONGEST:
        raise ValueError(f"password: at most {LONGEST} characters")
    plain = "".join(c for c in text.casefold() if c.isalnum())
    own = "".join(c for c in normalised(name).casefold() if c.isalnum())
    if _little_beside(plain, (own, PRODUCT)):
        raise ValueError("password: it is little more than the name of the account or of Rahnuma")
    if len(set(plain)) < 4 or re.fullmatch(r"(.{1,6}?)\1+.{0,5}", plain) or _is_row(plain):
        raise ValueError("password: it repeats itself or follows a row; choose another")
    if _little_beside(plain, _COMMON):
        raise ValueError("password: too many people use one like it; choose another")


def _little_beside(plain: str, words: tuple[str, ...]) -> bool:
    """Whether a password has one of the words and hardly a letter more."""
    rest = plain
    for word in words:
        if len(word) >= 3:
            rest = rest.replace(word, "")
    return rest != plain and len(re.sub(r"\d", "", rest)) < 4


def _is_row(plain: str) -> bool:
    rows = (*_ROWS, *(row[::-1] for row in _ROWS))
    return any(plain in row + row for row in rows)


def hashed(password: str) -> str:
    """The argon2id hash under which a password is kept."""
    return _HASHER.hash(normalised(password))


def matches(password_hash: str, password: str) -> bool:
    """Whether a password is the one that was hashed."""
    try:
        return _HASHER.verify(password_hash, normalised(password))
    except VerifyMismatchError:
        return False


def one_time_password() -> str:
    """A password for the first sign-in: sixteen random characters (79 bits) in groups of four."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(16))
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))
