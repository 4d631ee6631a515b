"""Files that an approved command cannot read in the real sandbox: everything that would give access to the command or
to a reader of its output."""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness import people, tls
from harness.client import Client
from harness.conversation import Conversation
from harness.people import Person, invite
from harness.place import Place
from harness.server import SOCKET, Server
from harness.tls import Certificate
from harness.waiting import wait_until

pytestmark = pytest.mark.usefixtures("private_files")

SECRET = f"unreadable-{secrets.token_hex(12)}"
CREDENTIALS = {
    name: f"{name.lower()}-{secrets.token_hex(8)}"
    for name in ("OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "WEBHOOK_URL", "KUBECONFIG")
} | {"WEBHOOK_URL": f"http://127.0.0.1:9/{secrets.token_hex(8)}"}


@dataclass
class Vault:
    """A server with TLS and with every kind of secret."""

    server: Server
    certificate: Certificate
    person: Person
    sign_in: list[str]

    @property
    def place(self) -> Place:
        return self.server.place

    @property
    def files(self) -> list[Path]:
        state = self.place.state
        return [
            *(state / name for name in ("token", "tokens.json", "signins.json", "audit.sqlite", "audit.sqlite-wal")),
            self.place.cwd / ".env",
            self.place.codex_home / "auth.json",
            self.certificate.key,
            self.place.person / "keys" / "audit.key",
        ]

    @property
    def texts(self) -> list[str]:
        """Texts of secrets that no output may contain."""
        key = self.certificate.key.read_text().splitlines()[1]
        return [SECRET, self.place.token, self.person.secret, *self.sign_in, key, *CREDENTIALS.values()]

    def connect(self) -> Client:
        return Client(f"wss://127.0.0.1:{self.server.port}{SOCKET}", tls=self.certificate.trusted())


@pytest.fixture(scope="module")
def vault(run_directory: Path, model) -> Iterator[Vault]:
    place = Place(run_directory)
    place.configure(model.url, model.token)
    place.write_env(f"OPENAI_API_KEY={SECRET}\n")
    # The TLS key lies in the person's home, which commands may read; so does the key that signs the record.
    home = place.person / "keys"
    home.mkdir()
    certificate = Certificate.make(home, "server")
    environment = {**CREDENTIALS, **certificate.settings(), "AUDIT_KEY": str(home / "audit.key")}
    person = invite(place, "approver")
    server = Server(place, environment=environment).started()
    context = certificate.trusted()
    wait_until("/readyz is 200", lambda: tls.get(server.port, context, "/readyz").status == 200, 40, 0.05)
    answer = tls.post(server.port, context, people.LOGIN, json.dumps({"token": person.secret}).encode())
    sign_in = people.SignIn.of(answer)
    # A person signs in to codex on the page while the agent has long been running.
    (place.codex_home / "auth.json").write_text(json.dumps({"tokens": {"access_token": SECRET}}))
    yield Vault(server, certificate, person, sign_in.secrets)
    assert server.stop() == 0


@pytest.fixture
def run(vault: Vault, shape: str) -> Iterator[Callable[..., str]]:
    """Runs a command that a person approves; returns its output."""
    client = vault.connect()
    client.initialize()

    def approved(command: str, **params) -> str:
        conversation = Conversation.start(client, shape, **params)
        # Always exits with 0: codex reports no item for a short command that failed because of the sandbox.
        conversation.play({"command": f"{{\n{command}\n}} 2>&1\necho ended"}, {"text": "done"})
        conversation.decide(conversation.approval(), "accept")
        ended = conversation.ended()
        assert ended["status"] == "completed", client.find(lambda message: message.get("method") == "sre/alarm")
        said = conversation.output()
        assert said.endswith("ended\n"), said
        return said

    yield approved
    client.close()


def test_they_are_there(vault: Vault) -> None:
    """The secrets exist; otherwise the tests below would prove nothing."""
    wait_until("the sign-in is written", lambda: all(path.is_file() for path in vault.files), 10)
    assert all(path.stat().st_size > 0 for path in vault.files if path.suffix != ".sqlite-wal")


@pytest.mark.parametrize("sandbox", [None, "readOnly"])
def test_cat(vault: Vault, run, sandbox: str | None) -> None:
    wait_until("the sign-in is written", lambda: all(path.is_file() for path in vault.files), 10)
    said = run("\n".join(f"cat {path} && echo READ {path.name}" for path in vault.files), sandbox=sandbox)
    assert "READ" not in said, said
    assert said.count("Permission denied") + said.count("No such file") == len(vault.files), said
    assert said.count("Permission denied") >= 5
    assert not [text for text in vault.texts if text in said]


WAYS = [
    "cp {path} ./copy && cat ./copy",
    "ln {path} ./hard && cat ./hard",
    "ln -sf {path} ./soft && cat ./soft",
    "mv {path} ./moved && cat ./moved",
    "cat /proc/1/root{path} /proc/self/root{path}",
    "tar cf - {path} | tar xOf -",
    "head -c 100000 < {path}",
    "cd {directory} && cat ./{name}",
    "chmod 777 {path}; cat {path}",
    "cat {directory}/../{parent}/{name}",
    "base64 {path} | base64 -d",
    "find {directory} -name '{name}' -exec cat '{{}}' ';'",
    "grep -ar . {directory}",
]


# The sandbox is the same for both shapes of calls.
@pytest.mark.parametrize(("shape", "way"), [("classic", way) for way in WAYS] + [("code", way) for way in WAYS[::3]])
def test_other_ways(vault: Vault, run, shape: str, way: str) -> None:
    lines = [
        way.format(path=path, directory=path.parent, name=path.name, parent=path.parent.name) for path in vault.files
    ]
    said = run("\n".join(f"({line})" for line in lines))
    assert not [text for text in vault.texts if text in said], said[:4_000]
    assert all(path.exists() for path in vault.files)


def test_environment(vault: Vault, run) -> None:
    said = run("env; export -p; set; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr '\\0' '\\n'")
    assert "PATH=" in said
    assert not [text for text in vault.texts if text in said]
    names = {line.partition("=")[0].removeprefix("declare -x ") for line in said.splitlines()}
    assert not names & {*CREDENTIALS, "TLS_KEY", "AUDIT_KEY", "STATE_DIR", "CODEX_HOME", "CONFIG"}


def test_what_it_prints_of_a_secret_is_masked_in_the_record(vault: Vault, run) -> None:
    """A token from elsewhere in the command's own text: the record does not contain it."""
    marker = f"masked-{time.monotonic_ns()}"
    run(f"echo {marker}; echo Authorization: Bearer {vault.person.secret}")

    def rows() -> str:
        answer = tls.get(vault.server.port, vault.certificate.trusted(), f"/api/v1/sre/audit?q={marker}")
        return answer.body.decode() if marker in answer.body.decode() else ""

    assert vault.person.secret not in wait_until("it is recorded", rows, 10)
