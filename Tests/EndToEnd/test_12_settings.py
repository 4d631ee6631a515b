"""Row 12: an invalid value gives one line that names the key, and exit code 64. Also: which source of a value wins."""

import os
from collections.abc import Callable

import pytest

from harness import processes, program, wrappers
from harness.place import Place
from harness.server import Server

pytestmark = pytest.mark.usefixtures("private_files")

SECRET = "sk-e2e-settings-0123456789"

WRONG = [
    ("PORT", "many"),
    ("PORT", "70000"),
    ("PORT", "-1"),
    ("PORT", "3000 "),
    ("HOST", "no such address"),
    ("AGENT_MODE", "both"),
    ("WORKSPACE", "."),
    ("WORKSPACE", "/"),
    ("DEMO", "perhaps"),
    ("LOG_LEVEL", "loud"),
    ("OPENAI_BASE_URL", "ftp://example.com"),
    ("OPENAI_BASE_URL", f"http://me:{SECRET}@127.0.0.1:1/v1"),
    ("OPENAI_BASE_URL", f"me:{SECRET}@127.0.0.1/v1"),
    ("PUBLIC_URL", f"https://me:{SECRET}@sre.example.com"),
    ("ALLOWED_HOSTS", f"me:{SECRET}@sre.example.com"),
    ("WEBHOOK_URL", f"htp://h/{SECRET}"),
    ("PUBLIC_URL", "sre.example.com"),
    ("ALLOWED_HOSTS", "http://sre.example.com"),
    ("ALLOWED_HOSTS", "good.example.com,sre.example.com:3000"),
    ("PUBLIC_URL", "https://sre.example.com/a%2Fb"),
    ("ALLOW_UNATTENDED", "perhaps"),
    ("ALLOW_FULL_ACCESS", "2"),
    ("APPROVAL_TIMEOUT", "-1"),
    ("APPROVAL_TIMEOUT", "soon"),
    ("MAX_MESSAGE_BYTES", "1"),
    ("MAX_MESSAGE_BYTES", "64 MiB"),
    ("DRAIN_TIMEOUT", "1.5"),
    ("CPU_LATENCY_US", "-1"),
]
FLAGS = {"PORT": "--port", "HOST": "--host", "AGENT_MODE": "--agent-mode", "WORKSPACE": "--workspace"}


def assert_refused(result, key: str, place: Place) -> None:
    assert result.returncode == 64, (result.stdout, result.stderr)
    [line] = result.stderr.splitlines()
    assert key in line
    assert result.stdout == ""
    assert SECRET not in line
    processes.assert_no_orphans()
    assert not place.state.exists()


@pytest.mark.parametrize(("key", "value"), WRONG, ids=lambda text: text or "empty")
def test_wrong_value_in_the_environment(place: Place, key: str, value: str) -> None:
    assert_refused(program.run(place, OPENAI_API_KEY=SECRET, **{key: value}), key, place)


@pytest.mark.parametrize(("key", "value"), WRONG, ids=lambda text: text or "empty")
def test_wrong_value_in_the_file(place: Place, key: str, value: str) -> None:
    place.write_env(f'OPENAI_API_KEY={SECRET}\n{key}="{value}"\n')
    assert_refused(program.run(place, **{key: None}), key, place)


@pytest.mark.parametrize(("key", "value"), [pair for pair in WRONG if pair[0] in FLAGS], ids=lambda text: text)
def test_wrong_value_in_a_flag(place: Place, key: str, value: str) -> None:
    assert_refused(program.run(place, f"{FLAGS[key]}={value}"), key, place)
    assert_refused(program.run(place, "serve", f"{FLAGS[key]}={value}"), key, place)


@pytest.mark.parametrize(("key", "value"), [("AGENT_MODE", "both"), ("PORT", "many")])
def test_wrong_value_for_the_doctor(place: Place, key: str, value: str) -> None:
    assert_refused(program.run(place, "doctor", **{key: value}), key, place)


def test_unknown_flag(place: Place) -> None:
    result = program.run(place, "--no-such-flag")
    assert result.returncode == 64
    assert "--no-such-flag" in result.stderr


def workspace_of_doctor(output: str) -> str:
    [line] = [line for line in output.splitlines() if "workspace:" in line]
    return line


def test_flag_beats_environment_beats_file_beats_default(place: Place) -> None:
    names = {name: str(place.root / name) for name in ("flag", "environment", "file")}
    assert f"{place.cwd}/workspace" in workspace_of_doctor(program.run(place, "doctor", WORKSPACE=None).stdout)
    place.write_env(f"WORKSPACE={names['file']}\n")
    assert names["file"] in workspace_of_doctor(program.run(place, "doctor", WORKSPACE=None).stdout)
    environment = {"WORKSPACE": names["environment"]}
    assert names["environment"] in workspace_of_doctor(program.run(place, "doctor", **environment).stdout)
    flagged = program.run(place, "doctor", "--workspace", names["flag"], **environment)
    assert names["flag"] in workspace_of_doctor(flagged.stdout)


def test_lesser_values_are_not_looked_at(place: Place) -> None:
    place.write_env("PORT=many\n")
    assert "PORT" not in program.run(place, "doctor", PORT="0").stderr
    assert program.run(place, "doctor", "--port", "0", PORT="many").returncode in (0, 1)


def test_a_key_that_is_no_setting(place: Place) -> None:
    place.write_env(
        '\ufeffAGENT_MODE=shared\nPROT=3000\nexport\tALLOWED_HOSTS="a.example.com, ::1"\nHOST: 127.0.0.1\n')
    result = program.run(place, "doctor", PORT="0")
    other, unknown = sorted(line for line in result.stderr.splitlines() if ".env" in line)
    assert "line 4" in other and "PROT" in unknown


def test_codex_that_is_not_there(place: Place) -> None:
    result = program.run(place, CODEX_BIN=str(place.root / "none"))
    assert result.returncode != 0
    [line] = result.stderr.splitlines()
    assert "CODEX_BIN" in line and str(place.root / "none") in line


@pytest.mark.skipif(os.getuid() != 0, reason="only root can start a server of another user")
def test_a_port_that_is_only_for_root(place: Place, launch: Callable[..., Server]) -> None:
    server = launch(executable=wrappers.of_own_user(place), environment={"PORT": "81"})
    assert server.process.wait(30) == 1
    assert "PORT 81 is only for root. Choose 1024 or above, and put a proxy in front." in server.output()
