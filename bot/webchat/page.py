"""The web chat's page: one HTML file with its texts in six languages."""

import json
from functools import cache
from pathlib import Path

from content.languages import LANGUAGES
from content.sentences import _, sentence

_TEMPLATE = Path(__file__).parent / "page.html"
_TEXTS = {
    "placeholder": _("Write here"),
    "send": _("Send"),
    "language": _("Language"),
    "emergency": _("🆘 Emergency"),
    "menu": _("🏠 Menu"),
    "leave": _("✖ Leave quickly"),
    "waiting": _("Please wait …"),
    "offline": _(
        "No connection. Your message was not sent yet. It goes by itself as soon as it can."
    ),
    "failed": _("That did not work. Please try again."),
    "big": _("This file is too big. At most 8 MB can be sent."),
    "attach": _("Photo or file"),
    "seen": _("Seen"),
    "sent": _("Sent"),
    "typing": _("The counsellor is writing …"),
    "you": _("You"),
    "picture": _("🖼 Show picture"),
    "title": _("Rahnuma: free information"),
}


@cache
def render() -> str:
    """The page, ready to send. Texts stand in a JSON block, so that no script is inline."""
    texts = {
        code: {key: sentence(code, text) for key, text in _TEXTS.items()}
        | {"name": language.own_name, "direction": language.direction}
        for code, language in LANGUAGES.items()
    }
    # "<" would end the block early if a text ever held "</script>"
    block = json.dumps(texts, ensure_ascii=False).replace("<", "\\u003c")
    return _TEMPLATE.read_text(encoding="utf-8").replace("{{texts}}", block)
