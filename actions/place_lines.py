"""What the directory publishes of a place, as lines of light HTML and pins for the map."""

import html

from actions.context import Context
from actions.reply import Point
from content.markup import isolate
from content.places import Place
from content.sentences import sentence
from content.services import Service, codes_of, language_names, title


def safe(text: str, language: str) -> str:
    """Plain text of the directory inside a message in a language."""
    return isolate(html.escape(text, quote=False), language)


def offered(ctx: Context, place: Place, intent: str | None) -> list[str]:
    """What a place offers of what an intent asks about (None: all that it offers)."""
    codes = codes_of(intent) if intent else tuple(place.services)
    return [_line(ctx, place.services[code]) for code in codes if code in place.services]


def _line(ctx: Context, service: Service) -> str:
    """A service in one line: what, when, in which languages."""
    language = ctx.person.language
    parts = [f"{title(service.code, language)}: {service.in_words(language)}"]
    if service.hours:
        parts.append(service.hours.in_words(language))
    if service.languages:
        parts.append(spoken(ctx, service.languages))
    return "• " + safe(" · ".join(parts), language)


def spoken(ctx: Context, codes: tuple[str, ...]) -> str:
    """Languages that are spoken somewhere, as plain text."""
    language = ctx.person.language
    names = language_names(codes, language)
    return sentence(language, "Languages: {languages}", languages=names)


def pins(ctx: Context, place: Place, *facts: str) -> list[Point]:
    """The place on the map, if its own point is published.

    Of ``facts`` (placeholders, such as ``centre.lipa.place``) the first that is published says
    where it is, else its name: Telegram wants words.
    """
    if place.point is None:
        return []
    language, directory = ctx.person.language, ctx.library.directory
    name = place.called(language)
    address = next((known for fact in facts if (known := directory.published(fact, language))), "")
    return [Point(*place.point, title=name, address=address or name)]
