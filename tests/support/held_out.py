"""The held-out utterances of ``tests/nlu/``, which no writer of training data saw."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent.parent / "nlu"


@dataclass(frozen=True)
class HeldOut:
    """One utterance with its intent; ``kind`` is plain or hard."""

    text: str
    intent: str
    language: str
    script: str
    kind: str


def held_out() -> Iterator[HeldOut]:
    """All held-out utterances, in the order of files."""
    for path in sorted(FOLDER.glob("*/*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            about = block["metadata"]
            for line in block["examples"].splitlines():
                text = line.removeprefix("- ").strip()
                yield HeldOut(
                    text, block["intent"], about["language"], about["script"], about["kind"]
                )
