"""The single rules, on texts of their own."""

import datetime as dt
import re
import shutil
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.answers import Answer, ContentError, read_answer
from content.check import CONTENT, check_answer, check_content
from content.checks.facts import different_numbers
from content.checks.isolation import isolation_problem
from content.checks.letters import check_letters
from content.checks.markup import check_markup
from content.checks.multilingual import check_multilingual
from content.checks.reading import MAX_GRADE, MIN_EASE, ease, grade
from content.checks.translation import check_untranslated
from content.directory import Directory
from content.languages import LANGUAGES
from content.markup import LRI, PDI, isolate, to_html, to_text
from content.source_hash import source_hash
from content.stamp import stamp

DIRECTORY = Directory.load()
TODAY = dt.date(2026, 12, 1)


def kinds(findings) -> list[str]:
    return [finding.kind for finding in findings]


@pytest.fixture
def english() -> Answer:
    return read_answer(CONTENT / "en" / "food.md")


@pytest.fixture
def farsi(english) -> Answer:
    answer = read_answer(CONTENT / "fa" / "food.md")
    return replace(answer, made_from=source_hash(english))


def test_an_answer_is_checked_without_any_file(english, farsi):
    assert check_answer(farsi, english, DIRECTORY, today=TODAY) == []
    assert check_answer(english, None, DIRECTORY, today=TODAY) == []
    wrong = replace(farsi, body=farsi.body + "\n\nسلام ك", title="نان [x](y)")
    found = check_answer(wrong, english, DIRECTORY, today=TODAY)
    last = len(wrong.body.splitlines())
    assert ("wrong_letters", "body", last) in {(f.kind, f.field, f.line) for f in found}
    assert all(f.path is None and str(f).startswith(f"{f.field}, line") for f in found)
    assert found[0].as_json()["path"] is None


def test_an_answer_that_is_new_may_link_to_what_the_editor_knows(english):
    other = replace(english, related=("brand_new",))
    assert kinds(check_answer(other, None, DIRECTORY, today=TODAY)) == ["dead_link"]
    assert check_answer(other, None, DIRECTORY, known=["brand_new"], today=TODAY) == []


def test_of_a_page_pasted_by_mistake_only_the_length_is_told(english):
    pasted = replace(english, body="a.a@" * 50_000)
    assert kinds(check_answer(pasted, None, DIRECTORY, today=TODAY)) == ["body_length"]


def test_the_last_days_of_a_text(english):
    def on(days: int) -> list[str]:
        today = english.valid_until + dt.timedelta(days=days)
        return kinds(check_answer(english, None, DIRECTORY, today=today))

    assert [on(-31), on(-30), on(0), on(1)] == [[], ["expires_soon"], ["expires_soon"], ["expired"]]


def test_the_source_hash_changes_with_words_only(english):
    mark = source_hash(english)
    assert re.fullmatch("[0-9a-f]{12}", mark)
    spaced = english.body.replace("\n", " \n\n").replace(" ", "  ")
    assert source_hash(replace(english, body=spaced, status="reviewed")) == mark
    assert source_hash(replace(english, body=english.body + " More.")) != mark
    assert source_hash(replace(english, title="Other")) != mark


@pytest.mark.parametrize(
    ("text", "english", "different"),
    [
        ("nach 9 Monaten", "after 9 months", set()),
        ("4000 personnes", "4,000 people", set()),
        ("4 000 personnes", "4,000 people", set()),
        ("une semaine", "1 week", set()),
        ("3 fois", "three times", set()),
        ("ماه 8 سال 2024", "in August 2024", set()),
        ("5 روز", "you may wait", {"5"}),
        ("9" * 5000, "9", {"9" * 5000}),
        ("14 jours", "15 days", {"14", "15"}),
        ("", "30 days", {"30"}),
        ("2 jours", "some days", {"2"}),
        ("1. Un\n2. Deux", "1. One", set()),
        ("{number.police}", "call 99", {"99"}),
    ],
)
def test_numbers_are_those_of_english(text, english, different):
    assert different_numbers(text, english) == different


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("**bold** and *leaning* and `code`", None),
        ("[here](https://x.org/a_b)", None),
        ("1. one\n2. two\n\n- a\n- b", None),
        ("5 * 3", "markup_unbalanced"),
        ("**bold", "markup_unbalanced"),
        ("** bold**", "markup_unbalanced"),
        ("a `b", "markup_unbalanced"),
        ("# Title", "markup_unsupported"),
        ("a\n---", "markup_unsupported"),
        ("a<br>b", "markup_unsupported"),
        ("![x](https://x.org/y.png)", "markup_unsupported"),
        ("| a | b |", "markup_unsupported"),
        ("> said", "markup_unsupported"),
        ("```", "markup_unsupported"),
        ("__bold__", "markup_unsupported"),
        ("~~no~~", "markup_unsupported"),
        ("[x][y]", "markup_unsupported"),
        ("1) one", "markup_unsupported"),
        ("* one", "markup_unsupported"),
    ],
)
def test_markup_that_would_be_seen_is_found(text, kind):
    assert set(kinds(check_markup(text))) == ({kind} if kind else set())


