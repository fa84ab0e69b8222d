"""From text to runs: what reads left to right, what stays whole, what is bold."""

from hypothesis import given
from hypothesis import strategies as st

from booklet.runs import blocks, line, words
from content.languages import LANGUAGES


def test_a_number_in_arabic_script_is_one_run_that_reads_left_to_right():
    runs = line("زنگ بزنید: +387 33 955 200، هر روز", "fa")
    [number] = [run for run in runs if run.latin]
    assert number.text == "+387 33 955 200"
    assert number.kept


def test_a_long_address_may_break():
    [address] = [run for run in line("آدرس UNITIC Business Center, Tower A", "fa") if run.latin]
    assert not address.kept


def test_a_telephone_number_in_french_is_not_broken():
    runs = line("Appelez le +387 33 955 200 le matin.", "fr")
    assert [run.text for run in runs if run.kept] == ["+387 33 955 200"]


def test_lists_and_bold_words():
    text, numbers, bullets = blocks("**Now** go\n\n1. One\n2. Two **big**\n\n- a\n- b", "en")
    assert [(run.text, run.bold) for run in text.lines[0]] == [("Now", True), (" go", False)]
    assert (numbers.kind, len(numbers.lines)) == ("numbers", 2)
    assert numbers.lines[1][1].bold
    assert (bullets.kind, len(bullets.lines)) == ("bullets", 2)


def test_emojis_of_buttons_are_left_out():
    assert words("👨‍👩‍👧 Family and children") == "Family and children"
    assert words("ℹ️ رهنما") == "رهنما"
    assert words("می‌روم") == "می‌روم"  # the half space of Farsi stays


@given(
    st.text(alphabet=st.sampled_from("ab 12+<>&.:/-()سلام،؟"), max_size=60),
    st.sampled_from(sorted(LANGUAGES)),
)
def test_no_character_is_lost(text: str, language: str):
    assert "".join(run.text for run in line(text, language)) == text
