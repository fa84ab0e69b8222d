"""How a notice reads: in a list of what is on, and as a message to who subscribed."""

import datetime as dt

from actions.context import Context
from actions.menu import home
from actions.reply import Reply
from content.languages import DEFAULT_LANGUAGE
from content.sentences import _, day, weekday
from content.translated import language_shown, light_html
from store.local_time import local
from store.notice_tables import NoticeRow
from store.notices.times import Time

TODAY = _("📅 Today")
STOP = _("🔕 Stop these messages")
GO_ON = _("🔔 Go on")


def entry(ctx: Context, notice: NoticeRow, time: Time, *, under: dt.date | None = None) -> str:
    """A notice as light HTML in the person's language; in English, said so, where it is not in it.

    ``under``: the day under whose headline it stands, which is then not said again.
    """
    return "\n".join([_title(ctx, notice), *_details(ctx, notice, when(ctx, time, under))])


def message(
    ctx: Context, notice: NoticeRow, time: Time, *, ends_on: dt.date | None = None
) -> Reply:
    """A notice as a message of its own. The first line is what a locked phone shows: only when.

    ``ends_on``: the day on which the subscription ends, where that is soon.
    """
    lines = [f"📅 {when(ctx, time)}", _title(ctx, notice), *_details(ctx, notice, None)]
    choices = [ctx.choice(TODAY, "today")]
    if ends_on is not None:
        ends = ctx.say(
            "These messages end on {day}. To go on, press the button.",
            day=day(ctx.person.language, ends_on),
        )
        lines += ["", ends]
        choices.append(ctx.choice(GO_ON, "notify:go"))
    return ctx.reply("\n".join(lines), *choices, ctx.choice(STOP, "notify:off"))


def last_message(ctx: Context) -> Reply:
    """What a subscriber is told on the last day."""
    text = ctx.say(
        "🔔 The notices that you asked for end today, and your address for them is erased. To get "
        "them longer, press the button."
    )
    return ctx.reply(
        text, ctx.choice(GO_ON, "notify:go"), ctx.choice(STOP, "notify:off"), home(ctx)
    )


def when(ctx: Context, time: Time, under: dt.date | None = None) -> str:
    """When it takes place on local clocks; without a start, until when it holds."""
    starts, ends = local(time[0]) if time[0] else None, local(time[1])
    if starts is None:
        return ctx.say("Until {day}", day=_moment(ctx, ends, under))
    till = f"{ends:%H:%M}" if ends.date() == starts.date() else _moment(ctx, ends, under)
    text = f"{_moment(ctx, starts, under)} – {till}"
    return light_html(text, ctx.person.language, ctx.person.language)


def _moment(ctx: Context, at: dt.datetime, under: dt.date | None) -> str:
    clock = f"{at:%H:%M}"
    return clock if at.date() == under else f"{weekday(ctx.person.language, at.date())} · {clock}"


def _written(ctx: Context, notice: NoticeRow) -> str:
    texts = [notice.title, notice.body] + ([notice.place] if notice.place else [])
    return language_shown(ctx.person.language, *texts)


def _title(ctx: Context, notice: NoticeRow) -> str:
    return f"<b>{_text(ctx, notice, notice.title)}</b>"


def _text(ctx: Context, notice: NoticeRow, texts: dict[str, str]) -> str:
    written = _written(ctx, notice)
    return light_html(texts.get(written) or texts[DEFAULT_LANGUAGE], written, ctx.person.language)


def _details(ctx: Context, notice: NoticeRow, when_: str | None) -> list[str]:
    language = ctx.person.language
    lines = [f"🕑 {when_}"] if when_ else []
    if notice.until is not None:
        every = ctx.say("Every week until {day}", day=day(language, notice.until))
        lines.append(f"🔁 {every}")
    centre = ctx.library.directory.centres.get(notice.centre or "")
    where = [_text(ctx, notice, notice.place)] if notice.place else []
    where += [light_html(centre.called(language), language, language)] if centre else []
    if where:
        lines.append(f"📍 {' · '.join(where)}")
    lines.append(_text(ctx, notice, notice.body))
    notes = [ctx.say("Announced on {day}", day=day(language, local(notice.as_of).date()))]
    if _written(ctx, notice) != language:
        notes.insert(0, ctx.say("In English; not yet translated."))
    return lines + [f"<i>{note}</i>" for note in notes]
