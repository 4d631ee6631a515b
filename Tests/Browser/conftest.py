"""Fixtures for the browser, servers and pages. The servers, the model and codex are those of Tests/EndToEnd."""

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

SUITE = Path(__file__).resolve().parent
REPOSITORY = SUITE.parents[1]
END_TO_END = SUITE.parent / "EndToEnd"
sys.path[:0] = [str(END_TO_END), str(SUITE)]
os.environ.setdefault("CODEX_BIN", str(REPOSITORY / ".runtime" / "codex_cli_bin" / "bin" / "codex"))

from driving import page_files, screens  # noqa: E402
from driving.chat import Chat  # noqa: E402
from driving.kept import KeptPages  # noqa: E402
from driving.line import Line  # noqa: E402
from driving.screens import Screen  # noqa: E402
from driving.settle import settle  # noqa: E402
from driving.shots import Shots  # noqa: E402
from driving.watch import Watch  # noqa: E402
from harness import people, processes  # noqa: E402
from harness.model import Model  # noqa: E402
from harness.place import Place  # noqa: E402
from harness.server import Server  # noqa: E402

_specification = importlib.util.spec_from_file_location("end_to_end_fixtures", END_TO_END / "conftest.py")
assert _specification and _specification.loader
_end_to_end = importlib.util.module_from_spec(_specification)
_specification.loader.exec_module(_end_to_end)
run_directory, model, place, launch, stand_in = (
    _end_to_end.run_directory,
    _end_to_end.model,
    _end_to_end.place,
    _end_to_end.launch,
    _end_to_end.stand_in,
)

_FAILED = pytest.StashKey[bool]()

# Deadlines, not durations: on a busy machine everything takes longer.
expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def playwright(run_directory: Path) -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path=os.environ.get("CHROMIUM_BIN", "/usr/bin/chromium"),
        args=["--no-sandbox"] if os.geteuid() == 0 else [],
    )
    # The browser's processes belong to the tests; the check for leftover server processes must ignore them.
    for pid in processes.strangers():
        processes.register(pid)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def _session_servers(run_directory: Path) -> Iterator[Callable[[str, Callable[[], Server]], Server]]:
    started: dict[str, Server] = {}

    def server(name: str, start: Callable[[], Server]) -> Server:
        if name not in started:
            started[name] = start().ready()
        assert started[name].process.poll() is None, f"the server has died:\n{started[name].output()[-4000:]}"
        return started[name]

    yield server
    for one in started.values():
        assert one.stop() == 0


@pytest.fixture
def server(_session_servers, run_directory: Path, model: Model) -> Iterator[Server]:
    """The server that most tests share, with the scripted model."""

    def start() -> Server:
        place = Place(run_directory)
        place.configure(model.url, model.token)
        return Server(place, environment=page_files.ENVIRONMENT)

    server = _session_servers("scripted", start)
    yield server
    settle(server)


@pytest.fixture
def demo(_session_servers, run_directory: Path) -> Iterator[Server]:
    """A server with the built-in demo model, as `make demo` starts it."""
    server = _session_servers("demo", lambda: Server(Place(run_directory), environment=page_files.ENVIRONMENT, arguments=("--demo",)))
    yield server
    settle(server)


@pytest.fixture
def _tokens() -> Iterator[dict[str, Server]]:
    """Valid tokens, by name. They are revoked after the test, so that the next one can reuse the names."""
    valid: dict[str, Server] = {}
    yield valid
    for name, server in valid.items():
        assert people.revoke(server.place, name).returncode == 0


@pytest.fixture
def token(_tokens: dict[str, Server]) -> Callable[[Server, str, str], str]:
    """Creates a token with this name and role; returns its secret."""

    def create(server: Server, name: str, role: str) -> str:
        _tokens[name] = server
        return people.invite(server.place, role, name).secret

    return create


@pytest.fixture
def revoke(_tokens: dict[str, Server]) -> Callable[[Server, str], None]:
    def end(server: Server, name: str) -> None:
        assert people.revoke(server.place, name).returncode == 0
        del _tokens[name]

    return end


@pytest.fixture
def line() -> Iterator[Callable[[Server], Line]]:
    """Puts a network that a test can cut in front of a server."""
    lines: list[Line] = []

    def before(server: Server) -> Line:
        lines.append(Line(server))
        return lines[-1]

    yield before
    for one in lines:
        one.close()


@pytest.fixture(params=screens.ALL, ids=lambda screen: screen.name)
def screen(request: pytest.FixtureRequest) -> Screen:
    return request.param


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test if one of its pages reports an error."""
    watch = Watch()
    yield watch
    watch.check()


@pytest.fixture
def new_page(browser: Browser, screen: Screen, watch: Watch) -> Iterator[Callable[..., Page]]:
    """A page in its own browser context, like another device. Takes the options of a browser context."""
    contexts: list[BrowserContext] = []

    def page(**options) -> Page:
        contexts.append(browser.new_context(**{**screen.options, **options}))
        contexts[-1].set_default_timeout(20_000)
        page = contexts[-1].new_page()
        watch.follow(page)
        return page

    yield page
    watch.measure()
    for context in contexts:
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def _kept_pages(browser: Browser) -> Iterator[KeptPages]:
    pages = KeptPages(lambda screen: browser.new_context(**screen.options).new_page())
    yield pages
    pages.close()


@pytest.fixture
def kept_chat(
    request: pytest.FixtureRequest, _kept_pages: KeptPages, screen: Screen, shots: Shots, watch: Watch
) -> Iterator[Callable[[Server], Chat]]:
    """Like `chat`, in a page that an earlier test has opened: for tests that do not depend on its beginning."""
    taken: list[Page] = []

    def opened(server: Server) -> Chat:
        taken.append(_kept_pages.take(server.url, screen))
        watch.follow(taken[-1])
        return _kept_pages.chat(taken[-1], server.url, screen, shots)

    yield opened
    watch.measure()
    for page in taken:
        watch.leave(page)
        if request.node.stash.get(_FAILED, False):
            _kept_pages.drop(page)


@pytest.fixture
def shots(screen: Screen) -> Shots:
    """Screenshots for people, in artifacts/browser."""
    return Shots(REPOSITORY / "artifacts" / "browser", screen.name)


@pytest.fixture
def chat(new_page: Callable[..., Page], screen: Screen, shots: Shots) -> Callable[..., Chat]:
    """Opens a server's page in its own context, and by default waits until the page is connected."""

    def opened(
        server: Server, thread: str | None = None, page: Page | None = None, connected: bool = True, **options
    ) -> Chat:
        chat = Chat(page or new_page(**options), screen, shots)
        chat.open(server.url, thread)
        return chat.connected() if connected else chat

    return opened
