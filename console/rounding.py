"""How a count is shown on the console: not below k, else rounded to a multiple of k.

Takes the place of ``reporting.disclosure`` until the console is joined to it.
"""

from store.tables import CELL_KEYS


def shown(n: int, key_sum: int, k: int) -> int | None:
    """A count rounded to a multiple of ``k``, or None if it is below ``k``.

    ``key_sum`` is the sum of the rows' random cell keys; modulo ``CELL_KEYS`` it is uniform and
    belongs to exactly this set of rows, so the same count is always rounded the same way. Up with
    the chance (n mod k)/k: the mean of what is shown is the count (random rounding as in the
    cell-key method of Fraser and Wooton, 2005).
    """
    if n < k:
        return None
    down, rest = n - n % k, n % k
    return down + k if (key_sum % CELL_KEYS) * k < rest * CELL_KEYS else down
