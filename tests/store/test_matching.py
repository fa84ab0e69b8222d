"""Who is offered which case: rules of the plan that hold for any cases and counsellors."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from store.cases.matching import Counsellor, Waiting, choose, plan

AT = dt.datetime(2026, 1, 1, 12)
LANGUAGES = st.lists(st.sampled_from(["ar", "fa", "ps"]), min_size=1, max_size=2, unique=True)
NAMES = ("ana", "bo", "cy", "dee")


@st.composite
def counsellors(draw):
    return [
        Counsellor(
            name,
            tuple(draw(LANGUAGES)),
            desks=tuple(draw(st.lists(st.sampled_from(["legal"]), max_size=1))),
            serves=tuple(draw(st.lists(st.sampled_from(["lipa"]), max_size=1))),
            capacity=draw(st.integers(1, 3)),
            load=draw(st.integers(0, 3)),
            here=draw(st.booleans()),
            available=draw(st.booleans()),
            absent=draw(st.booleans()),
        )
        for name in NAMES
    ]


@st.composite
def waiting(draw, number):
    status = draw(st.sampled_from(["queued", "offered", "taken"]))
    return Waiting(
        f"case{number}",
        tuple(draw(LANGUAGES)),
        status,
        draw(st.booleans()),
        AT - dt.timedelta(minutes=draw(st.integers(0, 500))),
        draw(st.sampled_from([None, "lipa", "usivak"])),
        draw(st.sampled_from([None, None, "legal"])),
        tuple(draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3))),
        draw(st.sampled_from([None, *NAMES])),
        draw(st.sampled_from(NAMES)) if status != "queued" else None,
        AT + dt.timedelta(seconds=draw(st.integers(-60, 60))),
        draw(st.booleans()),
    )


CASES = st.integers(0, 6).flatmap(lambda n: st.tuples(*(waiting(i) for i in range(n))))


@given(CASES, counsellors())
def test_offers_fit_language_desk_room_and_presence_and_each_case_has_one_step(cases, everyone):
    steps = plan(cases, everyone, AT)
    assert len({step.case_id for step in steps}) == len(steps)
    known = {one.name: one for one in everyone}
    given_to = dict.fromkeys(known, 0)
    for step in steps:
        case = next(c for c in cases if c.id == step.case_id)
        if step.what != "offer":
            continue
        one = known[step.staff]
        assert case.status == "queued" and one.here and one.available
        assert set(one.languages) & set(case.languages)
        assert case.desk is None or case.desk in one.desks
        assert step.staff not in case.passed_by
        assert case.danger or one.load + given_to[step.staff] < one.capacity
        given_to[step.staff] += 1


@given(CASES, counsellors())
def test_nobody_waits_while_somebody_could_take_them(cases, everyone):
    steps = {step.case_id: step for step in plan(cases, everyone, AT)}
    room = [one for one in everyone if one.here and one.available and one.load + 6 < one.capacity]
    for case in cases:
        if case.status == "queued" and choose(case, room):
            assert steps[case.id].what == "offer"
        if case.status == "offered" and case.offer_until <= AT:
            assert steps[case.id].what == "expire"


@given(CASES, counsellors())
def test_a_taken_case_leaves_its_counsellor_only_if_absent_and_an_answer_is_owed(cases, everyone):
    known = {one.name: one for one in everyone}
    for step in plan(cases, everyone, AT):
        if step.what == "give back":
            case = next(c for c in cases if c.id == step.case_id)
            assert case.unanswered and known[case.holder].absent


def test_danger_comes_first_then_the_longest_wait():
    one = Counsellor("ana", ("ps",), capacity=2)
    cases = [
        Waiting("late", ("ps",), "queued", False, AT - dt.timedelta(minutes=1)),
        Waiting("early", ("ps",), "queued", False, AT - dt.timedelta(minutes=9)),
        Waiting("danger", ("ps",), "queued", True, AT),
    ]
    assert [step.case_id for step in plan(cases, [one], AT)] == ["danger", "early"]


def test_whom_the_person_knows_comes_before_centre_and_load():
    case = Waiting("x", ("ps",), "queued", False, AT, centre="lipa", last_by="bo")
    ana = Counsellor("ana", ("ps",), serves=("lipa",))
    bo = Counsellor("bo", ("ps",), serves=("usivak",), load=3)
    assert choose(case, [ana, bo]).name == "bo"
    assert (
        choose(Waiting("x", ("ps",), "queued", False, AT, centre="lipa"), [ana, bo]).name == "ana"
    )


def test_a_protection_matter_of_a_centre_is_not_offered_to_who_works_there():
    case = Waiting("c", ("fa",), "queued", False, AT, centre="lipa", topic="protection")
    local, other = Counsellor("ana", ("fa",), works_in="lipa"), Counsellor("bo", ("fa",), load=9)
    assert choose(case, [local]) is None
    assert choose(case, [local, other]) == other
    danger = Waiting("c", ("fa",), "queued", True, AT, centre="lipa", topic="protection")
    assert choose(danger, [local]) == local  # somebody must answer
