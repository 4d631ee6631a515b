"""Pages that stay open between tests, as they do on call: loading a page takes most of a short test's time."""

from collections.abc import Callable

from playwright.sync_api import Page

from .chat import Chat
from .screens import Screen
from .shots import Shots


class KeptPages:
    def __init__(self, make: Callable[[Screen], Page]):
        self._make = make
        self._pages: dict[tuple[str, str], Page] = {}

    def take(self, url: str, screen: Screen) -> Page:
        """Returns the kept page, or a blank one."""
        key = (screen.name, url)
        if key not in self._pages:
            self._pages[key] = self._make(screen)
        return self._pages[key]

    def chat(self, page: Page, url: str, screen: Screen, shots: Shots) -> Chat:
        """Opens a new conversation."""
        chat = Chat(page, screen, shots)
        if page.url.startswith(url):
            chat.begin_anew()
        else:
            chat.open(url)
        return chat.connected()

    def drop(self, page: Page) -> None:
        """Drops a page after a failure, because its state is unknown."""
        self._pages = {key: kept for key, kept in self._pages.items() if kept is not page}
        page.context.close()

    def close(self) -> None:
        for page in list(self._pages.values()):
            self.drop(page)
