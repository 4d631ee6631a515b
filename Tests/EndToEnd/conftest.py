"""Fixtures for servers, the model and clients. Tests share session servers; a test that breaks one starts its own."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from harness import paths, processes
from harness.client import Client
from harness.conversation import Conversation
from harness.model import Model
from harness.place import Place
from harness.server import Server
from harness.session import Session
from harness.stand_in import StandIn

MODES = ("shared", "isolated")
SHAPES = ("classic", "code")


def end_in_order(servers: Iterable[Server], must_run: bool = True) -> None:
    """Stops every server, even after a failure of an earlier one, and asserts that it leaves no processes behind."""

    def end(server: Server) -> None:
        is_asked = must_run or server.process.poll() is None
        code = server.stop()
        assert code == 0 or not is_asked, f"the server ended with {code}:\n{server.output()[-4000:]}"

    with contextlib.ExitStack() as stack:
        # ExitStack calls these in reverse order, and calls each even if an earlier one failed.
        stack.callback(processes.assert_no_orphans)
        for server in servers:
            stack.callback(end, server)


@pytest.fixture(scope="session")
def run_directory() -> Iterator[Path]:
    processes.become_subreaper()
    # As root, the servers run codex as a separate user, which must be able to write the tests' files.
    os.umask(0)
    base = paths.base()
    base.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="", dir=base))
    directory.chmod(0o711)
    yield directory
    # Keeps the run directory on demand, to inspect the servers' output.
    if "E2E_KEEP" not in os.environ:
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="module")
def private_files() -> Iterator[None]:
    """Makes the tests' files unwritable for other users: the server refuses rules that others can change."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="session")
def model(run_directory: Path) -> Iterator[Model]:
    model = Model(run_directory)
    yield model
    model.stop()


@pytest.fixture(scope="session")
def servers(run_directory: Path, model: Model) -> Iterator[Callable[[str], Server]]:
    """Returns a ready server for an agent mode and starts it on first use."""
    started: dict[str, Server] = {}

    def server(mode: str) -> Server:
        if mode not in started:
            place = Place(run_directory)
            place.configure(model.url, model.token)
            started[mode] = Server(place, mode)
            started[mode].ready()
        assert started[mode].process.poll() is None, f"the {mode} server has died:\n{started[mode].output()[-4000:]}"
        return started[mode]

    yield server
    end_in_order(started.values())


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=SHAPES)
def shape(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def server(servers: Callable[[str], Server], mode: str) -> Server:
    return servers(mode)


@pytest.fixture
def shared(servers: Callable[[str], Server]) -> Server:
    """For tests of several clients on one thread, and for tests that do not depend on the agent mode."""
    return servers("shared")


@pytest.fixture
def clients() -> Iterator[Callable[..., Client]]:
    """Connects clients to a server and closes them after the test."""
    opened: list[Client] = []

    def connected(server: Server, query: str = "", **options) -> Client:
        opened.append(server.connect(query, **options))
        return opened[-1]

    yield connected
    for client in opened:
        client.close()


@pytest.fixture
def open_session() -> Iterator[Callable[..., Session]]:
    """Opens resumable sessions."""
    opened: list[Session] = []

    def session(server: Server, query: str = "", initialize: bool = True, **options) -> Session:
        opened.append(Session(server, query, **options))
        if initialize:
            opened[-1].initialize()
        return opened[-1]

    yield session
    for one in opened:
        one.close()


@pytest.fixture
def talk(clients: Callable[..., Client]) -> Callable[..., Conversation]:
    """Starts a new thread on its own client."""

    def conversation(
        server: Server,
        shape: str = "classic",
        query: str = "",
        token: str | None = None,
        experimental: bool = False,
        **params,
    ) -> Conversation:
        return Conversation.start(clients(server, query, token=token, experimental=experimental), shape, **params)

    return conversation


@pytest.fixture
def place(run_directory: Path, model: Model) -> Place:
    """Fresh directories, with codex configured to use the scripted model."""
    place = Place(run_directory)
    place.configure(model.url, model.token)
    return place


@pytest.fixture
def launch(place: Place) -> Iterator[Callable[..., Server]]:
    """Starts servers for one test; they must shut down cleanly and leave no processes behind."""
    started: list[Server] = []

    def launched(mode: str = "shared", at: Place | None = None, **options) -> Server:
        started.append(Server(at or place, mode, **options))
        return started[-1]

    yield launched
    # A test may have stopped its server on purpose.
    end_in_order(started, must_run=False)


@pytest.fixture
def stand_in(place: Place, launch: Callable[..., Server]) -> Callable[..., tuple[Server, StandIn]]:
    """Starts a ready server in front of the scripted agent."""

    def launched(mode: str = "shared", **options) -> tuple[Server, StandIn]:
        agent = StandIn(place.root)
        return launch(mode, agent=agent.executable, **options).ready(), agent

    return launched


@pytest.fixture(scope="module")
def module_stand_ins(run_directory: Path) -> Iterator[Callable[[str], tuple[Server, StandIn]]]:
    """Like `stand_in`, but shares one server per agent mode among all tests of a file."""
    started: dict[str, tuple[Server, StandIn]] = {}

    def launched(mode: str) -> tuple[Server, StandIn]:
        if mode not in started:
            place = Place(run_directory)
            agent = StandIn(place.root)
            started[mode] = (Server(place, mode, agent=agent.executable), agent)
            started[mode][0].ready()
        return started[mode]

    yield launched
    end_in_order(server for server, _ in started.values())


@pytest.fixture
def scripted(module_stand_ins: Callable[[str], tuple[Server, StandIn]], mode: str) -> tuple[Server, StandIn]:
    return module_stand_ins(mode)
