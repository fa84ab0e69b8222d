"""Shows editors a text that is not published yet, as the chat would show it to people."""

from actions.answer import answer, page
from actions.context import Context
from actions.emergency import emergency
from actions.reply import Reply
from content.answers import Answer, Library
from content.intents import intents
from store.keys import Keys
from store.people import Person


def preview(library: Library, keys: Keys, text: Answer) -> Reply:
    """The message with its buttons as a person gets it whose language is that of the text.

    Raises UnknownPlaceholder or KeyError if the text can't be shown (content/findings.py says why).
    """
    ctx = Context(Person("", "web", text.language), library.with_answer(text), keys, None)
    intent = intents().get(text.id)
    if intent is None:
        # a page that no intent leads to, such as the rules for staff
        return page(ctx, text.id, always=True) or ctx.reply("")
    return emergency(ctx, text.id) if intent.danger else answer(ctx, text.id)
