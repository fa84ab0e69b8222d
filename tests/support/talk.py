"""A person who talks with the desk, without a channel."""

from bot.conversation.desk import Desk
from bot.conversation.incoming import Incoming


class Talk:
    """One person's talk with the desk, without a channel."""

    def __init__(self, desk: Desk, who: str, channel: str = "web"):
        self.desk, self.who, self.channel = desk, who, channel

    async def says(self, text: str, **more):
        """Write a text."""
        return await self._in(Incoming("text", text=text, **more))

    async def presses(self, value: str, **more):
        """Press a button."""
        return await self._in(Incoming("choice", choice=value, **more))

    async def sends(self, kind: str, **more):
        """Send something else than text."""
        return await self._in(Incoming(kind, **more))

    async def _in(self, incoming: Incoming):
        return await self.desk.handle(self.channel, self.who, incoming, address=self.who)
