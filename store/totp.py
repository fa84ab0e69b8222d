"""Time-based one-time codes (RFC 6238): six digits, SHA-1, steps of 30 seconds.

Authenticator apps know these parameters; many ignore any others.
"""

import base64
import hmac
import secrets
import unicodedata
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

#: Digits of a code, seconds of a step, and steps that a clock may be off either way.
DIGITS, STEP, DRIFT = 6, 30, 1
ISSUER = "Rahnuma"


def new_secret() -> str:
    """A random secret of 160 bits (RFC 4226, section 4) in base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of a step; steps are counted from 1970."""
    return HOTP(base64.b32decode(secret), DIGITS, SHA1()).generate(step).decode()  # noqa: S303


def matching_step(secret: str, code: str, at: float, last: int | None) -> int | None:
    """The step whose code this is at a time in seconds since 1970, or None if it is of no step.

    A step within DRIFT of the current one is allowed, and only one after ``last``, the step that
    was used last: a code works once (RFC 6238, section 5.2).
    """
    now = int(at) // STEP
    found = None
    for step in range(max(0, now - DRIFT), now + DRIFT + 1):
        same = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if same and (last is None or step > last):
            found = step
    return found


def read_code(typed: str) -> str:
    """A code as meant: no spaces or dashes, small letters, digits of any script as 0 … 9."""
    plain = unicodedata.normalize("NFKC", typed).casefold()
    return "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain if c.isalnum()
    )


def address(secret: str, name: str) -> str:
    """The ``otpauth:`` address that a QR code gives to an authenticator app."""
    query = urlencode({"secret": secret, "issuer": ISSUER})
    return f"otpauth://totp/{ISSUER}:{quote(name)}?{query}"
