"""The mailbox of a mail server for tests."""


class Mailbox:
    """Keeps what a mail server (aiosmtpd) is given."""

    def __init__(self) -> None:
        self.letters: list[str] = []

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.letters.append(envelope.content.decode())
        return "250 OK"
