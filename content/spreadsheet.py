"""What may stand in the cell of a spreadsheet."""

import re

#: Control characters that XLSX can't hold (as openpyxl has them).
_CONTROLS = re.compile(r"[\000-\010\013\014\016-\037]")
#: What a spreadsheet may take for the beginning of a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: str | int) -> str | int:
    """A value that no spreadsheet runs as a formula: an apostrophe before what could begin one."""
    if isinstance(value, int):
        return value
    text = _CONTROLS.sub("", value)
    return f"'{text}" if text.startswith(_FORMULA) else text