@given(st.text(st.sampled_from("ab *`[](). \n-1"), max_size=60))
def test_a_text_without_findings_shows_no_signs_of_markdown(text):
    if not list(check_markup(text)):
        for line in text.splitlines():
            assert not re.search(r"[*`]", to_text(to_html(line)))


@pytest.mark.parametrize(
    ("shown", "problem"),
    [
        (f"زنگ {LRI}122{PDI} یا {LRI}IOM{PDI}", None),
        (f"1. زنگ {LRI}122{PDI}", None),
        ("زنگ 122", "not isolated"),
        ("زنگ ۱۲۲", None),
        ("زنگ Ω", "not isolated"),
        (f"زنگ {LRI}122", "not closed"),
        (f"زنگ 122{PDI}", "not isolated"),
        (f"زنگ{PDI}", "nested or closed twice"),
        (f"{LRI}a{LRI}b{PDI}{PDI}", "nested"),
        (f"{LRI}x.org/a{PDI}?{LRI}b{PDI}={LRI}1{PDI}", "wrong order"),
    ],
)
def test_what_is_not_isolated_is_found(shown, problem):
    found = isolation_problem(shown)
    assert found is None if problem is None else problem in (found or "")


@given(
    st.text(st.sampled_from("اب پ، 12+-./()abZš\u200c"), max_size=60),
    st.sampled_from(["ar", "fa", "ps", "ur"]),
)
def test_letters_and_numbers_apart_from_arabic_letters_are_always_isolated(text, language):
    spaced = re.sub(r"(?<=[ابپ\u200c])(?=[\w+])|(?<=[\w])(?=[ابپ])", " ", text)
    shown = isolate(to_html(spaced), language)
    assert isolation_problem(to_text(shown)) is None


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("قبل از آن، می‌روید؟", "fa", None),
        ("خلال الـ 9 أشهر", "ar", None),
        ("لـ {org.iom.phone}", "ar", None),
        ("مرحبـــا", "ar", "stray_character"),
        ("ab\u200bc", "en", "stray_character"),
        ("a\ufffdb", "fr", "stray_character"),
        ("کمپ ٹھیک", "fa", "wrong_letters"),
        ("ښه", "ur", "wrong_letters"),
        ("گفت", "ar", "wrong_letters"),
        ("ة", "ps", "wrong_letters"),
        ("پوځ، سلام", "fa", "wrong_letters"),
        ("کجا?", "fa", "wrong_punctuation"),
        ("Oui\u00a0! Non\u00a0?", "fr", None),
        ("Oui\u00a0: « non\u00a0»", "fr", "french_space"),
        ("این متن دراز فارسی است و در آن حرفی از زبان دیگر پیدا نمی‌شود", "ps", "wrong_language"),
    ],
)
def test_letters(text, language, kind):
    assert set(kinds(check_letters(text, language))) == ({kind} if kind else set())


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("با IOM و UNHCR حرف بزنید", "fa", False),
        ("به {org.iom.phone} یا https://help.unhcr.org/a/b بروید", "fa", False),
        ("دادگاه (Court of BiH) می‌گوید", "fa", False),
        ("در Red Cross Society of BiH", "fa", False),
        ("لطفاً call the police", "fa", True),
        ("Please wait here", "ar", True),
        ("the", "ur", True),
        ("Écrivez à la police, sur Telegram.", "fr", False),
        ("Appelez. Call the police if you are hurt.", "fr", True),
        ("On ne peut pas. Do not touch.", "fr", True),
        ("Call them", "en", False),
    ],
)
def test_passages_left_in_english(text, language, found):
    names = {"Red Cross Society of BiH"}
    assert bool(list(check_untranslated(text, language, names=names))) is found


