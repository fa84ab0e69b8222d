"""The menus: every answer can be reached by buttons alone."""

from actions.context import Context
from actions.reply import Choice, Reply
from content.intents import intents
from content.languages import LANGUAGES
from content.sentences import _

#: The groups of answers behind each button of the main menu and of the services menu.
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "asylum": (
        _("📄 Asylum and papers"),
        (
            "asylum_apply",
            "asylum_attestation",
            "asylum_interview",
            "asylum_appeal",
            "asylum_rights",
            "legal_aid",
            "residence_permit",
            "family_reunification",
            "lost_documents",
            "civil_documents",
            "detention_removal",
            "onward_travel",
            "regular_pathways",
        ),
    ),
    "avrr": (
        _("✈️ Going home (voluntary return)"),
        ("avrr_info", "avrr_apply", "avrr_reintegration", "avrr_cancel"),
    ),
    "mines": (_("⚠️ Mines"), ("mine_found", "mine_areas", "mine_signs")),
    "stay": (
        _("🛏 Sleeping, food, clothes"),
        (
            "shelter_find",
            "centre_rules",
            "centre_transport",
            "centre_transfer",
            "food",
            "clothes_items",
            "showers_laundry",
        ),
    ),
    "health": (
        _("🩺 Health and support"),
        (
            "medical_care",
            "pregnancy_baby",
            "mental_health",
            "disability_support",
            "lgbtiq_support",
            "interpreter",
        ),
    ),
    "family": (
        _("👨‍👩‍👧 Family and children"),
        ("missing_family", "school_children", "child_alone"),
    ),
    "daily": (
        _("📱 Daily life"),
        (
            "phone_internet",
            "money_transfer",
            "work_permission",
            "courses_activities",
            "info_sessions",
        ),
    ),
    "about": (_("ℹ️ About Rahnuma"), ("about_bot", "privacy", "rumour_check")),
}
#: Buttons of the services menu.
SERVICES = ("stay", "health", "family", "daily")
#: The dangers behind the emergency button, the most urgent first.
DANGERS = (
    "medical_emergency",
    "mine_found",
    "rescue",
    "violence",
    "suicide_risk",
    "child_alone",
    "border_violence",
    "gbv",
    "trafficking",
    "sea_report",
)

MENU = _("🏠 Menu")
BACK = _("◀️ Back")
PERSON = _("🧑 Talk to a person")
EMERGENCY = _("🆘 Emergency")


def home(ctx: Context) -> Choice:
    """The button that leads to the main menu from everywhere."""
    return ctx.choice(MENU, "menu")


def main_menu(ctx: Context, text: str | None = None) -> Reply:
    """The main menu; ``text`` takes the place of its first line."""
    return ctx.reply(
        text or ctx.say("What do you need? Press a button, or write your question."),
        ctx.choice(EMERGENCY, "sos"),
        ctx.choice(GROUPS["asylum"][0], "topic:asylum"),
        ctx.choice(GROUPS["avrr"][0], "topic:avrr"),
        ctx.choice(GROUPS["mines"][0], "topic:mines"),
        ctx.choice(_("🏕 Services and centres"), "topic:services"),
        ctx.choice(_("💬 Feedback"), "fb"),
        ctx.choice(PERSON, "person"),
        ctx.choice(_("🚫 What staff may never do"), "rules"),
        ctx.choice(_("📍 My centre"), "centre"),
        Choice("🌐 العربية · فارسی · اردو · EN", "lang"),
        ctx.choice(GROUPS["about"][0], "topic:about"),
        navigates=True,
    )


def topic_menu(ctx: Context, topic: str) -> Reply | None:
    """The buttons of one topic or group; None if there is no such topic."""
    if topic == "services":
        buttons = [ctx.choice(_("📅 Today"), "today")]
        buttons += [ctx.choice(GROUPS[g][0], f"topic:{g}") for g in SERVICES]
        buttons.append(ctx.choice(_("📍 What is near me?"), "near"))
        back = "menu"
        label = ctx.label(_("🏕 Services and centres"))
    elif topic in GROUPS:
        name, members = GROUPS[topic]
        buttons = [Choice(ctx.library.title(i, ctx.person.language), f"ask:{i}") for i in members]
        if topic == "about":
            buttons.append(ctx.choice(_("📘 Booklet for offline"), "book"))
        back = "topic:services" if topic in SERVICES else "menu"
        label = ctx.label(name)
        if topic == "about":
            buttons.append(low_data_choice(ctx))
    else:
        return None
    last = [home(ctx)] if back == "menu" else [ctx.choice(BACK, back), home(ctx)]
    return ctx.reply(f"<b>{label}</b>", *buttons, *last, navigates=True)


def low_data_choice(ctx: Context) -> Choice:
    """The button that leaves pictures out, or sends them again."""
    if ctx.person.low_data:
        return ctx.choice(_("🖼 Send pictures again"), "lowdata:off")
    return ctx.choice(_("📉 Low data: no pictures"), "lowdata:on")


def language_menu(ctx: Context) -> Reply:
    """The six languages by their own names."""
    return ctx.reply(
        ctx.say("Choose your language."), *language_choices(), home(ctx), navigates=True
    )


def language_choices() -> list[Choice]:
    """A button for each language, in its own name."""
    return [Choice(language.own_name, f"lang:{code}") for code, language in LANGUAGES.items()]


def centre_menu(ctx: Context) -> Reply:
    """The centres that a person may say they are in."""
    language = ctx.person.language
    here = [
        Choice(place.called(language), f"centre:{key}")
        for key, place in ctx.library.directory.centres.items()
        if place.choosable
    ]
    return ctx.reply(
        ctx.say("Where are you now? You don't have to say."),
        *here,
        ctx.choice(_("Not in a centre"), "centre:none"),
        home(ctx),
        navigates=True,
    )


def in_some_menu() -> set[str]:
    """Intents that can be reached by buttons (a test holds this against the contract)."""
    return {i for _name, members in GROUPS.values() for i in members} | (
        set(DANGERS) & set(intents())
    )
