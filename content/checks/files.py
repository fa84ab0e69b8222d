"""Files and front matter: everything there, of the right kind, short enough."""

import datetime as dt
from collections.abc import Iterator

from content.checks.finding import Finding
from content.checks.subject import Subject
from content.markup import to_html, to_text

#: Characters; an answer must be read on a small phone, a title must fit a button.
MAX_BODY, MAX_TITLE = 900, 28
#: Characters of a body above which nothing but its length is looked at: a page pasted by mistake.
TOO_LONG = 10 * MAX_BODY
STATUSES = ("draft", "reviewed")


def check_front_matter(subject: Subject) -> Iterator[Finding]:
    """Status, sources and dates of an answer, and its lengths as people see it."""
    answer = subject.answer
    if answer.status not in STATUSES:
        yield Finding("status", f"status must be one of {', '.join(STATUSES)}", field="status")
    if not answer.sources or not all(str(one).strip() for one in answer.sources):
        yield Finding("source", "no source", field="sources")
    # YAML reads what is no day as text or a number
    days = {"checked": answer.checked, "valid_until": answer.valid_until}
    wrong = [name for name, day in days.items() if type(day) is not dt.date]
    for name in wrong:
        yield Finding("dates", f"{name} must be a day, as 2026-11-22", field=name)
    if not wrong:
        if answer.valid_until <= answer.checked:
            yield Finding("dates", "valid_until is not after checked", field="valid_until")
        if answer.checked > subject.today:
            yield Finding("dates", "checked is a day to come", field="checked")
    title, body = answer.title, answer.body
    if not title.strip():
        yield Finding("empty", "no title", field="title")
    if not body:
        yield Finding("empty", "no text")
    if len(title) > MAX_TITLE:
        message = f"title has {len(title)} characters, at most {MAX_TITLE}"
        yield Finding("title_length", message, field="title")
    shown = to_text(to_html(subject.filled))
    if len(shown) > MAX_BODY:
        yield Finding("body_length", f"body has {len(shown)} characters, at most {MAX_BODY}")
