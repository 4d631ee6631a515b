"""Row 9: codex uses the key, no file contains it, and no command sees it or any other credential."""

import json
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import processes
from harness.model import Model
from harness.place import Place
from harness.recorder import Recorder
from harness.server import Server

KEY = f"sk-e2e-{secrets.token_hex(16)}"
OTHER_KEY = f"sk-e2e-{secrets.token_hex(16)}"

# Other credentials that may be in the environment of the server's operator.
CREDENTIALS = {
    name: f"{name.lower()}-{secrets.token_hex(8)}"
    for name in ("CODEX_API_KEY", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "DATABASE_PASSWORD", "KUBECONFIG")
}


@pytest.fixture(scope="module")
def openai(run_directory: Path) -> Iterator[Model]:
    """A stand-in for OpenAI that answers requests with the right key."""
    directory = run_directory / "openai"
    directory.mkdir()
    model = Model(directory, KEY)
    yield model
    model.stop()


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    recorder.stop()


def give(place: Place, source: str, url: str) -> dict[str, str | None]:
    """Puts the key where the server looks for it; codex's own configuration names no provider."""
    place.write_config('model_reasoning_effort = "low"\n')
    values = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": url}
    if source == "environment":
        return dict(values)
    place.write_env("".join(f'{name}="{value}"\n' for name, value in values.items()))
    return {}


def files_with(text: str, *directories: Path) -> list[Path]:
    found = []
    for directory in directories:
        for path in directory.rglob("*"):
            if path.is_file() and not path.is_symlink() and text.encode() in path.read_bytes():
                found.append(path)
    return found


@pytest.mark.parametrize("source", ["environment", ".env"])
def test_key_is_used_and_kept_nowhere(
    place: Place, launch: Callable[..., Server], talk, openai: Model, mode: str, source: str
) -> None:
    server = launch(mode, environment={**give(place, source, openai.url), "LOG_LEVEL": "trace"}).ready()
    conversation = talk(server)
    marker = f"used-{conversation.thread}"
    turn = conversation.run({"command": f"echo {marker}"}, {"text": "done"})
    assert turn["status"] == "completed"
    requests = [request for request in openai.requests() if marker in json.dumps(request["body"])]
    assert len(requests) >= 2
    for request in requests:
        headers = {name.lower(): value for name, value in request["headers"].items()}
        assert headers["authorization"] == f"Bearer {KEY}"

    # Every user of the machine can read a process's command line.
    assert not [pid for pid in processes.descendants(server.pid) if KEY in processes.command_line(pid)]
    assert KEY not in "".join(conversation.client.raw)
    assert server.stop() == 0
    assert KEY not in server.output()
    assert not files_with(KEY, place.codex_home, place.state, place.workspace, place.person)
    assert not (place.codex_home / "auth.json").exists()


@pytest.mark.parametrize("source", ["environment", ".env"])
def test_commands_see_no_credential(
    place: Place, launch: Callable[..., Server], talk, openai: Model, mode: str, shape: str, source: str
) -> None:
    environment = {**give(place, source, openai.url), **CREDENTIALS}
    server = launch(mode, environment=environment).ready()
    conversation = talk(server, shape)
    conversation.run(
        {
            "command": "env; printenv OPENAI_API_KEY CODEX_API_KEY; echo LOOKED-$?; "
            f"cat /proc/[0-9]*/environ 2>&1 | tr '\\0' '\\n'; echo READ; cat '{place.cwd}/.env'; echo DENIED-$?"
        },
        {"text": "done"},
    )
    output = conversation.output()
    assert "PATH=" in output
    assert "LOOKED-1" in output
    assert "READ" in output
    assert "DENIED-1" in output
    for name, value in {**CREDENTIALS, "OPENAI_API_KEY": KEY}.items():
        assert value not in output, f"a command sees {name}"
        assert f"{name}=" not in output, f"a command sees {name}"


def test_key_of_the_environment_beats_the_file(
    place: Place, launch: Callable[..., Server], talk, recorder: Recorder
) -> None:
    give(place, ".env", recorder.url)
    server = launch(environment={"OPENAI_API_KEY": OTHER_KEY}).ready()
    talk(server).say("hello")
    assert recorder.wait("/responses").headers["authorization"] == f"Bearer {OTHER_KEY}"


def test_sign_in_beats_the_key(
    place: Place, launch: Callable[..., Server], talk, recorder: Recorder, mode: str
) -> None:
    """codex uses its own provider with a changed address, so that no request leaves the machine."""
    environment = give(place, "environment", recorder.url)
    place.write_config(f"openai_base_url = {json.dumps(recorder.url)}\n")
    auth = place.codex_home / "auth.json"
    signed_in = json.dumps({"auth_mode": "apikey", "OPENAI_API_KEY": OTHER_KEY})
    auth.write_text(signed_in)
    # For codex's requests other than to the model.
    environment["HTTPS_PROXY"] = recorder.url
    server = launch(mode, environment=environment).ready()
    talk(server).say("hello")
    assert recorder.wait("/responses").headers["authorization"] == f"Bearer {OTHER_KEY}"
    assert KEY not in str([request.headers for request in recorder.requests])
    assert auth.read_text() == signed_in


def test_configured_provider_beats_the_key(
    place: Place, launch: Callable[..., Server], talk, model: Model, recorder: Recorder, mode: str
) -> None:
    environment = give(place, "environment", recorder.url)
    place.configure(model.url, model.token)
    server = launch(mode, environment=environment).ready()
    conversation = talk(server)
    conversation.say("hello")
    assert conversation.ended()["status"] == "completed"
    assert not recorder.requests


def test_without_any_credential_the_turn_says_what_is_missing(
    place: Place, launch: Callable[..., Server], talk, recorder: Recorder
) -> None:
    place.write_config(f"openai_base_url = {json.dumps(recorder.url)}\n")
    server = launch(environment={"HTTPS_PROXY": recorder.url}).ready()
    conversation = talk(server)
    conversation.say("hello")
    assert "authorization" not in recorder.wait("/responses").headers
    turn = conversation.ended(60)
    assert turn["status"] == "failed"
    assert turn["error"]["message"]
