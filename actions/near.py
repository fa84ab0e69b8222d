"""What is near: the centres and offices of the directory around a shared location or a named town.

Nothing of a location is kept or logged. A town's middle stands for a centre only where the
directory says that it is near that town, and the distance is then named as the town's.
"""

import structlog

from actions.context import Context
from actions.menu import home
from actions.place_lines import offered, pins, safe, spoken
from actions.reply import Choice, Reply
from content.border import in_country
from content.distance import Point, about, kilometres
from content.places import Near, Place, nearest
from content.sentences import sentence
from content.services import codes_of

log = structlog.get_logger()
#: Km from a town's middle up to which one is taken to be in the town. Small on purpose: most towns
#: here are small, front lines ran close to them, and a warning too many costs a few words.
IN_TOWN = 3.0
#: Centres, and offices, that are listed at most.
MOST = 3
#: Km beyond which an office is left out where a nearer one is known: too far for a day's way.
FAR = 120.0
MINES = "mine_areas"


async def show(ctx: Context, town: str) -> list[Reply]:
    """The button "near me": what is around a town, or how to say where one is."""
    return around_town(ctx, town) or [_ask(ctx)]


def _ask(ctx: Context) -> Reply:
    directory, language = ctx.library.directory, ctx.person.language
    places = [*_centres(ctx), *_offices(ctx)]
    known = {place.near or place.canton for place in places}
    towns = [
        Choice(town.called(language), f"near:{key}")
        for key, town in directory.towns.items()
        if key in known and town.point
    ]
    lines = [ctx.say("Where are you? Write the name of the town, or press one.")]
    if ctx.person.channel == "telegram":
        lines.append(ctx.say("Or press 📎 and send your location. We do not keep it."))
    return ctx.reply("\n".join(lines), *towns, home(ctx), navigates=True)


def around(ctx: Context, latitude: float, longitude: float) -> list[Reply]:
    """What is near a shared location (degrees, WGS 84), with the warning of mines.

    Whatever fails here, nothing is raised: the numbers for rescuers must reach the person.
    """
    try:
        return [_around(ctx, Point(latitude, longitude))]
    except Exception:  # noqa: BLE001 - what was said before is what saves lives
        log.exception("near.failed")
        return []


def _around(ctx: Context, here: Point) -> Reply:
    mines = Choice(ctx.library.title(MINES, ctx.person.language), f"ask:{MINES}")
    if not in_country(here):
        abroad = ctx.say(
            "This place is outside Bosnia and Herzegovina. We know places in this country only, "
            "and the numbers above are its numbers."
        )
        return ctx.reply(abroad, mines, home(ctx))
    towns = [town.point for town in ctx.library.directory.towns.values() if town.point]
    in_town = any(kilometres(here, town) <= IN_TOWN for town in towns)
    reply = _listed(ctx, here, ctx.say("Near you"), None)
    if in_town:
        reply.html += f"\n\n{_mines(ctx)}"
        reply.choices.insert(-1, mines)
    else:
        warning = ctx.say(
            "⚠️ You may be outside a town. There may be mines here, also where you see no sign. "
            "Stay on hard roads and on paths that people use now. Touch nothing."
        )
        reply.html = f"<b>{warning}</b>\n\n{reply.html}"
        reply.choices.insert(0, mines)
    return reply


def around_town(ctx: Context, key: str | None, intent: str | None = None) -> list[Reply]:
    """What is around a town, first what has to do with an intent; nothing if it isn't known."""
    town = ctx.library.directory.towns.get(key or "")
    if town is None or town.point is None:
        return []
    head = ctx.say("Around {town}", town=town.called(ctx.person.language))
    reply = _listed(ctx, town.point, head, intent)
    reply.html += f"\n\n{_mines(ctx)}"
    return [reply]


def _mines(ctx: Context) -> str:
    return "⚠️ " + ctx.say("Off the roads there may be mines: stay on hard roads and used paths.")


