"""Search over the answers and what people ask them with; rumours by a person's own words."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.answers import Library, read_answers
from content.directory import Directory
from content.intents import danger_intents, intents_with_text
from content.languages import LANGUAGES, direction
from content.question_index import QuestionIndex
from content.questions import CacheError, index_path, index_questions, read_index, write_index
from content.rumours import Rumour
from content.terms import features, stem, stems
from content.training import TrainingError
from tests.support.held_out import held_out

#: Of the held-out questions that have an answer, the share that find it among the first three.
TOP_THREE = 0.85
DAY = dt.date(2026, 11, 20)


@pytest.fixture(scope="module")
def learnt(questions) -> Library:
    """The project's content, with what people ask."""
    library = Library.load()
    library.finder.learn(questions)
    return library


@pytest.fixture(scope="module")
def found(learnt: Library) -> dict[tuple[str, str], Counter[str]]:
    """By language and script: held-out questions, those whose answer is among three, dangers."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for case in held_out():
        if case.intent not in intents_with_text():
            continue
        right = case.intent in learnt.finder.of(case.language).find(case.text)
        here = counts.setdefault((case.language, case.script), Counter())
        here.update(all=1, right=right)
        if case.intent in danger_intents():
            here.update(danger=1, danger_right=right)
    return counts


@pytest.mark.parametrize("code", LANGUAGES)
def test_held_out_questions_find_their_answer_among_the_first_three(found, code):
    own = found[code, "Arab" if direction(code) == "rtl" else "Latn"]
    assert own["all"] > 500
    assert own["right"] / own["all"] >= TOP_THREE


@pytest.mark.parametrize("code", [c for c in LANGUAGES if direction(c) == "rtl"])
def test_held_out_questions_in_latin_letters_find_theirs_too(found, code):
    latin = found[code, "Latn"]
    assert latin["all"] > 100
    assert latin["right"] / latin["all"] >= TOP_THREE


def test_dangers_are_found_like_everything_else(found):
    whole = sum(found.values(), Counter())
    assert whole["danger_right"] / whole["danger"] >= TOP_THREE


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_title_finds_its_own_answer_also_with_what_people_ask(learnt, code):
    search = learnt.finder.of(code)
    answers = learnt.of_language(code)
    missed = [a.title for a in answers if a.id not in search.find(a.title)]
    assert len(missed) <= len(answers) * 0.05, missed


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    "text", ["", " ", "?!", "zzzz qqqq", "xkcdjw fqpz", "😀", "ظظظطط", "日本語"]
)
def test_what_says_nothing_finds_nothing(learnt, code, text):
    assert learnt.finder.of(code).find(text) == []


@given(text=st.text(max_size=2000), code=st.sampled_from(list(LANGUAGES)))
def test_any_text_can_be_searched(learnt, text, code):
    found = learnt.finder.of(code).find(text, 5)
    assert len(found) == len(set(found)) <= 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أين الطبيب", "اين طبيب"),  # hamza and the article
        ("المدرسة", "مدرسه"),  # teh marbuta
        ("می‌خواهم", "ميخواهم"),  # a joiner, and yeh of an Arabic keyboard
        ("كتاب", "کتاب"),
        ("مَــــدرسة", "مدرسة"),  # diacritics and tatweel
        ("یہاں", "یهاں"),
        ("چيرې", "چیرې"),
        ("۳۰۰۰", "3000"),
    ],
)
def test_ways_of_writing_one_thing_are_one(one, other):
    assert stems(one, "ar") == stems(other, "ar")


def test_accents_and_apostrophes_make_no_difference():
    assert stems("Où est l’hôpital ?", "fr") == stems("ou est l'hopital", "fr")


def test_the_article_goes_only_where_a_word_remains():
    assert stem("الطبیب") == stem("والطبیب") == stem("طبیب")
    assert stem("الله") == "الله"
    assert stem("ال") == "ال"


def test_latin_letters_are_looked_up_in_both_scripts():
    assert features("wein el doctor", "ar") & features("دكتور", "ar")
    assert not features("where is the doctor", "en") & features("دكتور", "ar")


def test_a_changed_answer_is_found_by_its_new_words(learnt):
    library = Library(read_answers(), Directory.load())
    assert library.finder.of("en").find("zeppelin") == []
    answers = read_answers()
    old = answers["en", "food"]
    answers["en", "food"] = type(old)(**(vars(old) | {"body": "Ask the zeppelin."}))
    library.replace(answers, library.directory.data)
    assert library.finder.of("en").find("zeppelin") == ["food"]


def test_an_index_is_kept_on_disk_and_made_anew_when_questions_change(tmp_path: Path):
    folder = tmp_path / "nlu"
    (folder / "en").mkdir(parents=True)
    file = folder / "en" / "some.yml"
    block = "- intent: {}\n  metadata: {{language: en, script: Latn}}\n  examples: |\n    - {}\n"
    text = 'version: "3.1"\nnlu:\n' + block.format("food", "when is lunch")
    file.write_text(text + block.format("greet", "hello there"))
    path = index_path(tmp_path, folder)
    write_index(path, index_questions(folder))
    index = read_index(path)["en"]
    assert index == index_questions(folder)["en"]
    asked = index.ask("lunch when", "en")
    assert max(asked, key=asked.get) == "food"
    file.write_text(text)
    assert index_path(tmp_path, folder) != path
    file.write_text("nonsense")
    with pytest.raises(TrainingError):
        index_questions(folder)


@pytest.mark.parametrize(
    "content", [b"", b"{}x\n", b'{"en": [["a"], 1, [9, 9, 9, 9, 9, 9]]}\n', b"[1]\n"]
)
def test_a_broken_file_is_no_index(tmp_path: Path, content):
    path = tmp_path / "questions-x.bin"
    path.write_bytes(content)
    with pytest.raises(CacheError):
        read_index(path)


def test_a_cut_off_file_is_no_index(tmp_path: Path):
    path = tmp_path / "questions-x.bin"
    write_index(path, {"en": QuestionIndex.build([("when is lunch", "food")], "en")})
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(CacheError):
        read_index(path)


def rumour(id: str, heard: dict[str, str], **more) -> Rumour:
    """A rumour of November."""
    usual = {"known": dict.fromkeys(heard, "…"), "as_of": DAY, "valid_until": DAY}
    return Rumour(id, heard, **(usual | more))


HEARD = {
    "en": "The camp Usivak will close in winter.",
    "fr": "Le camp d’Usivak va fermer cet hiver.",
    "ar": "مخيم أوشيفاك سيغلق في الشتاء.",
    "fa": "کمپ اوشیواک زمستان بسته می‌شود.",
    "ps": "د اوشیواک کمپ به په ژمي کې وتړل شي.",
    "ur": "اوشیواک کیمپ سردیوں میں بند ہو جائے گا۔",
}


@pytest.mark.parametrize(
    ("code", "asked", "other"),
    [
        ("en", "i heard usivak is closing?", "is it true that croatia opened the border"),
        ("fr", "le camp usivak ferme ?", "c est vrai que la croatie a ouvert la frontiere"),
        ("ar", "سمعت مخيم اوشيفاك رح يسكر بالشتا", "صحيح كرواتيا فتحت الحدود"),
        ("fa", "میگن کمپ اوشیواک بسته میشه", "میگن مرز کرواسی باز شده"),
        ("ps", "وایي د اوشیواک کمپ تړل کیږي", "رښتیا ده چې د کروشیا سرحد خلاص شو"),
        ("ur", "سنا ہے اوشیواک کیمپ بند ہو رہا ہے", "سنا ہے کروشیا نے بارڈر کھول دیا"),
    ],
)
def test_a_rumour_is_found_by_a_persons_own_words_and_not_by_other_rumours(
    learnt, code, asked, other
):
    learnt.rumours.replace([rumour("a", HEARD)])
    assert learnt.rumours.find(asked, code, DAY).id == "a"
    assert learnt.rumours.find(other, code, DAY) is None
    assert learnt.rumours.find(asked, code, DAY + dt.timedelta(days=1)) is None
    learnt.rumours.replace([])
    assert learnt.rumours.find(asked, code, DAY) is None


@pytest.mark.parametrize(
    ("code", "heard", "asked", "other"),
    [
        (
            "fa",
            "آلمان هفته آینده همه را از کمپ لیپا با اتوبوس می‌برد.",
            "miguyan alman az lipa adam mibare",
            "migan marz e krowasi baz shode",
        ),
        (
            "ur",
            "جرمنی اگلے ہفتے لیپا کیمپ سے سب کو بس میں لے جائے گا۔",
            "kya germany lipa se logon ko le ja raha hai",
            "suna hai croatia ne border khol diya",
        ),
    ],
)
def test_a_rumour_can_be_found_in_latin_letters(learnt, code, heard, asked, other):
    learnt.rumours.replace([rumour("a", {code: heard})])
    assert learnt.rumours.find(asked, code, DAY).id == "a"
    assert learnt.rumours.find(other, code, DAY) is None


@given(text=st.text(max_size=300), code=st.sampled_from(list(LANGUAGES)))
def test_any_text_can_be_held_against_rumours(learnt, text, code):
    learnt.rumours.replace([rumour("a", {"en": "x"}), rumour("b", HEARD)])
    found = learnt.rumours.find(text, code, DAY)
    assert found is None or found.id in ("a", "b")


def test_rumours_of_the_own_centre_come_first_then_the_newest():
    library = Library(read_answers(), Directory.load())
    days = [DAY - dt.timedelta(days=n) for n in range(3)]
    library.rumours.replace(
        [
            rumour("old here", {"en": "x"}, as_of=days[2], centre="lipa"),
            rumour("older", {"en": "x"}, as_of=days[1]),
            rumour("newest", {"en": "x"}, as_of=days[0], centre="usivak"),
        ]
    )
    order = [one.id for one in library.rumours.current(DAY, "lipa")]
    assert order == ["old here", "newest", "older"]
    assert [one.id for one in library.rumours.current(DAY)] == ["newest", "older", "old here"]
