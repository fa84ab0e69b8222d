"""Editors at work on the directory's facts, over HTTP."""

import httpx

from tests.support.console import csrf

FACT = "/console/directory/fact/{}"
PHONE = "organisations.iom.phone"
#: A form with everything that a published telephone number needs.
FORM = {
    "source": "IOM, asked on the telephone",
    "source_date": "2026-11-30",
    "confidence": "stated",
    "checked": "2026-11-30",
    "publish": "yes",
}


class Desk:
    """One editor's browser on the page of one fact."""

    def __init__(self, client: httpx.Client, path: str = PHONE):
        self.client, self.address = client, FACT.format(path)

    def see(self) -> str:
        """The page."""
        answer = self.client.get(self.address)
        assert answer.status_code == 200, answer.text
        return answer.text

    def write(self, value: str, *, edits: int = 0, do: str = "save", **more: str) -> httpx.Response:
        """Send the form."""
        form = FORM | {"csrf": csrf(self.see()), "value": value, "edits": str(edits), "do": do}
        return self.client.post(self.address, data=form | more)

    def step(self, do: str, *, edits: int = 1, **more: str) -> httpx.Response:
        """Take a step with what is saved."""
        form = {"csrf": csrf(self.see()), "do": do, "edits": str(edits)}
        return self.client.post(f"{self.address}/step", data=form | more)

    def write_and_ask(self, value: str, **more: str) -> None:
        """A draft for which a second person is asked."""
        assert self.write(value, **more).status_code == 200
        assert self.step("ask").status_code == 200

    def publish(self, *, edits: int = 1) -> httpx.Response:
        """Publish what somebody else wrote."""
        return self.step("publish", edits=edits, compared="yes")
