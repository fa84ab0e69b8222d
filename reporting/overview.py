"""What the dashboard and the monthly report show: tables of numbers that may be shown.

Here exact counts end: what leaves this module went through ``reporting.disclosure``. Rows are
ordered by shown numbers and names, so that the order tells no more than the numbers.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel import Locale

from content.coding import frame
from content.languages import LANGUAGES
from reporting.disclosure import Group, in_words, share, shown, together
from reporting.selection import NOT_GIVEN, Selection, month_of
from reporting.statistics import BANDS, LONGER, Statistics, Topic
from store.clocks import GENERAL_DAYS

HERE = Path(__file__).parent
#: Templates of what the console and the report have in common, and their style sheet.
TEMPLATES, STYLE = HERE / "templates", HERE / "report.css"
#: Months up to which a period is shown by week.
BY_WEEK = 3
#: Rows of a list of topics.
MOST_TOPICS = 10
STATUSES = {
    "new": "New, unread",
    "acknowledged": "Read",
    "in_progress": "In progress",
    "answered": "Answered",
    "closed": "Closed",
}
CHANNELS = {"telegram": "Telegram", "web": "Web chat"}
#: English names of languages; people from Iran and Afghanistan share one.
_ENGLISH = {code: Locale("en").languages[code] for code in LANGUAGES} | {"fa": "Farsi/Dari"}


@dataclass(frozen=True)
class Line:
    """A row of a table: a shown number (None: fewer than the base) and its share in per cent."""

    label: str
    number: int | None
    share: int | None = None
    short: str = ""  # under a column of a chart


@dataclass(frozen=True)
class Table:
    """A table with its one-sentence summary; ``over_time``: drawn as columns, not bars."""

    id: str
    title: str
    of: str  # what a row is
    lines: tuple[Line, ...]
    summary: str
    over_time: bool = False

    @property
    def largest(self) -> int:
        """The largest number, 0 if none is shown."""
        return max((line.number or 0 for line in self.lines), default=0)

    @property
    def has_shares(self) -> bool:
        """Whether any row has a share."""
        return any(line.share is not None for line in self.lines)


@dataclass(frozen=True)
class Overview:
    """Everything that is shown about a selection. ``facts``: a name, a value, and what it means."""

    selection: Selection
    as_of: dt.date
    base: int
    total: int | None
    facts: tuple[tuple[str, str, str], ...]
    tables: tuple[Table, ...]  # empty where there are too few items
    sensitive: Table

    def words(self, number: int | None) -> str:
        """A number as it is written."""
        return in_words(number, self.base)


def language_name(code: str) -> str:
    """The English name of a language."""
    return _ENGLISH.get(code, code)


def type_name(kind: str) -> str:
    """The English name of a type of feedback."""
    label = frame().types.get(kind)
    return label["en"] if label else kind


def category_name(category: str) -> str:
    """The English name of a category."""
    found = frame().categories.get(category)
    return found.label["en"] if found else category


def topic_name(topic: Topic) -> str:
    """The English name of a topic."""
    code = frame().codes.get(topic.code or "")
    return code.label["en"] if code else f"{category_name(topic.category)} (no code yet)"


def note_on_rounding(base: int) -> str:
    """What readers must know of the numbers."""
    return (
        f"To protect people, no number under {base} is shown, not even zero. Every other number is "
        f"rounded up or down to a multiple of {base}; the same items always give the same number. "
        "So parts may not add up to their total, and shares are approximate. Sensitive matters are "
        "in no number but their own."
    )


def overview(found: Statistics, centres: Mapping[str, str], base: int) -> Overview:
    """What may be shown of some statistics. ``centres``: English names by id."""
    total = shown(found.total, base)
    return Overview(
        selection=found.selection,
        as_of=found.as_of,
        base=base,
        total=total,
        facts=_facts(found, base),
        tables=() if total is None else _tables(found, centres, base),
        sensitive=_sensitive(found, base),
    )


def _facts(found: Statistics, base: int) -> tuple[tuple[str, str, str], ...]:
    total, done = shown(found.total, base), shown(found.done, base)
    confirmed = shown(found.confirmed, base)

    def per_cent(part: int | None) -> str:
        value = share(part, total)
        return "not shown" if value is None else f"{value} %"

    return (
        ("Items", in_words(total, base), "given in this period"),
        ("Answered or closed", per_cent(done), "of all items"),
        ("Open", in_words(shown(found.open, base), base), "not answered or closed"),
        (
            "Overdue",
            in_words(shown(found.overdue, base), base),
            f"open, and waiting for more than {GENERAL_DAYS} days",
        ),
        ("Code confirmed", per_cent(confirmed), "of all items, by an officer"),
    )


def _tables(found: Statistics, centres: Mapping[str, str], base: int) -> tuple[Table, ...]:
    whole = shown(found.total, base)
    answered = shown(together(found.by_response.values()), base)

    def table(
        id_: str,
        title: str,
        of: str,
        groups: Mapping[Any, Group],
        names: Mapping[Any, str],
        *,
        of_whole: int | None = whole,
        in_order: bool = False,
    ) -> Table:
        """All known values, also those without items; unknown ones only with a shown number."""
        known = {key: groups.get(key, Group()) for key in names}
        more = {key: g for key, g in groups.items() if key not in names and g.n >= base}
        lines = [
            _line(names.get(key, str(key)), group, base, of_whole)
            for key, group in (known | more).items()
        ]
        lines = lines if in_order else _ordered(lines)
        return Table(id_, title, of, tuple(lines), _most(lines, base))

    def topics(id_: str, title: str, groups: Mapping[Topic, Group], nothing: str) -> Table:
        lines = _ordered(_line(topic_name(t), g, base) for t, g in groups.items() if g.n >= base)
        lines = lines[:MOST_TOPICS]
        summary = _most(lines, base) if lines else nothing
        return Table(id_, title, "Topic", tuple(lines), summary)

    by_category = {c: Group() for c in frame().categories}
    for topic, group in found.by_topic.items():
        by_category[topic.category] = by_category.get(topic.category, Group()).with_(group)
    bands = {name: name for name in (*(name for _most_days, name in BANDS), LONGER)}
    few = f"No topic has {base} or more"
    return (
        _over_time(found, base),
        table("type", "By type", "Type", found.by_type, {t: type_name(t) for t in frame().types}),
        table(
            "category",
            "By category",
            "Category",
            by_category,
            {c: category_name(c) for c in frame().categories},
        ),
        table(
            "centre",
            "By centre",
            "Centre",
            found.by_centre,
            {**centres, NOT_GIVEN: "No centre given"},
        ),
        table(
            "language",
            "By language",
            "Language",
            found.by_language,
            {code: language_name(code) for code in LANGUAGES},
        ),
        table("channel", "By channel", "Channel", found.by_channel, CHANNELS),
        table("status", "By status", "Status", found.by_status, STATUSES, in_order=True),
        table(
            "response",
            "Time until the answer",
            "Time",
            found.by_response,
            bands,
            of_whole=answered,
            in_order=True,
        ),
        topics("open", "Unanswered topics", found.open_by_topic, f"{few} open items."),
        topics("rumours", "Things heard", found.rumours_by_topic, f"{few} rumours."),
    )


def _line(label: str, group: Group, base: int, whole: int | None = None) -> Line:
    number = shown(group, base)
    return Line(label, number, share(number, whole))


def _ordered(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-(line.number or 0), line.label))


def _most(lines: Iterable[Line], base: int) -> str:
    largest = [line for line in _ordered(lines) if line.number is not None][:2]
    if not largest:
        return f"Every row has fewer than {base} items."
    told = [
        f"{line.label} ({line.number:,}{f', {line.share} %' if line.share is not None else ''})"
        for line in largest
    ]
    return f"Most: {', then '.join(told)}."


def _over_time(found: Statistics, base: int) -> Table:
    chosen = found.selection
    by_week = len(chosen.months) <= BY_WEEK
    if by_week:
        # a week that reaches into the period counts with its days inside
        first = _week_of(chosen.first)
        days = min((chosen.end - first).days, (found.as_of - first).days + 1)
        starts = [first + dt.timedelta(days=n) for n in range(0, days, 7)]
    else:
        starts = chosen.months
    groups = dict.fromkeys(starts, Group())
    for day, group in found.by_day.items():
        start = _week_of(day) if by_week else month_of(day)
        groups[start] = groups.get(start, Group()).with_(group)
    lines = []
    for start, group in sorted(groups.items()):
        label = f"Week of {start.day} {start:%B %Y}" if by_week else f"{start:%B %Y}"
        short = f"{start.day} {start:%b}" if by_week else f"{start:%b %y}"
        lines.append(Line(label, shown(group, base), short=short))
    unit = "week" if by_week else "month"
    return Table(
        "time",
        f"By {unit}",
        unit.capitalize(),
        tuple(lines),
        _most(lines, base),
        over_time=True,
    )


def _week_of(day: dt.date) -> dt.date:
    """The Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def _sensitive(found: Statistics, base: int) -> Table:
    months = {month: found.sensitive.get(month, Group()) for month in found.selection.months}
    lines = [Line(f"{m:%B %Y}", shown(g, base), short=f"{m:%b %y}") for m, g in months.items()]
    total = in_words(shown(together(months.values()), base), base)
    return Table(
        "sensitive",
        "Sensitive matters",
        "Month",
        tuple(lines),
        f"Sensitive feedback and confidential reports together, of all centres and languages: "
        f"{total} in the period.",
        over_time=True,
    )
