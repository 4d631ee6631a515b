"""Programs that codex's own process starts, from the server's log, and the list of known ones."""

import re
from pathlib import Path

from . import paths
from .server import Server

GIT = "git -c safe.bareRepository=explicit"
SETUP = "/proc/self/exe --codex-run-as-process-setup 0 0 pipe"
LAUNCHER = "CODEX_HOME/tmp/arg0-linux/0/codex-linux-sandbox …"
SAFE_GIT = f"{GIT} -c core.hooksPath=/dev/null -c core.fsmonitor=false"

SEARCH = "RUNTIME/codex-path/rg -l --fixed-strings --ignore-case --no-ignore --glob *.jsonl --"

# Keyed by the server's verdict. Refused programs are collected on an installed server.
KNOWN = {
    "the gate's hook": {
        "bash -c 'SERVER/sre-agent-gate' hook 'RUN/gate' || { echo 'The approval gate of the SRE Agent Server"
        " did not answer, so this did not run.' >&2; exit 2; }"
    },
    "the gate's verifier": {"SERVER/sre-agent-gate verifier RUN/gate"},
    "the host of code mode": {"CODEX/codex-code-mode-host"},
    # Runs before a command: the program that it becomes needs a grant.
    "the search in threads": {
        f"{SEARCH} {text} CODEX_HOME/{kind}"
        for text in ("hello", "--pre=/bin/true", "echo")
        for kind in ("sessions", "archived_sessions")
    },
    "setup": {
        f"{SETUP}  DIRECTORY {LAUNCHER}",
        f"{SETUP}  DIRECTORY echo echo spawned",
    },
    "file helper": {LAUNCHER},
    "granted": {"bash -lc echo by hand"},
    "kept out": {
        f"{GIT} ls-remote https://github.com/openai/plugins.git HEAD",
        f"{GIT} config --null --get core.fsmonitor",
        f"{GIT} -c core.hooksPath=/dev/null rev-parse --is-inside-work-tree",
        f"{SAFE_GIT} remote",
        f"{SAFE_GIT} remote -v",
        f"{SAFE_GIT} remote get-url origin",
        f"{SAFE_GIT} rev-parse --git-dir",
        f"{SAFE_GIT} rev-parse HEAD",
        f"{SAFE_GIT} rev-parse --abbrev-ref HEAD",
        f"{SAFE_GIT} status --porcelain",
        "lsb_release -a",
        "getconf LONG_BIT",
    },
}

# One line of the log; a command line may span several lines.
START = re.compile(
    r"debug sre-agent: command=((?:(?! debug sre-agent: ).)*?) verdict=([^\[\n]*) \[Agent\] codex starts a program",
    re.DOTALL,
)


def normal(command: str, server: Server, directory: Path, run: Path) -> str:
    """Removes what varies: directories, numbers, and the text after the sandbox launcher, which is truncated at a
    varying position."""
    for path, name in [
        (directory, "DIRECTORY"),
        (server.place.workspace, "DIRECTORY"),
        (server.place.codex_home, "CODEX_HOME"),
        (run, "RUN"),
        (paths.codex().parent, "CODEX"),
        (paths.codex().parents[1], "RUNTIME"),
        (paths.sre_agent().resolve().parent, "SERVER"),
    ]:
        command = command.replace(str(path), name)
    # From a checkout that the agent's user cannot enter.
    command = re.sub(r"/var/lib/sre-agent/programs/gate-[\d-]+", "SERVER", command)
    command = re.sub(r"/var/lib/sre-agent/programs/codex-[\d-]+/bin", "CODEX", command)
    command = re.sub(r"/var/lib/sre-agent/programs/codex-[\d-]+", "RUNTIME", command)
    command = re.sub(r"/codex-arg0\w+", "/0", command)
    command = re.sub(r"(as-process-setup) \d+ \d+", r"\1 0 0", command)
    command = re.sub(r"(/codex-linux-sandbox) .*", r"\1 …", command, flags=re.DOTALL)
    return re.sub(r"^/\S*/(bash|git|lsb_release|getconf) ", r"\1 ", command)


# A log without these entries proves nothing.
USUAL = frozenset({"the gate's hook", "the gate's verifier", "setup"})


def unknown(
    log: str, server: Server, directory: Path, needed: frozenset[str] = USUAL, run: Path | None = None
) -> set[tuple[str, str]]:
    """Returns the verdicts and command lines that are on no list. `run` is the server's socket directory, for a server
    that has exited."""
    run = run or server.place.run
    found = {(verdict, normal(command, server, directory, run)) for command, verdict in START.findall(log)}
    assert needed <= {verdict for verdict, _ in found}
    return {(verdict, command) for verdict, command in found if command not in KNOWN.get(verdict, ())}
