"""The files as readers see them: numbers and their order, sizes, titles, nothing loaded."""

import asyncio
import contextlib
import html.parser
import io
import re
from collections.abc import Iterator

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from booklet import pdf, shelf
from booklet.contents import Places
from booklet.fonts import FOLDER
from booklet.page import page
from booklet.pdf import booklet
from booklet.shelf import Booklets
from content.answers import Library
from content.languages import LANGUAGES, direction
from tests.booklet.conftest import TODAY, document_of

#: Bytes of a PDF. Nastaliq places each letter by itself.
LARGEST = {code: 400 * 1024 for code in LANGUAGES} | {"ur": 800 * 1024}
LARGEST_PAGE = 1024 * 1024
NUMBERS = ("122", "124", "121", "123", "1265", "1264", "+387 33 955 200", "+387 33 772 994")


@pytest.fixture(scope="module")
def pdfs(library: Library) -> dict[str, bytes]:
    return {code: asyncio.run(booklet(document_of(library, code))) for code in LANGUAGES}


@pytest.fixture(scope="module")
def pages(library: Library) -> dict[str, str]:
    return {code: page(document_of(library, code)).decode() for code in LANGUAGES}


def opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(data)
    yield document
    document.close()


def text_of(data: bytes) -> str:
    for document in opened(data):
        texts = [one.get_textpage().get_text_range() for one in document]
    return "\n".join(texts).replace("\u00a0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_has_the_numbers_of_the_directory_and_is_small(pdfs, language: str):
    assert len(pdfs[language]) < LARGEST[language]
    text = text_of(pdfs[language])
    assert [number for number in NUMBERS if number not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_emergency_numbers_stand_on_the_first_page(pdfs, language: str):
    for document in opened(pdfs[language]):
        first = document[0].get_textpage().get_text_range()
    assert all(number in first for number in ("124", "122", "121", "123"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_digits_of_a_telephone_number_stand_from_left_to_right(pdfs, language: str):
    wanted = "+38733955200"
    seen = 0
    for document in opened(pdfs[language]):
        for one in document:
            text = one.get_textpage()
            characters = [
                (text.get_text_range(i, 1), text.get_charbox(i)) for i in range(text.count_chars())
            ]
            signs = [(c, box) for c, box in characters if c and not c.isspace()]
            joined = "".join(c[0] for c, _box in signs)
            for found in re.finditer(re.escape(wanted), joined):
                boxes = [box for _c, box in signs[found.start() : found.end()]]
                lefts = [box[0] for box in boxes]
                assert lefts == sorted(lefts)
                # on one line
                assert max(box[1] for box in boxes) - min(box[1] for box in boxes) < 4
                seen += 1
    assert seen > 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_has_title_language_and_outline(pdfs, language: str):
    with pikepdf.open(io.BytesIO(pdfs[language])) as document:
        assert str(document.Root.Lang) == language
        assert str(document.docinfo["/Title"]).startswith("Rahnuma · ")
        assert len(document.open_outline().root) > 5
        assert ("/StructTreeRoot" in document.Root) == (language != "ur")
        fonts = {
            str(font.BaseFont) for one in document.pages for font in one.Resources.Font.values()
        }
    script = {"ur": "NotoNastaliqUrdu", "ar": "NotoNaskhArabic"}.get(language, "NotoSans")
    assert any(script in font for font in fonts)
    # a letter that no font of ours has would be taken from nowhere
    assert all("Noto" in font for font in fonts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_is_missing_in_the_fonts(library: Library, language: str):
    """What people read has no box in place of a letter."""
    families = {"ur": ["NotoNastaliqUrdu"], "en": [], "fr": []}.get(language, ["NotoNaskhArabic"])
    known = set()
    for family in (*families, "NotoSans"):
        for weight in ("Regular", "Bold"):
            with TTFont(FOLDER / f"{family}-{weight}.ttf") as font:
                known |= set(font.getBestCmap())
    shown = re.sub(
        r"<[^>]*>", "", page(document_of(library, language)).decode().split("</style>")[1]
    )
    assert {c for c in shown if ord(c) not in known and not c.isspace()} == set()


class _Reader(html.parser.HTMLParser):
    """Notes unclosed tags and what a browser would load."""

    EMPTY = frozenset({"meta", "br"})
    LOADS = frozenset({"src", "srcset", "data", "poster", "background"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.root: dict[str, str | None] = {}

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        if tag == "html":
            self.root = given
        if tag not in self.EMPTY and not (self.open and self.open[-1] == "svg" and tag == "path"):
            self.open.append(tag)
        self.loaded += [v for k, v in attrs if k in self.LOADS]
        if tag == "link":
            self.loaded.append(given.get("href"))
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_loads_nothing(pages, language: str):
    text = pages[language]
    assert len(text.encode()) < LARGEST_PAGE
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    assert (reader.root["lang"], reader.root["dir"]) == (language, direction(language))
    assert reader.loaded == []
    assert "script" not in reader.tags
    assert re.findall(r"url\((?!data:)", text) == []
    assert "@import" not in text
    assert len(reader.ids) == len(set(reader.ids))
    assert {link[1:] for link in reader.links if link.startswith("#")} <= set(reader.ids)
    assert "tel:122" in reader.links
    assert "tel:+38733955200" in reader.links
    assert [number for number in NUMBERS if number not in text] == []


async def test_a_changed_number_is_in_the_next_booklet(
    booklets: Booklets, own_library: Library, answers: dict, facts: dict
):
    before = await booklets.make("fa", "html")
    assert await booklets.make("fa", "html") is before
    facts["organisations"]["iom"]["phone"]["value"] = "+387 33 000 111"
    own_library.replace(answers, facts)
    for kind in ("html", "pdf"):
        after = await booklets.make("fa", kind)
        text = text_of(after.data) if kind == "pdf" else after.data.decode()
        assert "+387 33 000 111" in text
        assert "+387 33 955 200" not in text
    assert booklets.kilobytes("fa", "html") == -(
        -len((await booklets.make("fa", "html")).data) // 1024
    )


async def test_only_booklets_are_on_the_shelf(booklets: Booklets):
    assert await booklets.source("de.pdf") is None
    assert await booklets.source("fa.exe") is None
    file = await booklets.source("fa.html")
    assert (file.name, file.media_type) == ("rahnuma-fa.html", "text/html; charset=utf-8")


async def test_a_fact_that_is_withdrawn_leaves_no_booklet_but_harms_nothing(
    own_library: Library, facts: dict
):
    facts["numbers"]["fire"]["publish"] = False
    library = Library({}, own_library.directory)
    library.replace({}, facts)
    booklets = Booklets(library, (), operator="x", places=Places)
    assert await booklets.source("fa.html") is None


async def test_all_are_made_ready_after_the_start(
    booklets: Booklets, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(shelf, "EVERY", 0.01)
    work = asyncio.create_task(booklets.keep_ready())
    try:
        while not all(booklets.kilobytes(code, kind) for code in LANGUAGES for kind in shelf.KINDS):
            await asyncio.sleep(0.05)
            assert not work.done()
    finally:
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work


async def test_what_cannot_be_set_is_told_and_gives_no_file(
    booklets: Booklets, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(pdf.NotSet, match=r"no-such\.typ: .*No such file"):
        await pdf.set_pdf("no-such.typ", {}, TODAY)

    async def fail(*_given, **_more):
        raise pdf.NotSet("booklet.typ: broken")

    monkeypatch.setattr(pdf, "set_pdf", fail)
    assert await booklets.source("fa.pdf") is None
    # the page needs no typesetter
    assert await booklets.source("fa.html") is not None


async def test_setting_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "LONGEST", 0.001)
    with pytest.raises(pdf.NotSet, match="not ready"):
        await pdf.set_pdf("poster.typ", {}, TODAY)


async def test_what_is_published_while_a_booklet_is_made_is_in_it(
    booklets: Booklets,
    own_library: Library,
    answers: dict,
    facts: dict,
    monkeypatch: pytest.MonkeyPatch,
):
    facts["numbers"]["police"]["value"] = "999"
    gathered, calls = shelf.gather, []

    def gather(*given, **more):
        document = gathered(*given, **more)
        if not calls:
            own_library.replace(answers, facts)
        calls.append(document)
        return document

    monkeypatch.setattr(shelf, "gather", gather)
    text = (await booklets.make("en", "html")).data.decode()
    assert "tel:999" in text and "tel:122" not in text
    assert len(calls) == 2
