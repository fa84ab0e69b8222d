"""Which training utterances the encoder is not tuned on."""

from __future__ import annotations

import hashlib

_SHARE = 16  # one in so many


def is_held_out(text: str) -> bool:
    """Whether an utterance is left out of the tuning, to calibrate with; by its hash."""
    return int(hashlib.sha256(text.encode("utf-8")).hexdigest()[:8], 16) % _SHARE == 0
