"""Which cases are never shown in the group, which Telegram itself and all its members can read."""

from store.case_tables import CaseRow

#: What a case is about, and the desks it was passed to, that belong to the console alone.
PRIVATE = frozenset({"protection"})


def only_in_console(case: CaseRow) -> bool:
    """Whether nothing that is said in a case may stand in the group.

    So it is for protection, for every danger (a case doesn't say which: it may be violence), and
    for the web chat, which people choose because Telegram sees who writes to whom. See
    docs/data-map.md.
    """
    return case.danger or case.channel != "telegram" or is_private(case)


def is_private(case: CaseRow) -> bool:
    """Whether not even the place and the subject of a case are named: it may be about the staff of
    that centre, and they may be in the group."""
    return case.topic in PRIVATE or case.desk in PRIVATE
