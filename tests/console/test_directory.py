"""The directory's pages, from a changed number to what people read, and back to the files."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from content.answers import CONTENT
from content.directory import Directory
from tests.conftest import free_port
from tests.support.console import add_account, chat, csrf, signed_in
from tests.support.directory import PHONE, Desk
from tests.support.nlu_server import NluServer
from tests.support.running import Running

OLD, NEW = "+387 33 955 200", "+387 33 000 111"


@pytest.fixture(scope="module")
def service(tmp_path_factory) -> Iterator[Running]:
    """A service with two editors and an admin; each test takes back what it publishes."""
    with (
        NluServer(free_port()) as nlu,
        Running(tmp_path_factory.mktemp("directory"), free_port(), nlu.url) as running,
    ):
        for name, role in (("sara", "editor"), ("emir", "editor"), ("admin", "admin")):
            add_account(running, name, role)
        add_account(running, "bound", "editor", centre="lipa")
        yield running


def said(service: Running, language: str, person: str) -> str:
    """The answer on going home as a person of a language reads it."""
    chat(service, person, choice=f"lang:{language}")
    return " ".join(reply["text"] for reply in chat(service, person, choice="ask:avrr_info"))


def audited(service: Running) -> list[tuple[str, str]]:
    with signed_in(service, "admin") as client:
        page = client.get("/console/audit").text
    return [
        what
        for what in (
            ("write fact", PHONE),
            ("ask review of fact", PHONE),
            ("publish fact", PHONE),
            ("undo fact", PHONE),
            ("export content", "1 versions"),
        )
        if what[0] in page and what[1] in page
    ]


def test_a_number_is_changed_by_two_people_and_taken_back_by_one(service):
    with signed_in(service, "sara") as one, signed_in(service, "emir") as two:
        sara, emir = Desk(one), Desk(two)
        looked = sara.write(NEW, do="look").text
        assert "not saved yet" in looked and "+38733000111" in looked
        for code in ("ar", "fa", "ps", "ur", "fr", "en"):  # the lines that will change
            assert (
                f'<ins dir="{"rtl" if code in ("ar", "fa", "ps", "ur") else "ltr"}" lang="{code}"'
                in looked
            )
        assert "Draft" not in sara.see()
        sara.write_and_ask(NEW)
        assert OLD in said(service, "fa", "p1")
        own = sara.publish()
        assert own.status_code == 409 and "second person" in own.text
        blind = emir.step("publish")
        assert blind.status_code == 409 and "Compare it with the source" in blind.text
        done = emir.publish()
        assert done.status_code == 200 and "published over the file (emir)" in done.text
        for n, code in enumerate(("ar", "fa", "ps", "ur", "fr", "en")):
            text = said(service, code, f"p{n}-{code}")
            assert NEW in text and OLD not in text
        assert emir.step("undo").status_code == 409  # without a reason
        back = sara.step("undo", why="nobody answers there")
        assert back.status_code == 200 and "nobody answers there" in back.text
        assert OLD in said(service, "ur", "p9")
    assert len(audited(service)) >= 4


def test_two_editors_do_not_overwrite_each_other_and_nothing_typed_is_lost(service):
    with signed_in(service, "sara") as one, signed_in(service, "emir") as two:
        sara, emir = Desk(one), Desk(two)
        sara.write("+387 33 000 222")
        late = emir.write("+387 33 000 333")
        assert late.status_code == 409 and "Somebody else has changed this" in late.text
        assert 'value="+387 33 000 333"' in late.text and "+387 33 000 222" in late.text
        assert emir.write("+387 33 000 333", edits=1).status_code == 200
        assert sara.step("ask", edits=1).status_code == 409
        assert sara.step("ask", edits=2).status_code == 200
        # whoever saved last can't publish, though somebody else began
        assert emir.publish(edits=2).status_code == 409
        sent_back = sara.step("back", edits=2, why="the area code is wrong")
        assert "the area code is wrong" in sent_back.text and "Draft" in sent_back.text
        assert emir.step("drop", edits=2).status_code == 200
        assert "as in the file" in emir.see()


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        (PHONE, {"value": "call us"}, "a telephone number has"),
        (PHONE, {"value": NEW, "publish": ""}, "en/avrr_info"),
        ("numbers.police", {"value": "122", "publish": ""}, "the emergency message"),
        ("organisations.iom.web", {"value": "javascript:x"}, "web address"),
        ("organisations.iom.email", {"value": "iom"}, "e-mail"),
        (PHONE, {"value": NEW, "source": ""}, "without a source"),
    ],
)
def test_what_people_must_not_read_is_refused(service, path, fields, said):
    with signed_in(service, "sara") as client:
        desk = Desk(client, path)
        refused = desk.write(**fields)
        assert refused.status_code == 400
        assert said in refused.text and "Nothing was saved" in refused.text
        assert "as in the file" in desk.see()
        form = {"csrf": csrf(desk.see()), "do": "everything"}
        assert client.post(f"{desk.address}/step", data=form).status_code == 422
        assert client.post(desk.address, data=fields | {"csrf": "no"}).status_code == 403
        for nothing in (
            "numbers.nobody",
            "version",
            "organisations.iom",
            "organisations.iom.names",
        ):
            assert client.get(f"/console/directory/fact/{nothing}").status_code == 404


def test_hours_that_nobody_knew_are_added_and_taken_away_again(service):
    path = "organisations.unhcr_info_centre.hours"
    with signed_in(service, "sara") as one, signed_in(service, "emir") as two:
        sara, emir = Desk(one, path), Desk(two, path)
        assert f"/console/directory/fact/{path}" in one.get("/console/directory").text
        assert "Nothing is known yet" in sara.see()
        sara.write_and_ask("09:00–12:00")
        assert emir.publish().status_code == 200
        found = one.get("/console/directory", params={"show": "published"}).text
        assert re.search(r"\b1 of \d+ facts", found) and "09:00–12:00" in found
        assert sara.step("undo", why="moved").status_code == 200
        assert "Nothing is known yet" in sara.see()


def test_the_hours_of_the_desk_are_told_to_people(service):
    with signed_in(service, "sara") as one, signed_in(service, "emir") as two:
        sara, emir = Desk(one, "desk.hours"), Desk(two, "desk.hours")
        wrong = sara.write("", day_mon="eight")
        assert wrong.status_code == 400 and 'value="eight"' in wrong.text
        sara.write_and_ask("", day_mon="08:00-12:00", closed_on="2027-01-01")
        assert emir.publish().status_code == 200
        assert "mon 08:00-12:00" in emir.see()
        assert sara.step("undo", why="the shifts are others").status_code == 200


def test_the_list_is_searched_and_filtered(service):
    with signed_in(service, "sara") as client:

        def found(**query: str) -> str:
            return client.get("/console/directory", params=query).text

        assert "+387 33 955 200" in found(q="iom phone") and "122" not in found(q="iom phone")
        assert "not to be published (the source is old)" in found(show="hidden")
        assert "No fact fits" in found(days="3000") and "No fact fits" in found(q="xyzzy")
        assert client.get("/console/directory?days=x").status_code == 422
        assert client.get("/console/directory?show=secret").status_code == 422


def test_the_patch_brings_the_files_to_what_is_published(service, tmp_path):
    with signed_in(service, "sara") as one, signed_in(service, "emir") as two:
        assert "Nothing is published" in one.get("/console/directory/export").text
        Desk(one).write_and_ask(NEW)
        Desk(two).publish()
        assert "content/directory.yml" in one.get("/console/directory/export").text
        patch = one.get("/console/directory/export.patch")
        assert "attachment" in patch.headers["content-disposition"]
        exported(service, tmp_path, patch.content)
        assert Desk(one).step("undo", why="a test").status_code == 200


def exported(service: Running, tmp_path: Path, patch: bytes) -> None:
    """The command writes the same patch, and Git takes it."""
    out = tmp_path / "back.patch"
    done = service.command("content", "export", "--out", str(out))
    assert done.returncode == 0 and "1 published versions, 1 files differ" in done.stdout
    assert out.read_bytes() == patch
    root = tmp_path / "repository"
    (root / "content").mkdir(parents=True)
    shutil.copy(CONTENT / "directory.yml", root / "content")
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    subprocess.run(["git", "apply", str(out)], cwd=root, check=True)
    assert Directory.load(root / "content" / "directory.yml").value("org.iom.phone", "en") == NEW
    nowhere = service.command("content", "export", "--out", str(tmp_path / "no" / "x.patch"))
    assert nowhere.returncode == 1 and "no such folder" in nowhere.stderr
    assert ("export content", "1 versions") in audited(service)


def test_an_account_of_a_centre_writes_but_puts_nothing_in_force(service):
    with signed_in(service, "sara") as one, signed_in(service, "bound") as two:
        sara, bound = Desk(one), Desk(two)
        sara.write_and_ask("+387 33 000 222")
        assert "Publish at once" not in bound.see()
        for do in ("publish", "back", "undo"):
            refused = bound.step(do, why="x", compared="yes")
            assert refused.status_code == 403 and "bound to a centre" in refused.text
        assert sara.step("drop").status_code == 200
        bound.write_and_ask("+387 33 000 333")
        assert bound.step("drop").status_code == 200
