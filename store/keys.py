"""Keys derived from the one secret of an installation, one for each purpose.

Derivation is HKDF-SHA256 (RFC 5869) with the purpose as info, so that no key tells another.
"""

import base64
import hmac
import secrets
from functools import cached_property
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class CannotDecrypt(Exception):
    """Stored bytes were not made with this installation's key."""


class Box:
    """Authenticated encryption of texts and files for one purpose (Fernet: AES-128-CBC, HMAC)."""

    def __init__(self, key: bytes):
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, text: str) -> bytes:
        """Encrypted bytes of a text."""
        return self.seal_bytes(text.encode())

    def seal_bytes(self, data: bytes) -> bytes:
        """Encrypted bytes of any bytes (a photo); a third longer than they are."""
        # A Fernet token says in clear when it was made, to the second. Feedback, reports and
        # unclear messages know their day only, so every token says 1970.
        return self._fernet.encrypt_at_time(data, 0)

    def open(self, sealed: bytes) -> str:
        """The text of sealed bytes; raises CannotDecrypt."""
        return self.open_bytes(sealed).decode()

    def open_bytes(self, sealed: bytes) -> bytes:
        """The bytes that were sealed; raises CannotDecrypt."""
        try:
            return self._fernet.decrypt(bytes(sealed))
        except InvalidToken as error:
            raise CannotDecrypt("made with another key") from error


class Keys:
    """All keys of an installation, from its secret (at least 32 characters)."""

    def __init__(self, secret: str):
        if len(secret) < 32:
            raise ValueError("SECRET_KEY must have at least 32 characters")
        self._secret = secret.encode()

    def _derive(self, purpose: str) -> bytes:
        return HKDF(SHA256(), 32, salt=b"rahnuma", info=purpose.encode()).derive(self._secret)

    @cached_property
    def state(self) -> Box:
        """For where a person is in a conversation, with unsent drafts."""
        return Box(self._derive("state"))

    @cached_property
    def delivery(self) -> Box:
        """For channel addresses to which a message must still go."""
        return Box(self._derive("delivery"))

    @cached_property
    def cases(self) -> Box:
        """For what a person tells a counsellor."""
        return Box(self._derive("cases"))

    @cached_property
    def protection(self) -> Box:
        """For confidential reports: used only for the role ``protection``."""
        return Box(self._derive("protection"))

    @cached_property
    def recent(self) -> Box:
        """For a person's last messages in Redis, for half an hour."""
        return Box(self._derive("recent"))

    @cached_property
    def unclear(self) -> Box:
        """For messages that were not understood and wait for an editor's label."""
        return Box(self._derive("unclear"))

    @cached_property
    def second_factor(self) -> Box:
        """For the secrets from which the staff's one-time codes are made."""
        return Box(self._derive("second factor"))

    @cached_property
    def session(self) -> str:
        """Signs the staff's session cookies."""
        return self._derive("session").hex()

    @cached_property
    def _pseudonym(self) -> bytes:
        return self._derive("pseudonym")

    @cached_property
    def _recovery(self) -> bytes:
        return self._derive("recovery code")

    @cached_property
    def _code(self) -> bytes:
        return self._derive("feedback code")

    def pseudonym(self, channel: str, external_id: str) -> str:
        """HMAC-SHA256(key, channel:id) in hexadecimal: the only name that a person has here."""
        return hmac.digest(
            self._pseudonym, f"{channel}:{external_id}".encode("utf-8", "surrogatepass"), "sha256"
        ).hex()

    def update_id(self, pseudonym: str, key: str) -> int:
        """A number for a message that its sender's program named; it leads to neither of both."""
        name = f"message:{pseudonym}:{key}".encode("utf-8", "surrogatepass")
        return int.from_bytes(hmac.digest(self._pseudonym, name, "sha256")[:7])

    def code_hash(self, code: str) -> str:
        """Keyed hash of a feedback code, the form in which codes are stored and looked up."""
        return hmac.digest(self._code, code.encode(), "sha256").hex()

    def recovery_hash(self, name: str, code: str) -> str:
        """Keyed hash of a recovery code of an account of the staff."""
        return hmac.digest(self._recovery, f"{name}:{code}".encode(), "sha256").hex()


def load_or_make_secret(path: Path) -> str:
    """The secret kept in a file that only its owner may read, made on first use.

    Raises OSError if the file can neither be read nor made.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
