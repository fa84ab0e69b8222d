"""How far a long command is, on one line of the terminal."""

from typing import TextIO

#: Characters of the bar.
_WIDE = 30


class Progress:
    """Call it with done and total; draws only where somebody looks. Use as a context manager."""

    def __init__(self, what: str, stream: TextIO):
        self._what, self._stream = what, stream
        self._is_shown = stream.isatty()
        self._last = -1

    def __enter__(self) -> "Progress":
        return self

    def __call__(self, done: int, total: int) -> None:
        percent = 100 * done // total if total else 100
        if self._is_shown and percent != self._last:
            self._last = percent
            full = _WIDE * percent // 100
            bar = "█" * full + "░" * (_WIDE - full)
            self._stream.write(f"\r{bar} {percent:3} %  {done:,} of {total:,} {self._what}")
            self._stream.flush()

    def __exit__(self, *_error: object) -> None:
        if self._is_shown and self._last >= 0:
            self._stream.write("\n")
            self._stream.flush()
