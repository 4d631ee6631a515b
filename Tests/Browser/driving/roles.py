"""One person per role, for tests of what the page offers them."""

from harness.server import Server

from .chat import Chat

# As if from another machine: not the local user.
ELSEWHERE = {"X-Forwarded-For": "203.0.113.9"}


def sign_in(here: Chat, server: Server, token: str, thread: str | None = None) -> Chat:
    here.open(server.url, thread)
    here.find("signin-token").fill(token)
    here.find("signin-token").press("Enter")
    return here.connected()


def open_menu(here: Chat) -> None:
    if here.find("menu").is_visible() and here.find("menu").get_attribute("aria-expanded") != "true":
        here.press(here.find("menu"))
