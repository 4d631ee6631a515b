"""codex's own configuration, as a user or an organisation writes it."""

import json
import os
import subprocess
from pathlib import Path

from . import paths
from .model import Model
from .place import Place
from .wrappers import wrapper


def hook(event: str, command: str) -> str:
    return f'[[hooks.{event}]]\n[[hooks.{event}.hooks]]\ntype = "command"\ncommand = {json.dumps(command)}\n'


def ask(place: Place, method: str, params: dict) -> dict:
    """Returns codex's own response with this configuration, without any server."""
    requests = [
        {"id": 1, "method": "initialize", "params": {"clientInfo": {"name": "t", "title": "t", "version": "1"}}},
        {"id": 2, "method": method, "params": params},
    ]
    environment = {"PATH": os.environ["PATH"], "HOME": str(place.person), "CODEX_HOME": str(place.codex_home)}
    process = subprocess.Popen(
        [paths.codex(), "app-server"],
        env=environment,
        cwd=place.workspace,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin and process.stdout
    try:
        process.stdin.write("".join(json.dumps(request) + "\n" for request in requests))
        process.stdin.flush()
        for line in process.stdout:
            message = json.loads(line)
            if message.get("id") == 2:
                return message["result"]
        raise AssertionError("codex gave no answer")
    finally:
        process.kill()
        process.wait()


def trust_hooks(place: Place, model: Model, text: str) -> None:
    """Writes hooks and the hashes that codex computes for them, as a user does who trusts the hooks."""
    place.configure(model.url, model.token, text)
    [entry] = ask(place, "hooks/list", {"cwds": [str(place.workspace)]})["data"]
    state = "".join(
        f'[hooks.state.{json.dumps(found["key"])}]\ntrusted_hash = {json.dumps(found["currentHash"])}\n'
        for found in entry["hooks"]
    )
    place.write_config(place.config() + "\n" + state)
    open_to_the_agent(place.codex_home)


def open_to_the_agent(home: Path) -> None:
    """Gives the agent's user access to the files that codex created as root."""
    for path in [home, *home.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o777 if path.is_dir() else 0o666))


def managed(place: Place, name: str, text: str) -> Path:
    """A server that finds this file in /etc/codex, where an organisation installs it. Needs root; other processes do
    not see the file."""
    etc = place.root / "etc"
    (etc / "codex").mkdir(parents=True, exist_ok=True)
    (etc / "codex" / name).write_text(text)
    mount = f"mount -t overlay overlay -o lowerdir={etc}:/etc /etc"
    return wrapper(place, "managed-server", f'unshare --mount sh -c \'{mount} && exec {paths.sre_agent()} "$@"\' sh')
