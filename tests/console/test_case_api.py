"""The live console's API over HTTP: who may see and do what, nothing twice, nothing lost."""

import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from store.cases import moving
from store.presence import there
from tests.support.cases import (
    KEYS,
    asks_for_a_person,
    case_of,
    counsellor_is,
    in_database,
    sends_file,
    writes,
)
from tests.support.console import add_account, csrf, signed_in
from tests.support.running import Running

API = "/console/api"
PNG = b"\x89PNG\r\n\x1a\n not really"


class Desk:
    """A member of the staff at the API."""

    def __init__(self, client: httpx.Client):
        page = client.get("/console/cases").text
        self.client = client
        self.token = page.split('data-csrf="')[1].split('"')[0]

    def get(self, path: str) -> httpx.Response:
        return self.client.get(API + path)

    def post(self, path: str, **body: object) -> httpx.Response:
        return self.client.post(API + path, json=body, headers={"X-CSRF": self.token})

    def lists(self) -> dict[str, dict]:
        return {one["id"]: one for one in self.get("/cases").json()["cases"]}

    def talk(self, case: str) -> dict:
        answer = self.get(f"/cases/{case}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def take(self, case: str) -> None:
        assert self.post(f"/cases/{case}/take").status_code == 200

    def writes(self, case: str, text: str, key: str, kind: str = "text") -> httpx.Response:
        return self.post(f"/cases/{case}/messages", key=key, text=text, kind=kind)


@pytest.fixture(scope="module")
def staff(service: Running) -> Iterator[dict[str, Desk]]:
    """Two counsellors, of whom none is offered anything (they speak nothing), and a supervisor."""
    for name in ("mira", "amir"):
        add_account(service, name, "counsellor")
    counsellor_is(service, "mira", shown_as="Mira")
    with (
        signed_in(service, "mira") as mira,
        signed_in(service, "amir") as amir,
        signed_in(service, "supervisor") as supervisor,
    ):
        yield {"mira": Desk(mira), "amir": Desk(amir), "supervisor": Desk(supervisor)}


@pytest.fixture
def mira(staff) -> Desk:
    return staff["mira"]


@pytest.fixture
def amir(staff) -> Desk:
    return staff["amir"]


@pytest.fixture
def supervisor(staff) -> Desk:
    return staff["supervisor"]


def said(talk: dict) -> list[str]:
    return [one["text"] for one in talk["messages"] if one["kind"] == "text"]


def audit(service: Running, thing: str) -> list[tuple[str, str]]:
    with sqlite3.connect(service.database) as database:
        rows = database.execute("SELECT staff, action FROM audit WHERE thing = ?", (thing,))
        found = rows.fetchall()
    database.close()
    return found


def test_who_waits_is_seen_by_all_with_marks_and_without_words(service, mira):
    case = asks_for_a_person(
        service, "secret words", "fa", topic="asylum", centre="lipa", danger=True, name="Karim"
    )
    answer = mira.get("/cases")
    mark = {one["id"]: one for one in answer.json()["cases"]}[case]
    assert (mark["language"], mark["topic"], mark["centre"]) == ("fa", "asylum", "lipa")
    assert mark["danger"] and mark["status"] == "queued"
    assert "secret words" not in answer.text and "Karim" not in answer.text
    assert mira.get(f"/cases/{case}").status_code == 403


def test_a_case_is_read_only_by_who_has_it_and_by_supervisors(service, mira, amir, supervisor):
    case = asks_for_a_person(service, "about my papers", name="Awa", shared=["where is the office"])
    mira.take(case)
    talk = mira.talk(case)
    assert talk["about"] == {
        "text": "about my papers",
        "language": "en",
        "name": "Awa",
        "shared": ["where is the office"],
    }
    for path in (f"/cases/{case}", f"/cases/{case}/messages", f"/cases/{case}/replies"):
        assert amir.get(path).status_code == 403
        assert supervisor.get(path).status_code == 200
    assert case not in amir.lists()
    assert supervisor.lists()[case]["holder"] == "mira"
    assert mira.lists()[case]["name"] == "Awa" and "name" not in supervisor.lists()[case]
    assert mira.get("/cases/nothing").status_code == 404
    looks = audit(service, case)
    assert ("mira", "read case") in looks and ("supervisor", "read case") in looks
    assert not any(who == "amir" for who, _what in looks)


def test_two_who_take_one_case_at_once_do_not_both_get_it(service, mira, amir):
    for _round in range(5):
        case = asks_for_a_person(service)
        with ThreadPoolExecutor(2) as both:
            answers = [both.submit(one.post, f"/cases/{case}/take") for one in (mira, amir)]
            statuses = sorted(one.result().status_code for one in answers)
        assert statuses == [200, 409]
        assert case_of(service, case).assigned_to in ("mira", "amir")


def test_every_change_needs_the_token_of_the_page(service, mira):
    case = asks_for_a_person(service)
    for path in (
        *(f"/cases/{case}/{step}" for step in ("take", "pass", "give-back", "reopen", "typing")),
        *("/presence", "/alive"),
    ):
        answer = mira.client.post(API + path, json={"available": True})
        assert answer.status_code == 403, path
    assert case_of(service, case).status == "queued"


def test_a_message_that_is_sent_again_stands_there_once(service, mira):
    case = asks_for_a_person(service)
    mira.take(case)
    first = mira.writes(case, "hello", "key-of-one").json()["message"]
    again = mira.writes(case, "hello", "key-of-one").json()["message"]
    assert first["id"] == again["id"]
    assert said(mira.talk(case)) == ["hello"]


def test_after_a_lost_connection_the_page_gets_exactly_what_it_has_not(service, mira):
    case = asks_for_a_person(service)
    mira.take(case)
    writes(service, case, "one", "two")
    last = mira.talk(case)["messages"][-1]["id"]
    mira.writes(case, "three", "key-three")
    writes(service, case, "four")
    news = mira.get(f"/cases/{case}/messages?after={last}").json()
    assert [one["text"] for one in news["messages"]] == ["three", "four"]
    assert (
        mira.get(f"/cases/{case}/messages?after={news['messages'][-1]['id']}").json()["messages"]
        == []
    )


def test_unread_messages_are_counted_until_they_are_seen(service, mira):
    case = asks_for_a_person(service)
    mira.take(case)
    last = writes(service, case, "one", "two")
    mark = mira.lists()[case]
    assert (mark["unread"], mark["last_from_person"]) == (2, True) and mark["unanswered"]
    assert mira.post(f"/cases/{case}/seen", up_to=last).status_code == 200
    assert mira.lists()[case]["unread"] == 0
    mira.writes(case, "I am here", "key-here-1")
    mark = mira.lists()[case]
    assert mark["unanswered"] is None and mark["last_from_person"] is False


def test_a_note_is_kept_apart_and_never_delivered(service, mira):
    case = asks_for_a_person(service)
    mira.take(case)
    mira.writes(case, "ask the nurse", "key-note-1", kind="note")
    [note] = [one for one in mira.talk(case)["messages"] if one["kind"] == "note"]
    assert (note["text"], note["delivery"]) == ("ask the nurse", "none")


def test_who_gave_a_case_back_can_neither_write_nor_read(service, mira):
    case = asks_for_a_person(service)
    mira.take(case)
    assert mira.post(f"/cases/{case}/give-back").status_code == 200
    assert mira.writes(case, "too late", "key-late-1").status_code == 409
    assert mira.get(f"/cases/{case}").status_code == 403
    assert mira.post(f"/cases/{case}/close", outcome="solved").status_code == 403


def test_placeholders_must_be_filled_before_a_message_goes(service, mira):
    case = asks_for_a_person(service)
    mira.take(case)
    answer = mira.writes(case, "go to {organisation} at {time}", "key-fill-1")
    assert answer.status_code == 400 and "{organisation}" in answer.json()["error"]
    assert mira.writes(case, "   ", "key-fill-2").status_code == 400
    assert mira.writes(case, "x" * 2001, "key-fill-3").status_code == 422
    assert said(mira.talk(case)) == []


def test_a_case_goes_to_a_colleague_or_a_desk(service, mira, amir):
    case = asks_for_a_person(service)
    mira.take(case)
    found = mira.get(f"/cases/{case}/colleagues").json()
    assert "amir" in [one["name"] for one in found["colleagues"]]
    assert "mira" not in [one["name"] for one in found["colleagues"]]
    assert "asylum" in found["desks"]
    for wrong in ({}, {"to": "amir", "desk": "asylum"}, {"to": "nobody"}, {"to": "aap"}):
        assert mira.post(f"/cases/{case}/transfer", **wrong).status_code == 400
    assert mira.post(f"/cases/{case}/transfer", desk="kitchen").status_code == 400
    assert mira.post(f"/cases/{case}/transfer", to="amir").status_code == 200
    assert amir.lists()[case]["offered_to"] == "amir"
    assert amir.get(f"/cases/{case}").status_code == 403  # not before it is taken
    amir.take(case)
    assert amir.talk(case)["case"]["mine"]
    assert mira.get(f"/cases/{case}").status_code == 403


def test_a_supervisor_takes_a_case_over(service, mira, supervisor):
    case = asks_for_a_person(service)
    mira.take(case)
    assert supervisor.writes(case, "not mine", "key-super-1").status_code == 409
    assert supervisor.writes(case, "a note", "key-super-2", kind="note").status_code == 200
    supervisor.take(case)
    assert case_of(service, case).assigned_to == "supervisor"
    assert mira.writes(case, "still here", "key-super-3").status_code == 409


def test_a_closed_case_is_read_and_reopened_by_who_had_it(service, mira, amir):
    case = asks_for_a_person(service)
    mira.take(case)
    assert mira.post(f"/cases/{case}/close", outcome="left").status_code == 400
    assert mira.post(f"/cases/{case}/close", outcome="gone").status_code == 422
    assert mira.post(f"/cases/{case}/close", outcome="informed").status_code == 200
    assert mira.talk(case)["case"]["outcome"] == "informed"
    assert amir.get(f"/cases/{case}").status_code == 403
    assert mira.post(f"/cases/{case}/reopen").status_code == 200
    assert case_of(service, case).assigned_to == "mira"
    assert mira.post(f"/cases/{case}/reopen").status_code == 409


def test_who_only_had_it_in_the_queue_does_not_read_it_after_the_person_left(service, mira):
    case = asks_for_a_person(service)
    mira.take(case)
    mira.post(f"/cases/{case}/give-back")
    in_database(service, lambda db: moving.close(db, KEYS, case, None, "left"))
    assert mira.get(f"/cases/{case}").status_code == 403


def test_earlier_talks_are_shown_only_to_who_had_them(service, mira, amir, supervisor):
    old = asks_for_a_person(service, person="history-1")
    mira.take(old)
    mira.post(f"/cases/{old}/close", outcome="solved")
    new = asks_for_a_person(service, person="history-1")
    amir.take(new)
    assert amir.talk(new)["history"] == []
    assert [one["id"] for one in supervisor.talk(new)["history"]] == [old]


def test_tags_are_codes_of_the_frame(service, mira):
    case = asks_for_a_person(service)
    mira.take(case)
    assert mira.post(f"/cases/{case}/tags", tags=["food_quality"]).status_code == 200
    assert mira.talk(case)["case"]["tags"] == ["food_quality"]
    assert mira.post(f"/cases/{case}/tags", tags=["nothing"]).status_code == 400


def test_ready_replies_come_in_the_persons_language_with_what_is_known_filled_in(service, mira):
    case = asks_for_a_person(service, "کمک", "fa", name="کریم")
    mira.take(case)
    found = mira.get(f"/cases/{case}/replies?q=hello").json()["replies"][0]
    assert found["text"].startswith("کریم") and "Mira" in found["text"]
    assert "I am Mira" in found["english"] and found["missing"] == []
    answers = mira.get(f"/cases/{case}/answers?q=asylum").json()["answers"]
    assert answers and all("{" not in one["text"] and "<b>" not in one["text"] for one in answers)
    assert all(one["language"] == "fa" and one["english"] for one in answers)


def test_a_referral_needs_consent_and_is_kept_encrypted(service, mira, amir):
    case = asks_for_a_person(service)
    mira.take(case)
    form = {"organisation": "vasa_prava", "text": "needs a lawyer, file 77"}
    refused = mira.post(f"/cases/{case}/referrals", **form, consent="said yes")
    assert refused.status_code == 400 and "agree" in refused.json()["error"]
    assert mira.post(f"/cases/{case}/referrals", **form, agreed=True).status_code == 400
    assert mira.talk(case)["referrals"] == []
    form |= {"agreed": True, "consent": "wrote yes today"}
    unknown = form | {"organisation": "nobody"}
    assert mira.post(f"/cases/{case}/referrals", **unknown).status_code == 400
    one = mira.post(f"/cases/{case}/referrals", **form).json()["id"]
    address = f"/console/cases/{case}/referrals/{one}"
    page = mira.client.get(address)
    assert "needs a lawyer, file 77" in page.text and "wrote yes today" in page.text
    assert amir.client.get(address).status_code == 403
    assert ("mira", "print referral") in audit(service, case)
    assert mira.post(f"/cases/{case}/referrals/{one}", state="accepted").status_code == 200
    talk = mira.talk(case)
    assert talk["referrals"][0]["state"] == "accepted"
    assert {"what": "referred", "organisation": "vasa_prava"} in [
        one.get("what") for one in talk["messages"] if one["kind"] == "notice"
    ]
    assert b"file 77" not in service.database.read_bytes()


def test_a_file_is_given_only_with_its_case_and_can_run_nothing(service, mira, amir):
    case = asks_for_a_person(service)
    mira.take(case)
    file = sends_file(service, case, "photo", "image/png", PNG)
    [message] = [one for one in mira.talk(case)["messages"] if one["kind"] == "photo"]
    assert message["file"] == {"id": file, "type": "image/png", "size": len(PNG)}
    address = f"/console/cases/{case}/files/{file}"
    answer = mira.client.get(address)
    assert answer.content == PNG and answer.headers["content-type"] == "image/png"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("inline")
    saved = mira.client.get(address + "?download=true")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert amir.client.get(address).status_code == 403
    other = asks_for_a_person(service)
    mira.take(other)
    assert mira.client.get(f"/console/cases/{other}/files/{file}").status_code == 404
    document = sends_file(service, case, "document", "application/pdf", b"%PDF-1.4")
    shown = mira.client.get(f"/console/cases/{case}/files/{document}")
    assert shown.headers["content-disposition"].startswith("attachment")
    assert audit(service, case).count(("mira", "open file")) == 3


def test_protection_matters_of_a_centre_are_hidden_from_who_works_there(service, mira):
    add_account(service, "local", "counsellor", centre="lipa")
    case = asks_for_a_person(service, topic="protection", centre="lipa")
    other = asks_for_a_person(service, topic="protection", centre="usivak")
    danger = asks_for_a_person(service, topic="protection", centre="lipa", danger=True)
    with signed_in(service, "local") as client:
        local = Desk(client)
        seen = local.lists()
        assert case not in seen and other in seen and danger in seen
        assert local.post(f"/cases/{case}/take").status_code == 404
    assert case in mira.lists()


def test_a_message_that_failed_is_sent_again_when_asked(service, mira):
    case = asks_for_a_person(service)
    mira.take(case)
    message = mira.writes(case, "hello", "key-fail-1").json()["message"]["id"]
    again = f"/cases/{case}/messages/{message}/again"
    assert mira.post(again).status_code == 409
    with sqlite3.connect(service.database) as database:
        database.execute(
            "UPDATE case_messages SET delivery = 'failed', failure = 'blocked' WHERE id = ?",
            (message,),
        )
    database.close()
    assert mira.talk(case)["messages"][-1]["failure"] == "blocked"
    assert mira.post(again).status_code == 200
    assert mira.talk(case)["messages"][-1]["delivery"] == "waiting"


class Events:
    """The stream of events of a console, read in order."""

    def __init__(self, response: httpx.Response):
        self._lines = response.iter_lines()

    def next(self) -> tuple[str, dict]:
        event = ""
        for line in self._lines:
            if line.startswith("event: "):
                event = line[7:]
            elif line.startswith("data: "):
                return event, json.loads(line[6:])
        raise AssertionError("the stream ended")

    def until(self, event: str, **wanted: object) -> tuple[dict, list[tuple[str, dict]]]:
        """The next event of a name with these values, and those before it."""
        before = []
        for _n in range(200):
            name, data = self.next()
            if name == event and wanted.items() <= data.items():
                return data, before
            before.append((name, data))
        raise AssertionError(f"no {event} with {wanted}")


def test_a_change_reaches_only_the_consoles_that_may_see_it_and_without_words(service, mira, amir):
    case = asks_for_a_person(service, "words of a person")
    mira.take(case)
    with (
        mira.client.stream("GET", f"{API}/events", timeout=20) as one,
        amir.client.stream("GET", f"{API}/events", timeout=20) as two,
    ):
        assert one.headers["content-type"].startswith("text/event-stream")
        holder, other = Events(one), Events(two)
        assert holder.next() == ("hello", {}) and other.next() == ("hello", {})
        writes(service, case, "more words")
        mark, _ = holder.until("case", id=case, unread=1)
        assert mark["last_from_person"] is True
        gone, before = other.until("gone", id=case)
        assert not any(data.get("id") == case for _name, data in before)
        assert "words" not in json.dumps([mark, gone])
        waiting = asks_for_a_person(service)
        other.until("case", id=waiting, status="queued")


def test_a_stream_ends_when_the_account_may_not_open_cases_any_more(service):
    add_account(service, "leaving", "counsellor")
    with (
        signed_in(service, "leaving") as client,
        client.stream("GET", f"{API}/events", timeout=30) as answer,
    ):
        events = Events(answer)
        assert events.next()[0] == "hello"
        counsellor_is(service, "leaving", role="editor")
        events.until("bye")


def test_who_is_connected_is_offered_what_waits_in_their_language(service):
    add_account(service, "pari", "counsellor")
    counsellor_is(service, "pari", languages=["ps"])
    with (
        signed_in(service, "pari") as client,
        client.stream("GET", f"{API}/events", timeout=20) as answer,
    ):
        pari, events = Desk(client), Events(answer)
        assert events.next()[0] == "hello"
        case = asks_for_a_person(service, "سلام", "ps")
        events.until("case", id=case, offered_to="pari")
        assert pari.get(f"/cases/{case}").status_code == 403
        assert pari.post(f"/cases/{case}/pass").status_code == 200
        events.until("case", id=case, status="queued")
        assert pari.post("/presence", available=False).json() == {"available": False}
        other = asks_for_a_person(service, "سلام", "ps")
        events.until("case", id=other, status="queued")
        assert pari.get("/cases").json()["me"]["available"] is False
        pari.post("/presence", available=True)
        events.until("case", id=other, offered_to="pari")


def test_who_signs_out_is_not_there_any_more(service):
    add_account(service, "going", "counsellor")
    with signed_in(service, "going") as client:
        with client.stream("GET", f"{API}/events", timeout=20) as answer:
            assert Events(answer).next()[0] == "hello"
            assert "going" in in_database(service, there)
        page = client.get("/console/cases").text
        client.post("/console/sign-out", data={"csrf": csrf(page)})
        assert "going" not in in_database(service, there)


def test_a_number_in_right_to_left_words_reads_in_its_own_order(service, mira):
    case = asks_for_a_person(service, "زما شمېره 061 123 456 ده", "ps")
    mira.take(case)
    writes(service, case, "تلیفون مې +387 61 123 456 دی")
    shown = mira.talk(case)
    assert "\u2066061 123 456\u2069" in shown["about"]["text"]
    assert "\u2066+387 61 123 456\u2069" in shown["messages"][-1]["text"]


def test_a_case_is_not_passed_to_an_account_that_is_switched_off(service, mira):
    add_account(service, "gone", "counsellor")
    case = asks_for_a_person(service)
    mira.take(case)
    names = [one["name"] for one in mira.get(f"/cases/{case}/colleagues").json()["colleagues"]]
    assert "gone" in names
    counsellor_is(service, "gone", active=False)
    names = [one["name"] for one in mira.get(f"/cases/{case}/colleagues").json()["colleagues"]]
    assert "amir" in names and "gone" not in names
    assert mira.post(f"/cases/{case}/transfer", to="gone").status_code == 400
    assert case_of(service, case).assigned_to == "mira"
