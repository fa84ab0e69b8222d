"""What differs between two texts."""

from hypothesis import given
from hypothesis import strategies as st

from content.differences import differences

TEXTS = st.lists(st.text(alphabet="ab به12 {}.", max_size=12), max_size=6).map("\n".join)


@given(old=TEXTS, new=TEXTS)
def test_both_texts_can_be_read_from_what_differs(old, new):
    lines = differences(old, new)
    assert "\n".join(line.text for line in lines if line.kind != "added") == old
    assert "\n".join(line.text for line in lines if line.kind != "removed") == new


@given(text=TEXTS)
def test_nothing_differs_between_a_text_and_itself(text):
    assert all(line.kind == "same" for line in differences(text, text))


def test_only_the_words_that_changed_are_marked():
    lines = differences(
        "Title\nکیمپ میں: انفو ڈیسک پر پوچھیں۔\nend", "Title\nکیمپ میں: دفتر پر پوچھیں۔\nend"
    )
    assert [line.kind for line in lines] == ["same", "removed", "added", "same"]
    marked = [[part.text for part in line.parts if part.marked] for line in lines]
    assert marked == [[], ["انفو ڈیسک"], ["دفتر"], []]


def test_lines_without_anything_in_common_are_shown_as_two_whole_lines():
    removed, added = differences("Call 122.", "پرسید")
    assert (removed.text, added.text) == ("Call 122.", "پرسید")
    assert not any(part.marked for line in (removed, added) for part in line.parts)
