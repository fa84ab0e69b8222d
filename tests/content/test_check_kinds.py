"""One seeded error of each kind is found, with its file and line, and nothing else is."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from content.check import CONTENT, KINDS, check_content
from content.languages import LANGUAGES
from content.sentences import LOCALE

TODAY = dt.date(2026, 12, 1)
FILES = ("directory.yml", "desks.yml", "officer_sentences.yml")
#: kind, file, what is replaced (once), by what, and what stands in the line that is named.
SEEDED = [
    ("unreadable", "fa/mine_found.md", "related: [", "related: [[", "made_from"),
    ("unreadable", "fa/mine_found.md", "checked: 2", "tested: 2", "title:"),
    ("unreadable", "desks.yml", "asylum:", "Asylum:", "# Desks"),
    ("status", "fr/mine_found.md", "status: draft", "status: good", "status:"),
    ("source", "en/mine_found.md", '  - "Mine awareness page"', '  - ""', "sources:"),
    ("dates", "ar/mine_found.md", "checked: 2026-11", "checked: 2026-12", "checked:"),
    ("dates", "ar/mine_found.md", "until: 2027-05-22", "until: soon", "valid_until:"),
    ("title_length", "en/mine_found.md", "title: ", "title: " + "Mine " * 6 + "# ", "title:"),
    ("body_length", "ur/mine_found.md", "5. ", "5. " + "بارودی سرنگ " * 60, "1. **"),
    ("empty", "en/mine_found.md", "title: ", 'title: "" # ', "title:"),
    ("placeholder_unknown", "fa/mine_found.md", "{number.police}", "{number.polis}", "polis"),
    ("placeholder_unpublished", "ar/mine_found.md", "{number.police}", "{org.iom.email}", "email"),
    ("placeholder_broken", "ps/mine_found.md", "3. ", "3. {پولیس} ", "3. "),
    ("placeholder_differs", "fr/mine_found.md", "{number.police}", "17", "1. **"),
    ("number_differs", "fr/mine_found.md", "rien.", "15.", "1. **"),
    ("typed_number", "ur/mine_found.md", "3. ", "3. 033 955 200 ", "3. "),
    ("typed_address", "fr/mine_found.md", "touchez à rien", "bhmac.org", "3. "),
    ("directory", "directory.yml", 'source: "N1 on', 'from: "N1 on', "civil_prot"),
    ("directory", "directory.yml", "near: {value: sarajevo", "near: {value: nowhere", "nowhere"),
    ("expired", "ps/mine_found.md", "until: 2027-05-22", "until: 2026-11-30", "valid_until:"),
    ("expires_soon", "ps/mine_found.md", "until: 2027-05-22", "until: 2026-12-31", "valid_until:"),
    ("outdated", "ps/mine_found.md", 'made_from: "', 'made_from: "0', "made_from:"),
    ("not_compared", "ps/mine_found.md", "made_from: ", 'made_from: "" # ', "made_from:"),
    ("markup_unbalanced", "fa/mine_found.md", "1. **", "1. ", "1. "),
    ("markup_unsupported", "fa/mine_found.md", "3. ", "## ", "## "),
    ("link_scheme", "en/mine_found.md", "Touch", "[Touch](ftp://x.example)", "3. "),
    ("link_scheme", "fr/mine_found.md", "Ne touchez", "[Ne](ask:food) touchez", "3. "),
    ("bidi_control", "ar/mine_found.md", "3. ", "3. \u200f", "3. "),
    ("not_isolated", "ar/mine_found.md", "3. ", "3. Ω ", "3. "),
    ("title_direction", "ur/mine_found.md", 'title: "', 'title: "IOM ', "title:"),
    ("digits", "ps/mine_found.md", "3. ", "3. ۳ ", "3. "),
    ("wrong_letters", "fa/mine_found.md", "3. ", "3. ك ", "3. "),
    ("wrong_letters", "ar/mine_found.md", "3. ", "3. ی ", "3. "),
    ("wrong_letters", "ur/mine_found.md", "3. ", "3. ه ", "3. "),
    ("wrong_letters", "ps/mine_found.md", "3. ", "3. ے ", "3. "),
    ("wrong_letters", "fr/mine_found.md", "touchez", "لا", "3. "),
    ("wrong_punctuation", "fa/mine_found.md", "3. ", "3. نه, ", "3. "),
    ("french_space", "fr/mine_found.md", "à rien.", "rien !", "3. "),
    ("stray_character", "ar/mine_found.md", "3. ", "3. \ufefb ", "3. "),
    ("untranslated", "ur/mine_found.md", "3. ", "3. Touch nothing here. ", "3. "),
    ("untranslated", "fr/mine_found.md", "Ne touchez à rien", "You must wait", "3. "),
    ("dead_link", "en/mine_found.md", "[mine_signs", "[mine_signals", "related:"),
    ("dead_link", "en/mine_found.md", "[mine_signs", "[mine_found", "related:"),
    ("dead_link", "en/mine_found.md", "[mine_signs", "[mine_areas", "related:"),
    ("dead_link", "fr/mine_found.md", "Ne touchez", "[Ne](ask:nothing) touchez", "3. "),
    ("translation_missing", "directory.yml", ', fr: "la Croix-Rouge"', "", "صلیب سرخ"),
    ("wrong_letters", "officer_sentences.yml", "شكرًا لكم", "شکرًا لكم", "شکرًا"),
    ("untranslated", "officer_sentences.yml", "Merci de nous en avoir parlé", "Thank you and "
     "the best to you", "the best to you"),
    ("translation_missing", "../locale/fr/LC_MESSAGES/rahnuma.po", "👍 Utile", "", '👍 Useful"'),
    ("placeholder_differs", "../locale/ps/LC_MESSAGES/rahnuma.po", "{day}\"\nmsgstr \"",
     "{day}\"\nmsgstr \"{dag}", "As of {day}"),
    ("tags_differ", "../locale/ur/LC_MESSAGES/rahnuma.po", '👍 Useful"\nmsgstr "',
     '👍 Useful"\nmsgstr "<b>', '👍 Useful"'),
    ("wrong_letters", "../locale/fa/LC_MESSAGES/rahnuma.po", '👍 Useful"\nmsgstr "',
     '👍 Useful"\nmsgstr "ك', '👍 Useful"'),
]  # fmt: skip
#: Kinds that may come with another.
BESIDE = {
    "placeholder_unpublished": {"placeholder_differs"},
    "placeholder_unknown": {"placeholder_differs"},
    "placeholder_differs": {"number_differs"},
    "title_direction": {"title_length"},
    "typed_number": {"number_differs"},
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The answer on mines in six languages, some other files and the catalogues."""
    folder = tmp_path_factory.mktemp("small") / "content"
    for code in LANGUAGES:
        (folder / code).mkdir(parents=True)
        shutil.copy(CONTENT / code / "mine_found.md", folder / code)
    for name in FILES:
        shutil.copy(CONTENT / name, folder)
    shutil.copytree(LOCALE, folder.parent / "locale")
    return folder


