"""Places of the directory: what is read, what is refused, what is near; and the check of it all."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.answers import Library, read_answers
from content.border import in_country
from content.directory import DIRECTORY, Directory, DirectoryError
from content.directory_check import check_directory, facts, problems
from content.distance import Point, kilometres
from content.intents import intents
from content.languages import LANGUAGES
from content.places import Place, nearest, read_point
from content.services import SERVICES, codes_of, language_names, title
from tests.support import places
from tests.support.places import fact


def test_the_projects_directory_has_nothing_to_mend():
    assert check_directory() == []


def test_no_centre_of_the_project_has_a_point_yet_and_every_town_has():
    directory = Directory.load()
    assert [one.id for one in directory.centres.values() if one.point] == []
    assert all(town.point for town in directory.towns.values())
    for _where, one in facts({"towns": directory.data["towns"]}):
        assert re.fullmatch(r"GeoNames \d+", one["source"])


_KEYS = ("source", "checked", "publish")


@pytest.mark.parametrize("lack", _KEYS)
@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("centres__lipa__point", lambda d: d.centres["lipa"].point),
        ("centres__lipa__near", lambda d: d.centres["lipa"].near),
        ("centres__usivak__canton", lambda d: d.centres["usivak"].canton),
        ("centres__lipa__services__food", lambda d: d.centres["lipa"].services.get("food")),
        ("organisations__jrs__languages", lambda d: d.offices["jrs"].languages or None),
    ],
)
def test_what_is_not_published_with_source_and_date_is_not_known(path, read, lack):
    values = {
        "point": [44.7, 16.05],
        "near": "bihac",
        "canton": "sarajevo",
        "food": "soup",
        "languages": ["ar"],
    }
    whole = fact(values[path.split("__")[-1]], names=dict.fromkeys(LANGUAGES, "soup"))
    assert read(Directory(places.facts(**{path: whole})))
    lacking = {key: value for key, value in whole.items() if key != lack}
    assert read(Directory(places.facts(**{path: lacking}))) is None


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("centres__lipa__point", [44.7], "not [degrees"),
        ("centres__lipa__point", "44.7, 16", "not [degrees"),
        ("centres__lipa__point", [True, 16.0], "not [degrees"),
        ("centres__lipa__point", [16.05, 44.7], "not in Bosnia"),
        ("centres__lipa__point", [44.04, 16.19], "not in Bosnia"),  # Knin
        ("centres__lipa__point", [float("nan"), 16.05], "not [degrees"),
        ("organisations__jrs__point", [48.2, 16.4], "not in Bosnia"),
        ("centres__lipa__near", "vienna", "no town of the directory"),
        ("centres__lipa__near", ["bihac"], "no town of the directory"),
        ("centres__lipa__canton", "una_sana", "no town of the directory"),
        ("centres__lipa__services__sauna", "hot", "'sauna' is no service"),
        ("centres__lipa__services__food", " ", "has no value"),
        ("centres__lipa__services__food", "soup", "without words in"),
        ("organisations__jrs__languages", ["xx"], "no list of language codes"),
        ("organisations__jrs__languages", "ar", "no list of language codes"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name_and_changes_nothing(path, value, message):
    data = places.facts(**{path: fact(value)})
    where = path.replace("__", ".")
    with pytest.raises(DirectoryError, match=re.escape(f"directory.yml: {where}: ")) as error:
        Directory(data)
    assert message in str(error.value)
    assert [(".".join(w), m) for w, m in problems(data) if ".".join(w) == where]
    library = Library.load()
    html = library.html("food", "en")
    with pytest.raises(DirectoryError):
        library.replace(read_answers(), data)
    assert library.directory.centres["lipa"].near == "bihac"
    assert library.html("food", "en") == html and library.revision == 0


def test_hours_of_a_service_are_read_like_those_of_the_desk():
    words = dict.fromkeys(LANGUAGES, "soup")
    hours = {"timezone": "Europe/Sarajevo", "week": {"mon": ["12:00-13:30"]}}
    path = "centres__lipa__services__food"
    soup = Directory(places.facts(**{path: fact("soup", names=words, hours=hours)}))
    food = soup.centres["lipa"].services["food"]
    assert "12:00–13:30" in food.hours.in_words("en")
    assert food.hours.is_open(dt.datetime(2026, 11, 30, 11, 15, tzinfo=dt.UTC))
    hours["week"] = {"moon": []}
    with pytest.raises(DirectoryError, match="hours: 'moon' is no day"):
        Directory(places.facts(**{path: fact("soup", names=words, hours=hours)}))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('value: "122"', 'value: ""', "numbers.police: has no value"),
        ('"122"\n    source: "', '"122"\n    sauce: "', "published without a source"),
        ("    source_date: ", "    source_dat: ", "without source_date"),
        ("    checked: 2026-11-22", "    checked: yesterday", "the day on which it was checked"),
        ("    confidence: stated", "    confidence: old", "not stated by its source"),
        ("    confidence: stated", "    confidence: sure", "confidence is none of"),
        ("    publish: true", "    publish: perhaps", "neither true nor false"),
        ('names: {ar: "في المخيم', 'names: {xx: "في المخيم', "names lack ar"),
        ("{value: bihac,", "{value: bihatsch,", "is no town of the directory"),
        ("      food: {", "      feud: {", "'feud' is no service"),
        ("languages: [ar, fa,", "languages: [ar, xx,", "is no list of language codes"),
        ("point: {value: [44.817", "point: {value: [54.817", "is not in Bosnia and Herzegovina"),
        ("open: closed", "open: shut", "is none of confirmed, unconfirmed, closed"),
        ("point: {value: [44.817, 15.871], source: ", "point: {value: [44.817, 15.871], sauce: ",
         "centres.lipa.near: the town has no published point"),
        ('  lipa:\n    name: "Lipa"', "  lipa:\n    nome: x", "centres.lipa: has no name"),
    ],
)  # fmt: skip
def test_a_seeded_error_is_found_with_its_line(tmp_path, old, new, message):
    text = DIRECTORY.read_text(encoding="utf-8")
    at = text.index(old)
    path = tmp_path / "directory.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = check_directory(path)
    assert message in str(found)
    # some errors show where a thing is missed, or in a place that leans on what was broken
    seeded = text[:at].count("\n") + 1
    line = next(line for line, said in found if message in said)
    assert abs(line - seeded) <= 6 or "near" in message
    text = path.read_text(encoding="utf-8").splitlines()[line - 1]
    assert next(said for at, said in found if at == line).split(":")[0].split(".")[-1] in text


_DEGREES = st.one_of(st.floats(), st.integers(), st.booleans(), st.none(), st.text(max_size=3))


@given(st.one_of(st.lists(_DEGREES, max_size=3), _DEGREES))
def test_a_point_is_in_the_country_or_refused(value):
    try:
        point = read_point(fact(value))
    except ValueError:
        return
    assert in_country(point)


_POINTS = st.builds(Point, st.floats(42.6, 45.2), st.floats(15.8, 19.6))


@given(
    _POINTS, st.lists(st.tuples(st.none() | _POINTS, st.sampled_from(["a", "b", None]))), _POINTS
)
def test_what_is_near_comes_in_order_and_tells_no_distance_that_nobody_knows(here, rows, middle):
    towns = {"a": _place("a", middle, None), "b": _place("b", None, None)}
    all_of_them = [_place(str(n), point, town) for n, (point, town) in enumerate(rows)]
    found = nearest(here, all_of_them, towns, in_town=3.0)
    by_point = [one.km for one in found if one.place.point]
    assert by_point == sorted(by_point)
    known = {one.place.id for one in found}
    for place in all_of_them:
        assert (place.id in known) is (place.point is not None or place.near == "a")
    for one in found:
        if one.place.point:
            assert one.km == kilometres(here, one.place.point) and one.by is None
        else:
            inside = kilometres(here, middle) <= 3.0
            assert (one.km, one.by) == ((None, None) if inside else (kilometres(here, middle), "a"))


def _place(key: str, point: Point | None, near: str | None) -> Place:
    return Place(key, key, {}, (), True, "confirmed", point, near)


def test_services_have_titles_in_every_language_and_known_intents():
    for code, (english, meant) in SERVICES.items():
        assert set(meant) <= set(intents())
        titles = {title(code, language) for language in LANGUAGES}
        assert english in titles and len(titles) >= 5  # Farsi, Urdu or Arabic may share one
    assert codes_of("legal_aid") == ("legal", "sessions") and codes_of("greet") == ()
    assert language_names(("ar", "fa"), "fr") == "arabe, persan"
    assert language_names(("ar", "fa"), "ar") == "العربية، الفارسية"
