"""What Telegram gets."""

from hypothesis import given
from hypothesis import strategies as st

from actions.reply import Choice, Reply
from bot.telegram.rendering import keyboard, parts, rows
from tests.support.telegram_server import visible_text

_words = st.lists(
    st.sampled_from(["word", "<b>bold</b>", "<i>x y</i>", "سلام", "&amp;", "\n", "\n\n", "a" * 90]),
    max_size=400,
)


@given(_words)
def test_every_part_is_short_enough_balanced_and_nothing_is_lost(words):
    html = " ".join(words)
    cut = parts(html)
    for part in cut:
        assert len(visible_text(part, "HTML")) <= 4096
    together = "".join(visible_text(part, "HTML") for part in cut)
    assert "".join(together.split()) == "".join(visible_text(html, "HTML").split())


@given(st.integers(1, 20_000))
def test_text_without_any_gap_is_cut_too(length):
    assert sum(len(part) for part in parts("ب" * length)) == length


@given(st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_buttons_keep_their_order_and_long_ones_stand_alone(lengths):
    choices = [Choice("x" * n, f"v{i}") for i, n in enumerate(lengths)]
    assert [c for row in rows(choices) for c in row] == choices
    assert all(len(row) == 1 or all(len(c.label) <= 17 for c in row) for row in rows(choices))


def test_a_reply_without_choices_has_no_keyboard():
    assert keyboard(Reply("hi", "en")) is None


def test_faces_stand_in_one_row_apart_from_words():
    faces = [Choice(face, f"f{n}") for n, face in enumerate("😞🙁😐🙂😀")]
    laid = rows([*faces, Choice("Menu", "menu"), Choice("Back", "back")])
    assert [len(row) for row in laid] == [5, 2]
