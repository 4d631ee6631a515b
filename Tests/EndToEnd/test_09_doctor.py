"""Row 9: `sre-agent doctor` says which credentials count, and what else is missing."""

import json
import socket
from pathlib import Path

import pytest

from harness import paths, program
from harness.place import Place

KEY = "sk-e2e-doctor-0123456789abcdef"
SECRET = "e2e-doctor-secret-0123456789abcdef"
API_KEY_SIGN_IN = {"auth_mode": "apikey", "OPENAI_API_KEY": SECRET}
CHATGPT_SIGN_IN = {"auth_mode": "chatgpt", "tokens": {"access_token": SECRET, "id_token": SECRET}}


@pytest.fixture
def bare(run_directory: Path) -> Place:
    """codex without any credentials."""
    place = Place(run_directory)
    place.write_config("")
    return place


def finding(output: str, name: str) -> tuple[str, str]:
    """A check's verdict and its text."""
    [line] = [line for line in output.splitlines() if line.split()[1:2] == [f"{name}:"]]
    return line.split()[0], line.split(":", 1)[1].strip()


@pytest.mark.parametrize(
    ("auth", "words"),
    [(None, "OPENAI_API_KEY is used"), (API_KEY_SIGN_IN, "an API key, which is used"), (CHATGPT_SIGN_IN, "ChatGPT")],
    ids=["nobody", "api-key", "chatgpt"],
)
@pytest.mark.parametrize("source", ["environment", ".env"])
def test_which_credentials_count(bare: Place, auth: dict | None, words: str, source: str) -> None:
    if auth:
        (bare.codex_home / "auth.json").write_text(json.dumps(auth))
    variables = {"OPENAI_API_KEY": KEY} if source == "environment" else {}
    if not variables:
        bare.write_env(f"OPENAI_API_KEY={KEY}\n")
    result = program.run(bare, "doctor", **variables)
    verdict, text = finding(result.stdout, "sign-in")
    assert verdict == "ok"
    assert words in text
    assert result.returncode == 0, result.stdout
    assert KEY not in result.stdout + result.stderr
    assert SECRET not in result.stdout + result.stderr


def test_configured_provider_counts(bare: Place) -> None:
    bare.configure("http://127.0.0.1:9/v1", SECRET)
    result = program.run(bare, "doctor", OPENAI_API_KEY=KEY)
    assert "model provider" in finding(result.stdout, "sign-in")[1]
    assert result.returncode == 0, result.stdout
    assert SECRET not in result.stdout + result.stderr


# The key must go to no provider other than the one that the file names, so in doubt it is not used.
NAMED = {
    "after a multi-line string": 'notify = ["""\n[not a table]\n"""]\nmodel_provider = "p"\n',
    "byte order mark": '\ufeffmodel_provider = "p"\n',
    "escaped key": '"model\\u005fprovider" = "p"\n',
    "literal key": "'model_provider' = 'p'\n",
    "inline": 'a = 1 # x\nmodel_provider="p"\n',
}
UNNAMED = {
    "comment": '# model_provider = "p"\n',
    "tables of providers": '[model_providers.p]\nname = "p"\nbase_url = "http://127.0.0.1:9"\n',
    "other keys": 'model = "m"\n[projects."/w"]\ntrust_level = "untrusted"\n',
}


@pytest.mark.parametrize("text", NAMED.values(), ids=NAMED)
def test_the_file_may_name_a_provider(bare: Place, text: str) -> None:
    bare.write_config(text)
    assert "names a model provider" in finding(program.run(bare, "doctor", OPENAI_API_KEY=KEY).stdout, "sign-in")[1]


@pytest.mark.parametrize("text", UNNAMED.values(), ids=UNNAMED)
def test_the_file_names_no_provider(bare: Place, text: str) -> None:
    bare.write_config(text)
    assert "OPENAI_API_KEY is used" in finding(program.run(bare, "doctor", OPENAI_API_KEY=KEY).stdout, "sign-in")[1]


def test_nobody_is_signed_in(bare: Place) -> None:
    result = program.run(bare, "doctor")
    verdict, text = finding(result.stdout, "sign-in")
    assert verdict == "FAIL"
    for remedy in ("sre-agent login", "OPENAI_API_KEY", "--demo"):
        assert remedy in text
    assert result.returncode == 1


