"""What is on in the person's centre today and in the next days, as staff announced it."""

from actions.context import Context
from actions.menu import BACK, home
from actions.notice_text import STOP, entry
from actions.reply import Choice, Reply
from content.sentences import _, weekday
from store.local_time import local
from store.notice_tables import NoticeRow
from store.notices.posting import current
from store.notices.subscriptions import subscription_of
from store.notices.times import Time
from store.tables import now

#: Notices in one message: what fits on a phone without much scrolling.
PAGE = 4
_SUBSCRIBE = _("🔔 Tell me about new ones")


async def show(ctx: Context, page: str = "") -> list[Reply]:
    """A page of the list, by its number from 0 as a button has it."""
    if ctx.session is None:
        text = ctx.say("I can't open this at the moment. Please try again in some minutes.")
        return [ctx.reply(text, home(ctx))]
    at = now()
    found = await current(ctx.session, ctx.person.centre, at)
    pages = max(1, -(-len(found) // PAGE))
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 0
    number = number if number < pages else 0
    title = ctx.label(_("📅 Today and the next days"))
    parts = [f"<b>{title}</b>"]
    if not found:
        parts.append(ctx.say("Nothing is announced here for these days. Ask the staff as well."))
    parts += _by_day(ctx, found[number * PAGE : (number + 1) * PAGE])
    choices = [ctx.choice(_("More"), f"today:{number + 1}")] if number + 1 < pages else []
    if ctx.person.centre is None:
        parts.append(ctx.say("Choose your centre to see its notices too."))
        choices.append(ctx.choice(_("📍 My centre"), "centre"))
    choices += [await _subscription(ctx), ctx.choice(BACK, "topic:services"), home(ctx)]
    return [ctx.reply("\n\n".join(parts), *choices, navigates=True)]


def _by_day(ctx: Context, found: list[tuple[NoticeRow, Time]]) -> list[str]:
    """Entries, each day's under its headline; what has begun already is today's."""
    today, lines, last = local(now()).date(), [], None
    now_is = ctx.say("Today")
    for notice, time in found:
        day = max(local(time[0]).date(), today) if time[0] else today
        name = weekday(ctx.person.language, day)
        if day == today:
            name = f"{now_is} · {name}"
        text = entry(ctx, notice, time, under=day)
        lines.append(f"<b>— {name} —</b>\n{text}" if day != last else text)
        last = day
    return lines


async def _subscription(ctx: Context) -> Choice:
    mine = await subscription_of(ctx.storage, ctx.person.pseudonym)
    if mine is not None and mine.centre == ctx.person.centre:
        return ctx.choice(STOP, "notify:off")
    return ctx.choice(_SUBSCRIBE, "notify")
