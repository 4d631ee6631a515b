"""Paths of the programs under test and of the tests' own directories."""

import os
import shutil
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
SUITE = REPOSITORY / "Tests" / "EndToEnd"
# For programs that codex starts: the agent's user may not be able to read the tests' own Python.
SYSTEM_PYTHON = "/usr/bin/python3"


def _program(variable: str, default: Path | None) -> Path:
    text = os.environ.get(variable)
    path = Path(text).resolve() if text else default
    if path is None:
        raise RuntimeError(f"{variable} is not set: give the path of the program to test")
    if not os.access(path, os.X_OK):
        raise RuntimeError(f"{variable}: {path} is not an executable")
    return path


def sre_agent() -> Path:
    return _program("SRE_AGENT_BIN", REPOSITORY / ".build" / "debug" / "sre-agent")


def scripted_model() -> Path:
    return _program("SCRIPTED_MODEL_BIN", REPOSITORY / ".build" / "debug" / "scripted-model")


def websocket_echo() -> Path:
    return _program("WEBSOCKET_ECHO_BIN", REPOSITORY / ".build" / "debug" / "websocket-echo")


def codex() -> Path:
    return _program("CODEX_BIN", None)


def pinned_codex() -> str:
    """The version of codex that the requirements name."""
    return (REPOSITORY / "requirements" / "codex.txt").read_text().split("==")[1].split()[0]


def base() -> Path:
    """Not below /tmp, where codex creates no helper links and every sandbox may write. Short, because the server's
    sockets are below it and a socket path has at most 107 bytes. As root, the agent's user can enter it."""
    if given := os.environ.get("E2E_BASE"):
        return Path(given).resolve()
    own = (REPOSITORY / ".cache" / "e2e").resolve()
    return own if os.getuid() != 0 or is_open_to_all(REPOSITORY) else Path("/var/tmp/sre-agent-e2e")


def is_open_to_all(directory: Path) -> bool:
    return all(path.stat().st_mode & 0o001 for path in [directory, *directory.parents])


def for_the_agent(file: Path) -> Path:
    """Copies a test file to where the agent's user can read it."""
    if is_open_to_all(file.parent):
        return file
    copy = base() / file.name
    shutil.copyfile(file, copy)
    copy.chmod(0o644)
    return copy


def copy_of_server(directory: Path) -> tuple[Path, Path]:
    """A test's own copy of the server and gate executables, which the test may delete. Uses hard links if the file
    system has them."""
    source = sre_agent()
    directory.mkdir(parents=True)
    copies = directory / source.name, directory / "sre-agent-gate"
    for copy in copies:
        try:
            os.link(source.with_name(copy.name), copy)
        except OSError:
            shutil.copy2(source.with_name(copy.name), copy)
    for bundle in source.parent.glob("*.resources"):
        (directory / bundle.name).symlink_to(bundle)
    return copies


def fresh_directory(parent: Path | str) -> Path:
    """Creates a directory that the agent can write, whichever user it runs as."""
    directory = Path(tempfile.mkdtemp(dir=parent))
    directory.chmod(0o777)
    return directory


def passed_on() -> dict[str, str]:
    """Environment variables passed on to the server's runtime: sanitizer options, the number of event loops."""
    names = ("ASAN_OPTIONS", "TSAN_OPTIONS", "NIO_SINGLETON_GROUP_LOOP_COUNT")
    return {name: os.environ[name] for name in names if name in os.environ}
