"""The bot's commands and descriptions in the six languages."""

from telegram import BotCommand
from telegram.ext import ExtBot

from content.directory import Directory
from content.languages import DEFAULT_LANGUAGE, LANGUAGES
from content.sentences import _, sentence

COMMAND_TEXTS = {
    "menu": _("Main menu"),
    "emergency": _("Emergency numbers and first steps"),
    "person": _("Talk to a person"),
    "feedback": _("Give anonymous feedback"),
    "rules": _("What staff may never do"),
    "language": _("Change the language"),
    "lowdata": _("Pictures on or off"),
    "privacy": _("Who can see this chat"),
    "booklet": _("All answers in one file, for offline"),
    "stop": _("Stop what we are doing"),
    "today": _("What is on today"),
    "stop_notices": _("Stop the notices"),
    "delete": _("Erase what is kept of me"),
}
DESCRIPTION = _(
    "Free information for migrants in Bosnia and Herzegovina: asylum, going home, mines, "
    "services. A program answers; a person is one button away. In danger: police {police}, "
    "ambulance {ambulance}."
)
SHORT_DESCRIPTION = _("Free information for migrants in Bosnia and Herzegovina")


def described_numbers(directory: Directory) -> dict[str, str]:
    """The numbers that the bot's description tells."""
    return {key: directory.number(key) for key in ("police", "ambulance")}


async def set_commands(bot: ExtBot, numbers: dict[str, str]) -> None:
    """Tell Telegram our commands and descriptions, with ``described_numbers``. Raises
    telegram.error.TelegramError."""
    for code in LANGUAGES:
        # the default (no language code) is what phones in other languages show
        tags = ["", code] if code == DEFAULT_LANGUAGE else [code]
        commands = [BotCommand(n, sentence(code, text)) for n, text in COMMAND_TEXTS.items()]
        for tag in tags:
            await bot.set_my_commands(commands, language_code=tag or None)
            await bot.set_my_description(
                sentence(code, DESCRIPTION, **numbers), language_code=tag or None
            )
            await bot.set_my_short_description(
                sentence(code, SHORT_DESCRIPTION), language_code=tag or None
            )
