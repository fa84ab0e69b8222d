"""What may stand in the cell of a spreadsheet."""


def safe_cell(value: object) -> object:
    """Spreadsheets run text that starts like a formula; a leading apostrophe stops that."""
    text = str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" else value
