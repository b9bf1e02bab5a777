"""What a browser complains of."""

from playwright.sync_api import ConsoleMessage, Page


def collect_complaints(page: Page) -> list[str]:
    """Gather what the browser complains of, but for answers such as 415 that tests ask for."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        expected = message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not expected:
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints
