"""A counsellor's live page in a real browser."""

from playwright.sync_api import BrowserContext, expect

from tests.support.console import sign_in
from tests.support.running import Running

LAPTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 720}


class Console:
    """A counsellor's page."""

    def __init__(self, context: BrowserContext, service: Running, name: str):
        self.context, self.page = context, context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        sign_in(self.page, service, name)
        self.page.goto(f"{service.url}/console/cases")
        expect(self.page.locator("#summary")).not_to_be_empty()

    def takes_the_offer(self) -> None:
        """Take the first offer and wait until its conversation is open."""
        self.page.locator(".offer .main").first.click()
        expect(self.page.locator("#composer-text")).to_be_focused()

    def writes(self, text: str) -> None:
        self.page.locator("#composer-text").fill(text)
        self.page.keyboard.press("Enter")

    def said(self, text: str):
        """The lines of the conversation with this text."""
        return self.page.locator(".line .words").get_by_text(text, exact=True)
