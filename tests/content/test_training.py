"""Labelled sentences as training data."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from content.intents import intents
from content.training import Sentence, TrainingError, file_name, training_files
from nlu.normalise import clean


def read(text: str, language: str) -> list[tuple[str, str, str]]:
    """(intent, script, sentence) of a file, held to the shape that nlu/data.py documents."""
    content = yaml.safe_load(text)
    assert content["version"] == "3.1" and isinstance(content["nlu"], list)
    found = []
    for block in content["nlu"]:
        assert block["intent"] in intents()
        assert block["metadata"]["language"] == language
        assert block["metadata"]["script"] in ("Arab", "Latn")
        for line in block["examples"].splitlines():
            assert line.startswith("- ") and line[2:].strip()
            found.append((block["intent"], block["metadata"]["script"], line[2:].strip()))
    return found


def test_files_are_one_for_each_language_and_script_and_read_like_the_others():
    files = training_files(
        [
            Sentence("ar", "Arab", "food", "وين الاكل؟"),
            Sentence("ar", "Latn", "food", "win lakel"),
            Sentence("ar", "Arab", "asylum_apply", "بدي لجوء"),
            Sentence("fr", "Latn", "food", "on mange où: \"ici\" # là"),
        ]
    )  # fmt: skip
    assert list(files) == ["ar/unclear.latin.yml", "ar/unclear.yml", "fr/unclear.yml"]
    assert files["ar/unclear.yml"] == (
        'version: "3.1"\n'
        "nlu:\n"
        "- intent: asylum_apply\n"
        "  metadata: {language: ar, script: Arab}\n"
        "  examples: |\n"
        "    - بدي لجوء\n"
        "- intent: food\n"
        "  metadata: {language: ar, script: Arab}\n"
        "  examples: |\n"
        "    - وين الاكل؟\n"
    )
    assert read(files["fr/unclear.yml"], "fr") == [("food", "Latn", 'on mange où: "ici" # là')]


def test_marks_of_redaction_and_brackets_do_not_reach_the_model():
    [text] = training_files(
        [
            Sentence("en", "Latn", "food", "call [number] for [bread](food) now"),
            Sentence("en", "Latn", "food", "[number]"),
        ]
    ).values()
    assert read(text, "en") == [("food", "Latn", "call for bread(food) now")]


def test_what_stands_from_an_earlier_export_stays_with_its_own_label_and_nothing_comes_twice():
    first = training_files([Sentence("en", "Latn", "food", "bread where")])
    second = training_files(
        [
            Sentence("en", "Latn", "shelter_find", "bread where"),
            Sentence("en", "Latn", "shelter_find", "bed where"),
            Sentence("en", "Latn", "shelter_find", "bed where"),
        ],
        first,
    )
    assert sorted(read(second["en/unclear.yml"], "en")) == [
        ("food", "Latn", "bread where"),
        ("shelter_find", "Latn", "bed where"),
    ]


@pytest.mark.parametrize("text", ["", "nlu: 5", "{", "nlu: [{intent: x}]"])
def test_a_file_that_is_no_training_data_is_not_written_over(text):
    with pytest.raises(TrainingError, match="en/unclear.yml"):
        training_files([Sentence("en", "Latn", "food", "bread")], {"en/unclear.yml": text})


@given(
    st.lists(
        st.tuples(
            st.text(max_size=80),
            st.sampled_from(list(intents())),
            st.sampled_from([("ar", "Arab"), ("ar", "Latn"), ("en", "Latn")]),
        ),
        max_size=8,
    )
)
def test_whatever_people_type_is_read_back_as_it_was_kept(rows):
    kept = [Sentence(*written, intent, clean(text)) for text, intent, written in rows]
    files = training_files(kept)
    assert set(files) <= {file_name(s.language, s.script) for s in kept}
    for name, text in files.items():
        for intent, script, sentence in read(text, name.split("/")[0]):
            assert any(
                (s.intent, s.script) == (intent, script) and len(sentence) <= len(s.text)
                for s in kept
            )
    assert training_files(kept, files) == files
