"""How counts of feedback are shown so that nobody can be found behind them.

A count under the base (setting ``smallest_group``) is only ever "fewer than …", also where there is
nothing: that somebody gave feedback isn't told either. Any other count is rounded to a multiple of
the base, up or down by chance, so that on average nothing is lost (random rounding, as Statistics
New Zealand does). The chance is not drawn anew: each item has a random cell key of its own, and the
sum of the keys of the counted items decides (the cell key method of the Australian Bureau of
Statistics). So the same items give the same number in every table, asking again or by another way
tells nothing more, and two shown numbers never differ by less than the base. What the base should
be is in the guidance on disclosure control of OCHA's Centre for Humanitarian Data (HDX).
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from store.tables import CELL_KEYS

#: In the place of a value: what a row holds of everything of its group that is not shown apart.
ALL = "all"


class Group(NamedTuple):
    """A set of items: how many (``n``), and the sum of their cell keys."""

    n: int = 0
    keys: int = 0

    def with_(self, other: "Group") -> "Group":
        """Both sets, which must have no item in common, as one."""
        return Group(self.n + other.n, self.keys + other.keys)


def together(groups: Iterable[Group]) -> Group:
    """Sets without a common item as one."""
    n = keys = 0
    for group in groups:
        n += group.n
        keys += group.keys
    return Group(n, keys)


def shown(group: Group, base: int) -> int | None:
    """The number that may be shown for a set: a multiple of ``base``, or None for "fewer"."""
    if group.n < base:
        return None
    over = group.n % base
    up = group.keys % CELL_KEYS * base < over * CELL_KEYS
    return group.n - over + (base if up else 0)


def share(part: int | None, whole: int | None) -> int | None:
    """Per cent that one shown number is of another; None where either is hidden.

    Made of what is shown alone, so it tells nothing more; rounding may put a part above its whole.
    """
    if part is None or not whole:
        return None
    return min(100, round(100 * part / whole))


def in_words(number: int | None, base: int) -> str:
    """A shown number as people read it: ``1,250``, or ``fewer than 5``."""
    return f"fewer than {base}" if number is None else f"{number:,}"


def suppress(
    cells: Mapping[tuple[str, ...], Group], base: int
) -> list[tuple[tuple[str, ...], Group]]:
    """Cells of at least ``base`` items: smaller ones are merged from the last column on.

    Keys have the same length. A group (cells with the same key but for the last column) of which
    any cell is small is merged as a whole into a cell with ``ALL`` there, and so on with the column
    before it. What is still too small under the same first column is left out.
    """
    done: list[tuple[tuple[str, ...], Group]] = []
    width = len(next(iter(cells), ()))
    for column in range(width - 1, 0, -1):
        groups: dict[tuple[str, ...], list[tuple[tuple[str, ...], Group]]] = {}
        for key, group in cells.items():
            groups.setdefault(key[:column], []).append((key, group))
        merged: dict[tuple[str, ...], Group] = {}
        for start, members in groups.items():
            if all(group.n >= base for _key, group in members):
                done += members
            else:
                key = (*start, *[ALL] * (width - column))
                merged[key] = together(group for _key, group in members)
        cells = merged
    done += [(key, group) for key, group in cells.items() if group.n >= base]
    return sorted(done)
