"""One mapping of a YAML text is changed, and nothing else."""

import datetime as dt

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from content.directory import DIRECTORY, Directory
from content.facts import all_facts
from content.yaml_edit import EditError, flow, with_mapping

TEXT = """\
# who
a:
  # the first
  one:
    value: "1"   # said twice
    list:
      - "x"
      - "y"
    days: {mon: ["08:00-12:00"]}
  two: {value: "2", publish: false, note: "n"}  # in one line
  # nothing follows
b: {}
"""


def edited(path: str, wanted: dict) -> str:
    return with_mapping(TEXT, path.split("."), wanted)


def test_a_value_is_another_and_comments_stay():
    one = yaml.safe_load(TEXT)["a"]["one"]
    assert edited("a.one", one | {"value": "10"}) == TEXT.replace('"1" ', '"10" ')
    two = yaml.safe_load(TEXT)["a"]["two"]
    assert edited("a.two", two | {"publish": True}) == TEXT.replace("false", "true")


def test_fields_come_and_go():
    one = yaml.safe_load(TEXT)["a"]["one"]
    more = edited("a.one", one | {"checked": dt.date(2026, 11, 22)})
    assert more == TEXT.replace("]}\n", "]}\n    checked: 2026-11-22\n")
    assert edited("a.two", {"value": "2", "note": "n"}) == TEXT.replace("publish: false, ", "")
    assert edited("a.two", {"value": "2", "publish": False}) == TEXT.replace(', note: "n"', "")
    assert edited("a.two", {"value": "2", "publish": False, "note": "n", "checked": "old"}) == (
        TEXT.replace('note: "n"}', 'note: "n", checked: old}')
    )
    assert edited("a.one", {k: v for k, v in one.items() if k != "value"}) == TEXT.replace(
        '    value: "1"   # said twice\n', ""
    )


def test_a_list_in_lines_stays_one_and_an_empty_one_is_written_so():
    one = yaml.safe_load(TEXT)["a"]["one"]
    assert edited("a.one", one | {"list": ["z"]}) == TEXT.replace('- "x"\n      - "y"', '- "z"')
    assert "list: []\n" in edited("a.one", one | {"list": []})


def test_a_new_entry_comes_after_the_last_one():
    new = edited("a.three", {"value": "3"})
    assert new == TEXT.replace("# in one line\n", '# in one line\n  three: {value: "3"}\n')


@pytest.mark.parametrize("path", ["c.one", "a.one.value", "a.one.list.x"])
def test_what_is_no_place_for_it_is_refused(path):
    with pytest.raises(EditError):
        edited(path, {"value": "1"})


FACTS = [fact for fact in all_facts(Directory.load().data)]
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=60)
VALUES = st.one_of(
    WORDS,
    st.booleans(),
    st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2100, 1, 1)),
    st.lists(WORDS, max_size=3),
    st.dictionaries(st.sampled_from(("ar", "fa", "en")), WORDS, max_size=3),
)


@given(value=VALUES)
def test_whatever_is_written_is_read_back(value):
    assert yaml.safe_load(f"a: {flow(value)}")["a"] == value
    assert yaml.safe_load(f"a: {flow(value, plain=True)}")["a"] == value
    assert "\n" not in flow(value)


@settings(max_examples=40)
@given(
    fact=st.sampled_from(FACTS),
    changes=st.dictionaries(
        st.sampled_from(("value", "source", "checked", "publish", "note", "names", "new")),
        VALUES,
        min_size=1,
    ),
    gone=st.sets(st.sampled_from(("note", "source_date", "names"))),
)
def test_only_lines_of_the_changed_fact_differ(fact, changes, gone):
    text = DIRECTORY.read_text(encoding="utf-8")
    wanted = {k: v for k, v in fact.data.items() if k not in gone} | changes
    new = with_mapping(text, fact.path.split("."), wanted)
    old_lines, new_lines = text.split("\n"), new.split("\n")
    # the lines of the fact: from its name to where the next one begins
    node = yaml.compose(text, yaml.CSafeLoader)
    for step in fact.path.split("."):
        name, node = next(pair for pair in node.value if pair[0].value == step)
    first = name.start_mark.line
    last = first + text[name.start_mark.index : node.end_mark.index].rstrip().count("\n")
    assert new_lines[:first] == old_lines[:first]
    after = len(old_lines) - last - 1
    assert new_lines[-after:] == old_lines[-after:]
    found = yaml.load(new, yaml.CSafeLoader)
    for step in fact.path.split("."):
        found = found[step]
    assert found == wanted