def test_an_empty_sign_in_is_none(bare: Place) -> None:
    """The file that some versions of `codex logout` leave behind."""
    (bare.codex_home / "auth.json").write_text(json.dumps({"OPENAI_API_KEY": None, "tokens": None}))
    assert finding(program.run(bare, "doctor").stdout, "sign-in")[0] == "FAIL"
    assert "OPENAI_API_KEY is used" in finding(program.run(bare, "doctor", OPENAI_API_KEY=KEY).stdout, "sign-in")[1]


def test_everything_is_named(bare: Place) -> None:
    result = program.run(bare, "doctor", OPENAI_API_KEY=KEY)
    for name in ("workspace", "port", "sign-in", "codex", "sandbox"):
        assert finding(result.stdout, name)[0] == "ok"
    assert paths.pinned_codex() in finding(result.stdout, "codex")[1]


def test_codex_is_missing(bare: Place) -> None:
    result = program.run(bare, "doctor", OPENAI_API_KEY=KEY, CODEX_BIN=str(bare.root / "none"))
    verdict, text = finding(result.stdout, "codex")
    assert verdict == "FAIL"
    assert "CODEX_BIN" in text
    assert result.returncode == 1


def test_codex_is_something_else(bare: Place) -> None:
    result = program.run(bare, "doctor", OPENAI_API_KEY=KEY, CODEX_BIN="/bin/false")
    assert finding(result.stdout, "codex")[0] == "FAIL"
    assert result.returncode == 1


def test_port_is_in_use(bare: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = program.run(bare, "doctor", OPENAI_API_KEY=KEY, PORT=port)
    verdict, text = finding(result.stdout, "port")
    assert verdict == "FAIL"
    assert port in text and "PORT" in text
    assert result.returncode == 1


def test_workspace_cannot_be_made(bare: Place) -> None:
    file = bare.root / "file"
    file.write_text("")
    result = program.run(bare, "doctor", OPENAI_API_KEY=KEY, WORKSPACE=str(file / "w"))
    verdict, text = finding(result.stdout, "workspace")
    assert verdict == "FAIL"
    assert "WORKSPACE" in text
    assert result.returncode == 1


@pytest.mark.parametrize("below", ["", "/s"])
def test_state_is_a_file(bare: Place, below: str) -> None:
    """Neither command changes a file that a mistake in the settings names."""
    file = bare.root / "file"
    file.write_text("mine")
    file.chmod(0o644)
    result = program.run(bare, "doctor", OPENAI_API_KEY=KEY, STATE_DIR=f"{file}{below}")
    assert result.returncode == 1
    verdict, text = finding(result.stdout, "state")
    assert verdict == "FAIL" and f"{file} is not a directory." in text and f"{file}{below}" in text
    result = program.run(bare, "serve", OPENAI_API_KEY=KEY, STATE_DIR=f"{file}{below}", PORT="0")
    assert result.returncode == 1
    assert f"{file} is not a directory." in result.stderr
    # Mutation check: a directory that was not told from a file got this mode.
    assert file.stat().st_mode & 0o777 == 0o644 and file.read_text() == "mine"


def test_state_cannot_be_created(bare: Place) -> None:
    """Names the first directory that is missing, and why."""
    result = program.run(bare, "serve", OPENAI_API_KEY=KEY, STATE_DIR="/proc/none/state", PORT="0")
    assert result.returncode == 1
    assert "/proc/none/state cannot be a directory: /proc/none cannot be created (No such file" in result.stderr


def test_login_hands_over_to_codex(bare: Place) -> None:
    result = program.run(bare, "login", "status")
    assert "Not logged in" in result.stdout + result.stderr
    assert result.returncode == 1
    (bare.codex_home / "auth.json").write_text(json.dumps(API_KEY_SIGN_IN))
    result = program.run(bare, "login", "status")
    assert "API key" in result.stdout + result.stderr
    assert result.returncode == 0
    result = program.run(bare, "login", "--help")
    assert "--device-auth" in result.stdout + result.stderr
