"""Offers the booklet for offline, and gives it as a file."""

from actions.context import Context
from actions.menu import DANGERS, EMERGENCY, GROUPS, home
from actions.reply import Choice, Media, Reply
from booklet.contents import Part
from content.sentences import _

#: The booklet's parts, in the order of the menus: dangers first.
PARTS = (
    Part("emergency", EMERGENCY, DANGERS, always=True),
    *(Part(key, name, members) for key, (name, members) in GROUPS.items() if key != "about"),
    Part("rules", _("🚫 What staff may never do"), ("staff_rules",), always=True),
    Part("about", *GROUPS["about"]),
)
_LABELS = {"pdf": _("📄 PDF, also to print"), "html": _("📱 Web page for the phone")}


def offer(ctx: Context) -> Reply:
    """The two forms of the booklet, with how large each is."""
    return ctx.reply(
        ctx.say("All answers and numbers in one file. You can read it without internet."),
        *(Choice(_label(ctx, kind), f"book:{kind}") for kind in _LABELS),
        home(ctx),
    )


def _label(ctx: Context, kind: str) -> str:
    label = ctx.label(_LABELS[kind])
    size = ctx.booklets.kilobytes(ctx.person.language, kind) if ctx.booklets else None
    return f"{label} ({size} KB)" if size else label


def choose(ctx: Context, kind: str) -> Reply:
    """The file, in the person's language; anything else than a kind shows the two forms."""
    if kind not in _LABELS:
        return offer(ctx)
    language = ctx.person.language
    file = Media(f"booklet.{language}.{kind}", "document", ctx.label(_("Rahnuma booklet")))
    return ctx.reply(
        ctx.say("Here is the booklet. Keep it and pass it on. If no file comes, try again."),
        home(ctx),
        media=[file],
    )