@pytest.fixture
def seed(small: Path) -> Iterator:
    """Replaces once in a file of the small copy, and puts the file back afterwards."""
    kept: dict[Path, str] = {}

    def replace(name: str, old: str, new: str) -> Path:
        path = small / name
        kept[path] = path.read_text(encoding="utf-8")
        assert old in kept[path]
        path.write_text(kept[path].replace(old, new, 1), encoding="utf-8")
        return path.resolve()

    yield replace
    for path, text in kept.items():
        path.write_text(text, encoding="utf-8")


def found_in(path: Path, folder: Path) -> list:
    return [f for f in check_content(folder, TODAY) if f.path and f.path.resolve() == path]


@pytest.mark.parametrize(("kind", "name", "old", "new", "line"), SEEDED)
def test_a_seeded_error_is_found_in_its_line(small, seed, kind, name, old, new, line):
    path = seed(name, old, new)
    found = found_in(path, small)
    assert kind in {f.kind for f in found}, found
    assert {f.kind for f in found} <= {kind} | BESIDE.get(kind, set()), found
    lines = path.read_text(encoding="utf-8").splitlines()
    assert line in lines[next(f.line for f in found if f.kind == kind) - 1]
    assert all(f.message and f.level == KINDS[f.kind] for f in found)


def test_the_small_copy_has_no_finding_but_missing_files(small):
    assert {f.kind for f in check_content(small, TODAY)} == {"missing"}


def test_a_missing_and_an_unknown_file_are_found(small):
    path = small / "en" / "mine_fund.md"
    shutil.copy(small / "en" / "mine_found.md", path)
    try:
        found = {(f.kind, f.path) for f in check_content(small, TODAY)}
    finally:
        path.unlink()
    assert ("unknown_file", path) in found
    assert ("missing", small / "fa" / "food.md") in found
    assert ("missing", small / "coding_frame.yml") in found


def test_a_language_mistaken_for_another_is_found(small):
    path = small / "ps" / "mine_found.md"
    kept = path.read_text(encoding="utf-8")
    head = kept[: kept.index("\n---\n", 4) + 5]
    body = (small / "fa" / "mine_found.md").read_text(encoding="utf-8").split("\n---\n", 1)[1]
    try:
        path.write_text(head + body, encoding="utf-8")
        kinds = {f.kind for f in found_in(path.resolve(), small)}
    finally:
        path.write_text(kept, encoding="utf-8")
    assert kinds == {"wrong_language"}


def test_a_hard_text_is_found(small, seed):
    hard = (
        "The determination of status constitutes an administrative procedure whereby the competent "
        "authorities evaluate the credibility of every applicant and the foreseeable consequences "
        "of an involuntary repatriation, considering all available documentation. "
    )
    path = seed("en/mine_found.md", "4. ", "4. " + hard * 2)
    assert "reading_level" in {f.kind for f in found_in(path, small)}


def test_every_kind_has_a_seeded_error():
    apart = {"missing", "unknown_file", "wrong_language", "reading_level"}
    assert {kind for kind, *_ in SEEDED} | apart == set(KINDS)
