"""What a linked member of the staff wants in a topic: words to the person, commands, buttons.

The rules are those of the console: who has the case may do with it what moving.py lets them, and
each look and change is a line of the audit log, marked "(phone)".
"""

from collections.abc import Awaitable, Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.staff_group import wording
from bot.staff_group.asked import Answer, Asked, Pressed, Written
from bot.staff_group.rules import only_in_console
from content.canned_replies import canned_replies, fill, search
from content.directory import Directory
from store.case_tables import CaseRow
from store.cases.messages import add_message, add_note, mark_seen
from store.cases.moving import OUTCOMES, CaseMoved, close, give_back, let_pass, take, transfer
from store.cases.opening import about
from store.group import WAITS
from store.group_tables import GroupTopicRow
from store.keys import Keys
from store.phones import ROLES
from store.presence import there
from store.tables import StaffRow

#: So many ready replies and colleagues are offered as buttons.
MOST = 8


class Requests:
    """Does what is asked, in the caller's transaction; the case is locked."""

    def __init__(self, keys: Keys, directory: Directory):
        self._keys, self._directory = keys, directory
        self._commands: dict[str, Callable[[Asked], Awaitable[Answer | None]]] = {
            "/note": self._note,
            "/close": self._ask_outcome,
            "/transfer": self._ask_whom,
            "/back": self._give_back,
            "/canned": self._find_replies,
            "/who": self._who,
        }
        self._buttons: dict[str, Callable[[Asked], Awaitable[Answer | None]]] = {
            "take": self._take,
            "pass": self._pass,
            "close": self._close,
            "to": self._transfer_to,
            "desk": self._transfer_to_desk,
            "show": self._show_reply,
            "send": self._send_reply,
        }

    async def written(
        self,
        session: AsyncSession,
        topic: GroupTopicRow,
        case: CaseRow,
        account: StaffRow,
        written: Written,
    ) -> Answer | None:
        """A message of a linked member in the topic of a case."""
        if only_in_console(case):
            return Answer(wording.ONLY_CONSOLE)
        key = f"tg:{written.id}"
        if written.edited:
            key += f":{int(written.edited.timestamp())}"
        first, _space, rest = written.text.partition(" ")
        command = first.split("@")[0].split("\n")[0].lower()
        if command.startswith("/"):
            asked = Asked(session, topic, case, account, rest.strip(), key)
            if written.edited:
                return None  # a command that was done isn't done again
            if (does := self._commands.get(command)) is None:
                return Answer(f"I know: {wording.COMMANDS}")
            return await self._allowed(does, asked)
        asked = Asked(session, topic, case, account, written.text, key)
        if refused := self._not_theirs(asked):
            return refused
        if written.other:
            return Answer(wording.TEXT_ONLY)
        # an edit can't reach what the person has: they get it as a new message, marked
        return await self._say(asked, f"✏️ {written.text}" if written.edited else written.text)

    async def pressed(
        self,
        session: AsyncSession,
        topic: GroupTopicRow,
        case: CaseRow,
        account: StaffRow,
        pressed: Pressed,
    ) -> Answer | None:
        """A button that a linked member pressed in the topic of a case."""
        mark, _colon, rest = pressed.value.partition(":")
        name, _colon, rest = rest.partition(":")
        does = self._buttons.get(name) if mark == "g" else None
        if does is None:
            return None
        if only_in_console(case):
            return Answer(wording.ONLY_CONSOLE, passing=True)
        return await self._allowed(does, Asked(session, topic, case, account, rest, pressed.key))

    async def _allowed(
        self, does: Callable[[Asked], Awaitable[Answer | None]], asked: Asked
    ) -> Answer | None:
        try:
            async with asked.session.begin_nested():
                return await does(asked)
        except CaseMoved as error:
            return Answer(f"Not done: {error}.", passing=True)

    def _not_theirs(self, asked: Asked) -> Answer | None:
        """Why their words don't go to the person, or None if they do."""
        case = asked.case
        if case.status in WAITS:
            return Answer(wording.TAKE_FIRST, wording.take_buttons(case))
        if case.status == "closed":
            return Answer("Nothing was sent: this case is closed.")
        if case.assigned_to != asked.name:
            return Answer(f"Nothing was sent: {case.assigned_to} has this case.")
        if asked.topic.holder != asked.name:
            here = wording.buttons([("Go on here", "g:take")])
            return Answer("Nothing was sent: you have this case in the console.", here)
        return None

    async def _say(self, asked: Asked, text: str) -> None:
        await add_message(
            asked.session,
            self._keys,
            asked.case,
            text,
            from_person=False,
            author=asked.name,
            key=asked.key or None,
        )
        await mark_seen(asked.session, asked.case, max(asked.topic.words_to, 0))
        await asked.note("write in case")

    async def _take(self, asked: Asked) -> Answer | None:
        anyway = asked.account.role == "supervisor"
        await take(asked.session, self._keys, asked.case.id, asked.name, anyway=anyway)
        if asked.topic.holder != asked.name:
            asked.topic.holder = asked.name
            asked.case.rev += 1  # what the topic shows depends on who took it where
            await asked.note("take case")
            await asked.note("read case")
        return None

    async def _pass(self, asked: Asked) -> Answer | None:
        if asked.case.status == "offered" and asked.case.offered_to == asked.name:
            await let_pass(asked.session, self._keys, asked.case.id, asked.name)
            await asked.note("pass case")
        return Answer("It waits for the others.", passing=True)

    async def _note(self, asked: Asked) -> Answer | None:
        if asked.account.role != "supervisor" and (refused := self._not_theirs(asked)):
            return refused
        if not asked.rest:
            return Answer("Write the note behind the command: /note text")
        await add_note(asked.session, self._keys, asked.case, asked.rest, asked.name, asked.key)
        await asked.note("note in case")
        return Answer("📝 Kept for the staff; the person doesn't see it.")

    async def _ask_outcome(self, asked: Asked) -> Answer | None:
        return self._not_theirs(asked) or Answer("What came of it?", wording.outcome_buttons())

    async def _close(self, asked: Asked) -> Answer | None:
        outcome = next((one for one in OUTCOMES if one == asked.rest and one != "left"), None)
        if outcome is None:
            return None
        await close(asked.session, self._keys, asked.case.id, asked.name, outcome)
        asked.topic.holder = None
        await asked.note("close case")
        return None

    async def _give_back(self, asked: Asked) -> Answer | None:
        await give_back(asked.session, self._keys, asked.case.id, asked.name, "from the phone")
        asked.topic.holder = None
        await asked.note("give case back")
        return None

    async def _ask_whom(self, asked: Asked) -> Answer | None:
        if refused := self._not_theirs(asked):
            return refused
        here = [one for one in await self._colleagues(asked) if one.name != asked.name]
        desks = sorted({desk for one in await self._staff(asked) for desk in one.desks or ()})
        choices = [(f"🧑 {one.name}", f"g:to:{self._button(one.name)}") for one in here[:MOST]]
        choices += [(f"🗂 {desk}", f"g:desk:{desk}") for desk in desks]
        if not choices:
            return Answer("No colleague is there now. /back lets it wait for everybody.")
        return Answer("To whom?", wording.buttons(choices))

    async def _transfer_to(self, asked: Asked) -> Answer | None:
        found = [
            one for one in await self._colleagues(asked) if self._button(one.name) == asked.rest
        ]
        if not found:
            return Answer("Not done: they are not there any more.", passing=True)
        return await self._transfer(asked, to=found[0].name)

    async def _transfer_to_desk(self, asked: Asked) -> Answer | None:
        known = {desk for one in await self._staff(asked) for desk in one.desks or ()}
        if asked.rest not in known:
            return Answer("Not done: nobody works at this desk.", passing=True)
        return await self._transfer(asked, desk=asked.rest)

    async def _transfer(self, asked: Asked, **whom: str) -> None:
        await transfer(asked.session, self._keys, asked.case.id, asked.name, **whom)
        asked.topic.holder = None
        await asked.note("transfer case")

    async def _find_replies(self, asked: Asked) -> Answer | None:
        if refused := self._not_theirs(asked):
            return refused
        found = search(asked.rest, asked.case.language)[:MOST]
        if not found:
            return Answer("No ready reply fits. Try another word: /canned word")
        lines = [f"{n}. {one.when}" for n, one in enumerate(found, 1)]
        numbers = [(str(n), f"g:show:{one.id}") for n, one in enumerate(found, 1)]
        return Answer("\n".join(lines), wording.buttons(numbers, across=4))

    async def _show_reply(self, asked: Asked) -> Answer | None:
        if refused := self._not_theirs(asked):
            return refused
        filled = self._filled(asked)
        if filled is None:
            return None
        text, missing = filled
        if missing:
            gaps = ", ".join(missing)
            return Answer(f"{text}\n\nCopy it, fill in what is missing ({gaps}) and send it.")
        return Answer(text, wording.buttons([("Send this", f"g:send:{asked.rest}")]))

    async def _send_reply(self, asked: Asked) -> Answer | None:
        if refused := self._not_theirs(asked):
            return refused
        filled = self._filled(asked)
        if filled is None or filled[1]:
            return None
        await self._say(asked, filled[0])
        return Answer("Sent.", passing=True)

    def _filled(self, asked: Asked) -> tuple[str, list[str]] | None:
        """A ready reply in the person's language, and what it lacks; None for an unknown one."""
        reply, case = canned_replies().get(asked.rest), asked.case
        if reply is None:
            return None
        values = {
            "counsellor": asked.account.shown_as or "",
            "name": about(self._keys, case).name or "",
        }
        if case.centre in self._directory.centres:
            values["centre"] = self._directory.centres[case.centre].called(case.language)
        return fill(reply, case.language, values, self._directory)

    async def _who(self, asked: Asked) -> Answer | None:
        case = asked.case
        has = f"{case.assigned_to} has this case." if case.assigned_to else "Nobody has this case."
        here = [
            f"{one.name} ({', '.join(one.languages or ()) or 'no language noted'})"
            for one in await self._colleagues(asked)
        ]
        return Answer(f"{has}\nIn the console now: {', '.join(here) or 'nobody'}.")

    async def _staff(self, asked: Asked) -> list[StaffRow]:
        rows = select(StaffRow).where(StaffRow.role.in_(ROLES), StaffRow.active)
        rows = rows.order_by(StaffRow.name)
        return list((await asked.session.execute(rows)).scalars())

    async def _colleagues(self, asked: Asked) -> list[StaffRow]:
        """Who may have cases and is connected now."""
        connected = await there(asked.session)
        return [one for one in await self._staff(asked) if one.name in connected]

    def _button(self, name: str) -> str:
        """A name as a button's value, which is short."""
        return self._keys.pseudonym("staff button", name)[:16]
