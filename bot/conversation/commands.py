"""Commands that people may type in any channel, and the choice that each stands for."""

COMMANDS = {
    "start": "start",
    "menu": "menu",
    "help": "menu",
    "emergency": "sos",
    "language": "lang",
    "lowdata": "lowdata",
    "person": "person",
    "feedback": "fb",
    "rules": "rules",
    "privacy": "ask:privacy",
    "booklet": "book",
    "stop": "stop",
    "cancel": "cancel",
    "today": "today",
    "stop_notices": "notify:off",
    "delete": "delete",
}


def command_in(text: str) -> str | None:
    """The choice that a typed command stands for ("/delete", "/menu@bot"), or None."""
    if not text.startswith("/"):
        return None
    name = text[1:].split(maxsplit=1)[0] if text[1:].strip() else ""
    return COMMANDS.get(name.split("@")[0].lower())
