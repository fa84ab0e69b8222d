"""What the rules for answers look at."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from content.answers import Answer
from content.directory import PLACEHOLDER, Directory


@dataclass(frozen=True)
class Subject:
    """An answer to be checked, with what it is compared to.

    ``english``: the English answer of the same id, None for that one itself (or where it is
    missing). ``known``: the ids of all answers that may be linked to.
    """

    answer: Answer
    english: Answer | None
    directory: Directory
    known: Collection[str]
    today: dt.date

    @property
    def filled(self) -> str:
        """The body with its facts, line for line; placeholders without a fact stay."""
        return PLACEHOLDER.sub(
            lambda m: self.directory.published(m[1], self.answer.language) or m[0],
            self.answer.body,
        )
