"""Facts: placeholders known, published and the same as in English; none typed by hand."""

import re
from collections.abc import Iterator

from content.checks.finding import Finding
from content.checks.subject import Subject
from content.directory import PLACEHOLDER, DirectoryError, UnpublishedFact

_TYPED_NUMBER = re.compile(r"\d[\d ]{4,}\d|\b1[12]\d\b|\b126[45]\b")
_TYPED_ADDRESS = re.compile(
    r"https?://|\bwww\.|\b[\w.-]+@[\w-]+\.\w|\b[\w-]{2,}\.(?:ba|org|com|int|net)\b"
)
_NUMBER = re.compile(r"[0-9]+(?:[., \u00a0\u202f][0-9]{3}(?![0-9]))*")
_LIST_NUMBER = re.compile(r"(?m)^\s*\d+\. ")
#: The largest number that a translation may write as a word.
_MAY_BE_SPELLED = 10
_WORDS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)}) \d{{4}}")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def check_typed(text: str, _language: str) -> Iterator[Finding]:
    """Telephone numbers and addresses that must come from the directory."""
    for line, content in enumerate(text.splitlines(), 1):
        bare = PLACEHOLDER.sub("", content)
        if _TYPED_NUMBER.search(bare):
            message = "a number is typed by hand; use a placeholder"
            yield Finding("typed_number", message, line)
        if typed := _TYPED_ADDRESS.search(_LINK.sub(r"\1", bare)):
            message = f"an address is typed by hand ({typed[0]}); use a placeholder"
            yield Finding("typed_address", message, line)


def check_placeholders(subject: Subject) -> Iterator[Finding]:
    """Every placeholder has a fact that may be shown, and English has the same ones."""
    answer, english = subject.answer, subject.english
    for line, content in enumerate(answer.body.splitlines(), 1):
        for name in PLACEHOLDER.findall(content):
            yield from _placeholder(subject, name, line)
        if re.search(r"[{}]", PLACEHOLDER.sub("", content)):
            message = "a brace that belongs to no placeholder such as {number.police}"
            yield Finding("placeholder_broken", message, line)
    if PLACEHOLDER.search(answer.title) or re.search(r"[{}]", answer.title):
        message = "placeholders are filled in the text only, not in the title"
        yield Finding("placeholder_broken", message, field="title")
    if english is None:
        return
    if different := sorted(placeholders(answer.body) ^ placeholders(english.body)):
        message = f"placeholders differ from English: {', '.join(different)}"
        yield Finding("placeholder_differs", message)
    if numbers := different_numbers(answer.body, english.body):
        message = f"numbers differ from English: {', '.join(sorted(numbers))}"
        yield Finding("number_differs", message)


def _placeholder(subject: Subject, name: str, line: int) -> Iterator[Finding]:
    try:
        subject.directory.value(name, subject.answer.language)
    except UnpublishedFact as error:
        yield Finding("placeholder_unpublished", str(error), line)
    except DirectoryError as error:
        yield Finding("placeholder_unknown", str(error), line)


def placeholders(text: str) -> set[str]:
    """The facts that a text names; a name in one language counts as the name."""
    return {re.sub(r"\.called$", ".name", name) for name in PLACEHOLDER.findall(text)}


def different_numbers(text: str, english: str) -> set[str]:
    """Numbers that stand in only one of a translation and its English text.

    Small ones may be words in the translation; words and months of English may be digits in it.
    """
    ours, theirs = _numbers(text), _numbers(english)
    words = set(re.findall(r"[a-z]+", english.lower()))
    spelled = {str(value) for value, word in enumerate(_WORDS, 1) if word in words}
    spelled |= {str(_MONTHS.index(month) + 1) for month in _MONTH.findall(english)}
    missing = {one for one in theirs - ours if len(one) > 2 or int(one) > _MAY_BE_SPELLED}
    return missing | (ours - theirs - spelled)


def _numbers(text: str) -> set[str]:
    """The numbers of a text without those of lists, ``4,000`` and ``4 000`` as ``4000``."""
    bare = _LIST_NUMBER.sub("", PLACEHOLDER.sub("", text))
    return {re.sub(r"\D", "", one) for one in _NUMBER.findall(bare)}