def test_a_line_copied_from_english_is_found_but_not_a_list_of_names():
    english = "**Who**\n- Bihać, Tuzla, Foča\n- a friend or a neighbour: {number.police}"
    found = list(check_untranslated(english, "fr", english))
    assert [finding.line for finding in found] == [3]


def test_reading_levels_tell_easy_from_hard():
    easy = "Go to the doctor. Take your papers. Ask for help in your own language."
    hard = (
        "Applicants are required to demonstrate exceptional humanitarian circumstances "
        "necessitating individual consideration by the responsible administrative authority."
    )
    assert grade(easy) < MAX_GRADE < grade(hard)
    facile = "Allez chez le docteur. Prenez vos papiers. Demandez de l’aide dans votre langue."
    difficile = (
        "Les demandeurs doivent démontrer des circonstances humanitaires exceptionnelles "
        "nécessitant un examen individuel par l’autorité administrative responsable."
    )
    assert ease(difficile) < MIN_EASE < ease(facile)
    # 3 words, 1 sentence, 3 syllables: 0.39 · 3 + 11.8 · 1 − 15.59
    assert grade("The cat sat.") == pytest.approx(-2.62)
    # 3 words, 1 sentence, 4 syllables: 207 − 1.015 · 3 − 73.6 · 4/3
    assert ease("Le petit chat.") == pytest.approx(105.822, abs=0.001)


@given(st.text(max_size=200))
def test_any_text_has_a_reading_level(text):
    assert isinstance(grade(text) + ease(text), float)


@given(st.text(max_size=120), st.sampled_from(list(LANGUAGES)))
def test_any_text_can_be_checked(text, language):
    answer = Answer("food", language, text[:20], "draft", TODAY, TODAY, ("s",), (), text.strip())
    for finding in check_answer(answer, None, DIRECTORY, today=TODAY):
        assert finding.line >= 1 and finding.message


def test_texts_by_language_are_found_wherever_they_stand_in_a_yaml_file(tmp_path):
    path = tmp_path / "x.yml"
    path.write_text(
        "list:\n"
        "  - name: {en: One, fr: Un}\n"
        "    file: {en: a.pdf, fr: b/c.pdf}\n"
        "    page: {en: 'https://x.org/a', fr: 'https://x.org/b'}\n"
        "    pages: {en: 3, fr: 4}\n"
        "    words: {en: [one], fr: [un]}\n"
        "    text:\n"
        "      fr: ''\n"
        "      en: Two\n",
        encoding="utf-8",
    )
    found = list(check_multilingual(path))
    assert {f.kind for f in found} == {"translation_missing"}
    assert {(f.line, f.field) for f in found} == {
        *((2, code) for code in ("ar", "fa", "ps", "ur")),
        *((8, code) for code in ("ar", "fa", "ps", "ur", "fr")),
    }
    assert found[0].message.startswith("list.1.name: nothing in")


def test_stamping_writes_the_present_hash_and_nothing_else(tmp_path):
    for code in ("en", "fa", "ur"):
        (tmp_path / code).mkdir()
        for name in ("food", "rescue"):
            shutil.copy(CONTENT / code / f"{name}.md", tmp_path / code)
    source = tmp_path / "en" / "food.md"
    source.write_text(source.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    before = (tmp_path / "fa" / "food.md").read_text(encoding="utf-8")
    assert stamp(tmp_path, ["fa"], ["food"]) == [tmp_path / "fa" / "food.md"]
    after = (tmp_path / "fa" / "food.md").read_text(encoding="utf-8")
    changed = [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True)
               if a != b]  # fmt: skip
    assert changed == [(changed[0][0], f'made_from: "{source_hash(read_answer(source))}"')]
    assert stamp(tmp_path) == [tmp_path / "ur" / "food.md"]
    assert stamp(tmp_path) == []
    with pytest.raises(ContentError, match="no such English text"):
        stamp(tmp_path, ["fa"], ["foood"])


def test_every_translation_of_the_repository_is_stamped():
    day = dt.date(2026, 12, 1)
    assert [str(f) for f in check_content(today=day) if f.field == "made_from"] == []
