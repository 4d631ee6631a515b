"""Row 3: CODEX_BIN may be a script or a wrapper. Whatever the codex file is called, the kernel gate applies to codex,
or the server starts no agent."""

import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import paths, processes, program
from harness.client import Client, RpcError
from harness.conversation import Conversation
from harness.place import Place
from harness.server import Server
from harness.waiting import wait_until


def executable(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def renamed(place: Place, name: str) -> Path:
    """Installs codex under another name, with its companion files beside it."""
    runtime, copy = paths.codex().parents[1], place.root / "runtime"
    (copy / "bin").mkdir(parents=True)
    for file in runtime.rglob("*"):
        target = copy / file.relative_to(runtime)
        if file.is_dir():
            target.mkdir(exist_ok=True)
        else:
            target = target.with_name(name) if file == paths.codex() else target
            try:
                os.link(file, target)
            except OSError:
                shutil.copy2(file, target)
    for one in [copy, *copy.rglob("*")]:
        one.chmod(0o755)
    return copy / "bin" / name


def release(place: Place) -> Path:
    codex = renamed(place, "codex-x86_64-unknown-linux-musl")
    return executable(place.root / "sre-codex", f'#!/bin/sh\nexec {codex} "$@"\n')


def nixpkgs(place: Place) -> Path:
    """A wrapper as `wrapProgram` writes it."""
    codex = renamed(place, ".codex-wrapped")
    return executable(codex.with_name("codex"), f'#!/bin/bash -e\nexec -a "$0" "{codex}" "$@"\n')


def many_steps(place: Place) -> Path:
    """A script that runs other programs first, a second script, and `env`."""
    last = executable(place.root / "last", f'#!/bin/sh\nuname >/dev/null\nexec env A=b {paths.codex()} "$@"\n')
    asks = 'here=$(dirname "$0")\nif [ "$1" = app-server ]; then /bin/true; fi\n'
    text = f'#!/usr/bin/env bash\n{asks}exec {last} "$@"\n'
    return executable(place.root / "first", text)


def compiled(place: Place) -> Path:
    """A wrapper as `makeBinaryWrapper` builds it."""
    compiler = shutil.which("cc") or shutil.which("clang")
    if not compiler:
        pytest.skip("there is no C compiler")
    source = place.root / "wrapper.c"
    main = f'int main(int n, char **v) {{ return n < 0 || execv("{paths.codex()}", v); }}'
    source.write_text(f"#include <unistd.h>\n{main}\n")
    subprocess.run([compiler, "-o", place.root / "wrapper", source], check=True)
    return place.root / "wrapper"


@pytest.mark.parametrize("make", [release, nixpkgs, many_steps, compiled])
def test_what_becomes_codex_is_gated(
    place: Place,
    launch: Callable[..., Server],
    clients: Callable[..., Client],
    mode: str,
    make: Callable[[Place], Path],
) -> None:
    """Kills the hook and its verifier together while an approval waits, so that only the kernel gate is left."""
    server = launch(mode, environment={"CODEX_BIN": str(make(place))}).ready()
    conversation = Conversation.start(clients(server))
    conversation.run({"command": "echo ran"}, {"text": "done"})
    assert conversation.output().strip() == "ran"
    assert not conversation.client.find(lambda message: message.get("method") == "sre/alarm")
    trace = place.workspace / "trace"
    conversation.play({"command": f"touch {trace}"}, {"text": "went on"})
    conversation.approval()
    found = {pid: processes.arguments(pid)[1:2] for pid in processes.descendants(server.pid)}
    [hook] = [pid for pid, words in found.items() if words == ["hook"]]
    verifiers = [pid for pid, words in found.items() if words == ["verifier"]]
    for pid in verifiers:
        os.kill(pid, signal.SIGSTOP)
    for pid in [processes.parent(hook), *verifiers]:
        os.kill(pid, signal.SIGKILL)
    conversation.client.notification("sre/alarm", stopped=True)
    assert not trace.exists()


# MARK: Programs that do not become codex


def no_exec(place: Place) -> tuple[Path, str]:
    script = executable(place.root / "plain", f'#!/bin/sh\n{paths.codex()} "$@"\nexit $?\n')
    return script, f"CODEX_BIN {script} starts {paths.codex()} as a child"


def launcher(place: Place) -> tuple[Path, str]:
    """A launcher like npm's: it keeps running, with codex as a child on the same standard descriptors."""
    words = "import subprocess, sys\nsys.exit(subprocess.call([CODEX, *sys.argv[1:]]))\n"
    words = words.replace("CODEX", repr(str(paths.codex())))
    script = executable(place.root / "launcher", f"#!{paths.SYSTEM_PYTHON}\n{words}")
    return script, f"CODEX_BIN {script} starts {paths.codex()} as a child"


def by_way_of_env(place: Place) -> tuple[Path, str]:
    script, _ = launcher(place)
    script.write_text(script.read_text().replace(paths.SYSTEM_PYTHON, "/usr/bin/env python3", 1))
    return script, f"CODEX_BIN {script} starts {paths.codex()} as a child"


def only_says_so(place: Place) -> tuple[Path, str]:
    script = executable(place.root / "says", "#!/bin/sh\necho codex-cli 0.163.0\n")
    return script, f"CODEX_BIN {script} does not become codex"


def child_when_it_counts(place: Place) -> tuple[Path, str]:
    text = f'#!/bin/sh\ncase "$*" in *--listen*|"app-server -c"*) {paths.codex()} "$@"; exit ;; esac\n'
    script = executable(place.root / "two-ways", f'{text}exec {paths.codex()} "$@"\n')
    return script, f"CODEX_BIN {script} starts {paths.codex()} as a child"


def another_when_it_counts(place: Place) -> tuple[Path, str]:
    other = renamed(place, "other-codex")
    # On a file system with shared extents this would be the same file.
    own = place.root / "codex-of-its-own"
    shutil.copyfile(other, own)
    own.chmod(0o755)
    text = f'#!/bin/sh\n[ "$1" = app-server ] && exec {own} "$@"\nexec {paths.codex()} "$@"\n'
    script = executable(place.root / "two-programs", text)
    return script, f"CODEX_BIN {script} becomes {own}, and became {paths.codex()}"


def failing_version(place: Place) -> tuple[Path, str]:
    text = f'#!/bin/sh\nif [ "$1" = --version ]; then echo panicked >&2; exit 101; fi\nexec {paths.codex()} "$@"\n'
    script = executable(place.root / "sre-codex", text)
    return script, f"CODEX_BIN {script} does not say which codex it is (--version: panicked, exit code 101)"


def no_codex(place: Place) -> tuple[Path, str]:
    script = executable(place.root / "other", "#!/bin/sh\necho stand-in 1\n")
    return script, f"CODEX_BIN {script} does not say which codex it is (--version: stand-in 1)"


@pytest.mark.parametrize(
    "make",
    [
        no_exec,
        launcher,
        by_way_of_env,
        only_says_so,
        child_when_it_counts,
        another_when_it_counts,
        failing_version,
        no_codex,
    ],
)
def test_what_does_not_is_no_agent(
    place: Place,
    launch: Callable[..., Server],
    clients: Callable[..., Client],
    mode: str,
    make: Callable[[Place], tuple[Path, str]],
) -> None:
    script, reason = make(place)
    server = launch(mode, environment={"CODEX_BIN": str(script)}).started()
    said = wait_until("/readyz says why", lambda: reason in server.get("/readyz")[1].replace("\\/", "/"))
    assert said and server.get("/readyz")[0] == 503
    client = clients(server, initialize=False)
    with pytest.raises(RpcError):
        client.initialize()
    result = program.run(place, "doctor", CODEX_BIN=str(script), OPENAI_API_KEY="sk-e2e")
    assert result.returncode == 1
    [line] = [line for line in result.stdout.splitlines() if reason in line]
    assert line.startswith("FAIL")
    assert "kernel gate: holds" not in result.stdout


def test_a_script_that_changes(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], mode: str
) -> None:
    """The script first becomes codex, later does not, and then does again under another name."""
    script = executable(place.root / "script", f'#!/bin/sh\nexec {paths.codex()} "$@"\n')
    good = script.read_text()
    server = launch(mode, environment={"CODEX_BIN": str(script)}).ready()
    client = clients(server)
    executable(script, f'#!/bin/sh\n{shlex.quote(str(paths.codex()))} "$@"\n')
    for pid in server.agents():
        os.kill(pid, signal.SIGKILL)
    if mode == "isolated":
        client.close()
        with pytest.raises(RpcError):
            clients(server)
    wait_until("/readyz says why", lambda: "as a child" in server.get("/readyz")[1])
    other = renamed(place, "codex-next")
    executable(script, good.replace(str(paths.codex()), str(other)))
    wait_until("it is ready", lambda: server.get("/readyz")[0] == 200, 40)
    again = Conversation.start(clients(server))
    again.run({"command": "echo ran"}, {"text": "done"})
    assert again.output().strip() == "ran"


def test_codex_is_replaced_while_it_runs(place: Place, launch: Callable[..., Server], talk) -> None:
    """As an upgrade does. codex starts its helpers from its own file, which is another one now."""
    codex = renamed(place, "codex")
    server = launch(environment={"CODEX_BIN": str(codex)}).ready()
    # Neither another name nor another mode makes it another program.
    os.link(codex, codex.with_name("codex.link"))
    codex.chmod(0o755)
    time.sleep(1.5)
    talk(server)
    new = codex.with_name("codex.new")
    shutil.copy2(codex, new)
    new.chmod(0o755)
    new.rename(codex)
    wait_until("it says so", lambda: "has been replaced while the agent runs" in server.get("/readyz")[1])
    with pytest.raises(RpcError, match="Restart the server"):
        talk(server)
