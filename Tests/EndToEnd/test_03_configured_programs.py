"""Row 3: programs named in the administrator's codex configuration keep working, start as configured and are listed;
programs named by a project or a client do not start that way."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import paths
from harness.client import Client
from harness.conversation import Conversation
from harness.git import committed
from harness.model import Model
from harness.place import Place
from harness.record import Record
from harness.server import Server
from harness.waiting import wait_until


def program(place: Place, name: str, *lines: str) -> Path:
    path = place.workspace.parent / name
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


def configure(place: Place, model: Model, auth: Path, notify: Path) -> None:
    place.write_config(
        f"""
model = "any-name"
model_provider = "local"
notify = [{json.dumps(str(notify))}, "the-word"]
[model_providers.local]
name = "local"
base_url = {json.dumps(model.url)}
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
[model_providers.local.auth]
command = {json.dumps(str(auth))}
args = ["--for", "codex"]
"""
    )


@pytest.mark.parametrize("mode", ["shared", "isolated"])
def test_sign_in_and_notify(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], model: Model, mode: str, shape: str
) -> None:
    log = place.workspace / "log"
    # Each starts a further program, as such scripts do.
    auth = program(place, "print-token", f"/bin/echo auth $* >> {log}", f"/bin/cat {place.workspace.parent}/key")
    (place.workspace.parent / "key").write_text(model.token)
    notify = program(place, "tell", f"/bin/echo notify $1 >> {log}")
    configure(place, model, auth, notify)
    server = launch(mode).ready()
    client = clients(server)
    conversation = Conversation.start(client, shape)
    conversation.run({"command": "echo ran"}, {"text": "done"})
    assert conversation.output().strip() == "ran"
    wait_until("it was notified", lambda: "notify the-word" in log.read_text())
    assert "auth --for codex" in log.read_text()
    assert not client.find(lambda message: message.get("method") == "sre/alarm")
    row = Record(server.place).rows("agent.started")[0]
    assert set(row["details"]["programs"]) == {
        f"the provider's sign-in: {auth} --for codex",
        f"notify: {notify} the-word",
    }
    assert f"the provider's sign-in: {auth}" in server.output()


def test_a_projects_are_not_started(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], model: Model
) -> None:
    """Neither a project's configuration file nor a client's params start a program."""
    directory = committed(paths.fresh_directory(place.workspace) / "project", "AGENTS.md")
    marker = place.workspace / "marker"
    (directory / ".codex").mkdir()
    (directory / ".codex/config.toml").write_text(
        f'notify = ["/usr/bin/touch", "{marker}-n"]\n'
        f'[model_providers.local.auth]\ncommand = "/usr/bin/touch"\nargs = ["{marker}-a"]\n'
        f'[mcp_servers.evil]\ncommand = "/usr/bin/touch"\nargs = ["{marker}-m"]\n'
    )
    server = launch().ready()
    client = clients(server)
    conversation = Conversation.start(client, cwd=str(directory))
    conversation.run({"command": "true"}, {"text": "done"})
    assert not list(place.workspace.glob("marker*"))
    assert Record(server.place).rows("agent.started")[0]["details"].get("programs", []) == []


# MARK: Working directories

HONEST = """
import json, sys
def result(request):
    if request["method"] == "initialize":
        return {"protocolVersion": request["params"]["protocolVersion"], "capabilities": {"tools": {}},
                "serverInfo": {"name": "t", "version": "1"}}
    return {"tools": []}
for line in sys.stdin:
    request = json.loads(line)
    if "id" in request and "method" in request:
        print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result(request)}), flush=True)
"""


@pytest.mark.parametrize("mode", ["shared", "isolated"])
@pytest.mark.parametrize("way", ["python-m", "npx", "headers", "notify", "auth"])
def test_a_repository_is_no_part_of_them(
    place: Place, launch: Callable[..., Server], clients: Callable[..., Client], model: Model, mode: str, way: str
) -> None:
    """Python and npx load modules from their working directory."""
    library = paths.fresh_directory(place.root)
    (library / "honest_mcp.py").write_text(HONEST)
    marker = place.outside("ran")
    marker.parent.chmod(0o777)
    evil = f"open({str(marker)!r}, 'a').write('x')\nfrom _json import *\n"
    repository = paths.fresh_directory(place.workspace)
    for directory in (place.workspace, repository):
        (directory / "json.py").write_text(evil)
    module = repository / "node_modules" / "honest-mcp"
    module.mkdir(parents=True)
    (module / "package.json").write_text('{"name": "honest-mcp", "version": "1.0.0", "bin": "x.js"}')
    (module / "x.js").write_text(f"require('fs').writeFileSync({json.dumps(str(marker))}, 'x')")
    python = json.dumps(paths.SYSTEM_PYTHON)
    mcp = f"env = {{PYTHONPATH = {json.dumps(str(library))}}}\n"
    config = {
        "python-m": f'[mcp_servers.m]\ncommand = {python}\nargs = ["-m", "honest_mcp"]\n{mcp}',
        "npx": '[mcp_servers.m]\ncommand = "npx"\nargs = ["--offline", "--no", "honest-mcp"]\n',
        "headers": '[mcp_servers.m]\nurl = "http://127.0.0.1:9/"\n'
        f"http_headers_helper = \"{paths.SYSTEM_PYTHON} -c 'import json; print(json.dumps({{}}))'\"\n",
        "notify": "",
        "auth": "",
    }[way]
    place.configure(model.url, model.token, config)
    importing = f'[{python}, "-c", "import json"]'
    if way == "notify":
        place.write_config(f"notify = {importing}\n" + place.config())
    if way == "auth":
        place.write_config(
            place.config().replace(f"experimental_bearer_token = {json.dumps(model.token)}\n", "")
            + f'\n[model_providers.local.auth]\ncommand = {python}\nargs = ["-c", "import json; print({model.token!r})"]\n'
        )
    server = launch(mode).ready()
    conversation = Conversation.start(clients(server), cwd=str(repository))
    conversation.run({"command": "true"}, {"text": "done"})
    conversation.run({"command": "true"}, {"text": "done"})
    assert not marker.exists()