def _listed(ctx: Context, here: Point, head: str, intent: str | None) -> Reply:
    towns = ctx.library.directory.towns
    centres = nearest(here, _centres(ctx), towns, in_town=IN_TOWN)[:MOST]
    offices = nearest(here, _offices(ctx), towns, in_town=IN_TOWN)
    offices = [one for one in offices if one.km is None or one.km <= FAR] or offices[:1]
    asked = set(codes_of(intent)) if intent else set()
    # sorted() keeps the order of distance among equals
    offices = sorted(offices, key=lambda one: not asked & set(one.place.services))[:MOST]
    blocks = [f"📍 <b>{head}</b>"]
    blocks += [_centre(ctx, one) for one in centres]
    blocks += [_office(ctx, one, intent) for one in offices]
    if centres:
        blocks.append(ctx.say("Ask staff which centre is open and has room before you go."))
    if any(one.km is not None for one in (*centres, *offices)):
        straight = ctx.say("Distances are in a straight line. Roads are longer.")
        blocks.append(f"<i>{straight}</i>")
    choices = [] if intent == "shelter_find" else [_ask_title(ctx, "shelter_find")]
    if ctx.person.centre is None:
        choices = [_i_am_in(ctx, one.place) for one in centres] + choices
    points = [
        pin
        for kind, found in (("centre", centres), ("org", offices))
        for one in found
        for pin in pins(
            ctx, one.place, f"{kind}.{one.place.id}.address", f"{kind}.{one.place.id}.place"
        )
    ]
    return ctx.reply("\n\n".join(blocks), *choices, home(ctx), points=points)


def _ask_title(ctx: Context, intent: str) -> Choice:
    return Choice(ctx.library.title(intent, ctx.person.language), f"ask:{intent}")


def _i_am_in(ctx: Context, centre: Place) -> Choice:
    name = centre.called(ctx.person.language)
    label = sentence(ctx.person.language, "📍 I am in {centre}", centre=name)
    return Choice(label, f"centre:{centre.id}")


def _centres(ctx: Context) -> list[Place]:
    """Centres that people may be sent to: no detention, none that is thought closed."""
    centres = ctx.library.directory.centres.values()
    return [one for one in centres if one.choosable and one.open != "closed"]


def _offices(ctx: Context) -> list[Place]:
    """Offices that can be reached somehow."""
    reached = ctx.library.directory.organisations()
    return [one for key, one in ctx.library.directory.offices.items() if key in reached]


def _centre(ctx: Context, near: Near) -> str:
    centre, language = near.place, ctx.person.language
    where = ctx.library.directory.published(f"centre.{centre.id}.place", language)
    lines = [f"🏕 <b>{safe(centre.called(language), language)}</b>"]
    lines += _where(ctx, near, where)
    lines += offered(ctx, centre, "shelter_find")
    return "\n".join(lines)


def _office(ctx: Context, near: Near, intent: str | None) -> str:
    office, language = near.place, ctx.person.language
    known = ctx.library.directory.organisations()[office.id]
    name = office.called(language)
    lines = [f"🏢 <b>{safe(name[:1].upper() + name[1:], language)}</b>"]
    lines += _where(ctx, near, known.get("address"))
    if phone := known.get("phone"):
        lines.append("☎️ " + safe(phone, language))
    if "address" not in known:
        way = known.get("web") or known.get("email")
        lines.append(
            ctx.say("We don't know the address yet. Ask for it: {way}", way=way)
            if way
            else ctx.say("We don't know the address yet. Call and ask for it.")
        )
    lines += offered(ctx, office, intent)
    if office.languages:
        lines.append(safe(spoken(ctx, office.languages), language))
    return "\n".join(lines)


def _where(ctx: Context, near: Near, where: str | None) -> list[str]:
    """Where a place is, and how far, in one line."""
    parts = [safe(where, ctx.person.language)] if where else []
    if near.km is not None and near.by:
        town = ctx.library.directory.towns[near.by].called(ctx.person.language)
        parts.append(ctx.say("{town}: about {km} km", town=town, km=about(near.km)))
    elif near.km is not None:
        parts.append(ctx.say("about {km} km", km=about(near.km)))
    return [" · ".join(parts)] if parts else []
