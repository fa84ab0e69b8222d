"""Posters: their codes lead to the chat with the centre, read back as a phone reads them."""

import pypdfium2
import pytest
import zxingcpp

from actions.booklet import PARTS
from booklet.contents import Places
from booklet.poster import NoPlace
from booklet.shelf import Booklets
from content.answers import Library
from tests.booklet.conftest import PLACES


def codes(pdf: bytes) -> tuple[set[str], str, int]:
    """The codes of the first page, its text, and the number of pages."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=1.5).to_pil()
        text = document[0].get_textpage().get_text_range()
        return {code.text for code in zxingcpp.read_barcodes(picture)}, text, len(document)
    finally:
        document.close()


async def test_the_codes_of_each_centre(booklets: Booklets):
    for centre in booklets.posters():
        found, text, pages = codes((await booklets.poster(centre)).data)
        assert pages == 1
        if centre is None:
            assert found == {"https://t.me/rahnuma_bot", "https://rahnuma.example.org/"}
        else:
            assert found == {
                f"https://t.me/rahnuma_bot?start=centre_{centre}",
                f"https://rahnuma.example.org/?centre={centre}",
            }
            assert booklets.directory.centres[centre].name in text
        assert all(number in text for number in ("124", "122", "121", "123"))
        assert "Questions? Ask here." in text
        assert "Des questions\u00a0? Demandez ici." in text


async def test_a_place_that_nobody_chooses_has_no_poster(booklets: Booklets):
    with pytest.raises(KeyError):
        await booklets.poster("lukavica")
    with pytest.raises(KeyError):
        await booklets.poster("../etc")


@pytest.mark.parametrize(
    ("places", "wanted"),
    [
        (Places(bot=PLACES.bot), {"https://t.me/rahnuma_bot?start=centre_lipa"}),
        (Places(web=PLACES.web), {"https://rahnuma.example.org/?centre=lipa"}),
    ],
)
async def test_one_way_to_the_chat_is_enough(library: Library, places: Places, wanted: set[str]):
    booklets = Booklets(library, PARTS, operator="x", places=lambda: places)
    assert codes((await booklets.poster("lipa")).data)[0] == wanted


async def test_a_poster_that_would_lead_nowhere_is_not_made(library: Library):
    booklets = Booklets(library, PARTS, operator="x", places=Places)
    with pytest.raises(NoPlace, match="PUBLIC_URL"):
        await booklets.poster("lipa")
