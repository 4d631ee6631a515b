"""Secrets in the texts of people and agents appear nowhere afterwards: not in the record, not in an export, not in a
log.

The test assembles them at run time, so that secret scanners do not flag this file."""

import json
import random
import re
import string
from collections.abc import Callable

import pytest

from harness import people, raw
from harness.client import Client
from harness.played import THREAD, play
from harness.raw import STRANGER
from harness.record import Record
from harness.server import Server
from harness.stand_in import StandIn
from harness.waiting import wait_until

MARK = re.compile(r"\[masked:hmac-sha256:[0-9a-f]{16}\]")
# With masking as for viewers.
PLAIN = "[masked]"
_letters = random.Random(42)


def made_up(length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(_letters.choice(alphabet) for _ in range(length))


def secrets() -> dict[str, tuple[str, str]]:
    """By name: a command that contains a secret, and the secret."""
    upper = string.ascii_uppercase + string.digits
    jwt = ".".join(["eyJ" + made_up(30), "eyJ" + made_up(60), made_up(43)])
    values = {
        "openai": ("curl -H 'X: {}' https://api.example", "sk" + "-proj-" + made_up(48)),
        "github": ("git clone https://{}@github.example/x", "gh" + "p_" + made_up(36)),
        "aws id": ("aws configure set aws_access_key_id {}", "AK" + "IA" + made_up(16, upper)),
        "aws secret": ("AWS_SECRET_ACCESS_KEY={} aws s3 ls", made_up(40)),
        "slack": ("notify {}", "xo" + "xb-" + made_up(11, string.digits) + "-" + made_up(24)),
        "header": ("curl -H 'Authorization: Bearer {}' https://x.example", made_up(40)),
        "basic": ("curl -u admin:{} https://x.example", made_up(14)),
        "cookie": ("curl -H 'Cookie: session={}' https://x.example", made_up(32)),
        "jwt": ("echo {} | cut -d. -f2", jwt),
        "url": ("psql postgres://root:{}@db.example/app", made_up(18)),
        "variable": ("export DB_PASSWORD={}; ./run", made_up(12)),
        "option": ("mysql --password={} -e 'select 1'", made_up(12)),
        "next word": ("vault login --token {}", made_up(24)),
        "json": ("""curl -d '{{"password": "{}"}}' https://x.example""", made_up(16)),
        "ours": ("curl -H 'X: {}' localhost", "sre" + "_" + made_up(43)),
    }
    return {name: (text.format(secret), secret) for name, (text, secret) in values.items()}


SECRETS = secrets()
PRIVATE_KEY = "-----BEGIN {0}-----\n{1}\n{1}\n-----END {0}-----".format("PRIVATE" + " KEY", made_up(64))


@pytest.fixture
def own(module_stand_ins) -> tuple[Server, StandIn]:
    return module_stand_ins("shared")


def everywhere(server: Server) -> dict[str, bytes]:
    """Everything that is stored or can be downloaded."""
    record = Record(server.place)
    return {
        "the database": record.bytes(),
        "lines": record.export().encode(),
        "a table": record.export("--format", "csv").encode(),
        "the timeline": server.get("/api/v1/sre/audit?limit=500")[1].encode(),
        "the log": server.output().encode(),
    }


def assert_nowhere(server: Server, secret: str) -> None:
    assert [place for place, text in everywhere(server).items() if secret.encode() in text] == []


def ask(server: Server, client: Client, item: str, **params: object) -> str:
    """Raises an agent request that contains these words; returns its id."""
    params = {"threadId": THREAD, "turnId": "turn-1", "itemId": item, "command": "true", "cwd": "/", **params}
    play(client, {"send": {"id": item, "method": "item/commandExecution/requestApproval", "params": params}})
    asked = client.question(itemId=item)
    # The person sees the unmasked text.
    assert {name: asked["params"][name] for name in params} == params
    return asked["id"]


@pytest.mark.parametrize("name", SECRETS)
def test_in_a_command(own: tuple[Server, StandIn], clients: Callable[..., Client], name: str) -> None:
    server, agent = own
    command, secret = SECRETS[name]
    client = clients(server)
    client.request("thread/resume", {"threadId": THREAD})
    asked = ask(server, client, f"command-{name}", command=command)
    client.answer(asked, {"decision": "decline", "reason": f"never run {command}"})
    # The agent receives the answer unmasked.
    agent.wait_received(f'"id":"command-{name}"', "decline")
    row = Record(server.place).wait("decision", requestId=asked)
    assert MARK.search(row["details"]["command"]) and MARK.search(row["details"]["reason"])
    # The text around the secret is kept: people must see what was decided.
    assert row["details"]["command"].startswith(command.split(secret)[0][:4])
    # The item id is not secret and occurs in all of these places, so the search covers the right ones.
    kept = everywhere(server)
    assert all(f"command-{name}".encode() in text for place, text in kept.items() if place != "the log")
    assert [place for place, text in kept.items() if secret.encode() in text] == []


def test_in_the_words_of_a_request(own: tuple[Server, StandIn], clients: Callable[..., Client]) -> None:
    server, agent = own
    client = clients(server)
    client.request("thread/resume", {"threadId": THREAD})
    words = "\n".join(f"{name}: {command}" for name, (command, _) in SECRETS.items()) + "\n" + PRIVATE_KEY
    client.request("turn/start", {"threadId": THREAD, "input": [{"type": "text", "text": words}]})
    agent.wait_received("turn/start", json.dumps(PRIVATE_KEY)[1:-1])
    row = Record(server.place).wait("turn.started")
    assert len(MARK.findall(row["details"]["input"][0]["text"])) > len(SECRETS)
    kept = everywhere(server)
    for secret in [secret for _, secret in SECRETS.values()] + [PRIVATE_KEY.split("\n")[1]]:
        assert [place for place, text in kept.items() if secret.encode() in text] == []


def test_the_same_secret_has_the_same_mark(own: tuple[Server, StandIn], clients: Callable[..., Client]) -> None:
    """People can see that two secrets are equal but cannot find the secret by trying: each server uses other marks."""
    server, _ = own
    client = clients(server)
    secret, other = made_up(20), made_up(20)
    client.request("made/up", {"a": f"password={secret}", "b": f"login --password {secret}", "c": f"password={other}"})
    params = Record(server.place).wait("method.called", details={"method": "made/up"})["details"]["params"]
    first, second, third = (MARK.search(params[name])[0] for name in "abc")
    assert first == second != third


def test_members_with_telling_names(own: tuple[Server, StandIn], clients: Callable[..., Client]) -> None:
    server, _ = own
    client = clients(server)
    secret = made_up(9)
    client.request("account/login/start", {"type": "apiKey", "apiKey": secret, "nested": {"db_password": [secret]}})
    record = Record(server.place)
    params = record.wait("method.called", details={"method": "account/login/start"})["details"]["params"]
    assert params["type"] == "apiKey" and MARK.fullmatch(params["apiKey"])
    assert_nowhere(server, secret)


def test_in_what_codex_runs(shared: Server, talk) -> None:
    """From the model's call to the outcome, with the real codex."""
    secret = made_up(30)
    conversation = talk(shared)
    command = f"API_TOKEN={secret} true"
    conversation.play({"command": command}, {"text": "done"})
    asked = conversation.approval()
    assert asked.command == command
    conversation.decide(asked, "accept", comment=f"is {secret} right? API_TOKEN={secret}")
    assert conversation.ended()["status"] == "completed"
    record = Record(shared.place)
    record.wait("turn.completed", threadId=conversation.thread)
    rows = {row["kind"]: json.dumps(row) for row in record.rows(threadId=conversation.thread)}
    for kind in ("turn.started", "question.asked", "decision", "item.completed"):
        assert MARK.search(rows[kind]), kind
        assert f"API_TOKEN={secret}" not in rows[kind]
    for place, text in everywhere(shared).items():
        assert f"API_TOKEN={secret}".encode() not in text, place


@pytest.mark.parametrize("query", ["", "?session=new", "?approvals=legacy"])
def test_a_viewer_sees_what_the_record_shows(shared: Server, talk, clients, query: str) -> None:
    """A viewer is shown no secrets: in approvals, items, output, thread history, and the list of approvals."""
    secret = made_up(30)
    watcher = people.newcomer(shared, "viewer")
    watching = clients(shared, query, token=watcher.secret)
    conversation = talk(shared)
    command = f"export API_TOKEN={secret}; echo password={secret}"
    conversation.play({"command": command}, {"text": f"The password={secret} is set."})
    asked = conversation.approval()
    assert asked.command == command, "who answers sees the whole command"
    watching.request("thread/resume", {"threadId": conversation.thread})
    listed = raw.get(shared.port, "/api/v1/sre/approvals", **watcher.bearer).body
    assert secret.encode() not in listed and PLAIN in listed.decode()
    assert secret.encode() in raw.get(shared.port, "/api/v1/sre/approvals").body
    conversation.decide(asked, "accept")
    assert conversation.ended()["status"] == "completed"
    wait_until("the viewer saw the end", lambda: "turn/completed" in [m.get("method") for m in watching.messages])
    for method, params in [
        ("thread/read", {"threadId": conversation.thread, "includeTurns": True}),
        ("thread/resume", {"threadId": conversation.thread}),
    ]:
        assert watching.request(method, params)["thread"]["id"] == conversation.thread
    shown = [json.dumps(message) for message in watching.messages]
    assert [text for text in shown if secret in text and "elta" not in text] == []
    kinds = ["execCommandApproval"] if query == "?approvals=legacy" else ["item/commandExecution/requestApproval"]
    for kind in [*kinds, "item/started", "item/completed"]:
        assert any(kind in text and PLAIN in text for text in shown), kind
    assert not [text for text in [*shown, listed.decode()] if MARK.search(text)]


def viewer(server: Server, clients) -> tuple[people.Person, Client]:
    person = people.newcomer(server, "viewer")
    return person, clients(server, token=person.secret)


def test_a_viewer_cannot_compare_marks(shared: Server, talk, clients) -> None:
    """A person who can have chosen text masked sees no tag: not in messages, not in lists, not in the record."""
    secret, name = made_up(8), made_up(6, string.ascii_lowercase)
    watcher, watching = viewer(shared, clients)
    conversation = talk(shared)
    conversation.play({"command": f"DB_PASSWORD={secret} true {name}"}, {"text": "done"})
    asked = conversation.approval()
    guess = watching.response(watching.post(f"x PASSWORD={secret}", {}))["error"]["message"]
    assert PLAIN in guess and not MARK.search(guess) and secret not in guess
    listed = raw.get(shared.port, "/api/v1/sre/approvals", **watcher.bearer).body.decode()
    assert PLAIN in listed and not MARK.search(listed)
    conversation.decide(asked, "accept")
    conversation.ended()
    mark = MARK.search(Record(shared.place).wait("decision", requestId=asked.id)["details"]["command"])[0]
    record = shared.get("/api/v1/sre/audit?limit=500", watcher.bearer)[1]
    assert name in record and PLAIN in record and not MARK.search(record) and "Sha256" not in record
    assert mark in shared.get("/api/v1/sre/audit?limit=500")[1], "who answers sees them"
    # Searching cannot reveal it letter by letter either.
    for text in (mark[1:-1], mark[8:26], "hmac", "Sha256"):
        assert json.loads(shared.get(f"/api/v1/sre/audit?q={text}", watcher.bearer)[1])["data"] == [], text
    assert json.loads(shared.get(f"/api/v1/sre/audit?q={name.upper()}", watcher.bearer)[1])["data"]
    assert json.loads(shared.get(f"/api/v1/sre/audit?q={mark[1:-1]}")[1])["data"]


QUOTED = [
    "DB_PASSWORD='{}' true", "DB_PASSWORD=a'{}' true", "TOKEN=$'{}' true", "PGPASSWORD='{} two words' true",
    "mysql -uroot -p'{}' -e 1 || true", "mysql --password='{}' -e 1 || true", "sshpass -p '{}' true || true",
    "curl -s -u 'admin:{}' http://127.0.0.1:1/ || true", "redis-cli -a '{}' ping || true",
    "docker login -u a -p '{}' || true", "vault login '{}' || true", "echo '{}' | sudo -S true || true",
    "passwd --stdin root <<< '{}' || true", "echo 'root:{}' | chpasswd || true",
    "aws configure set aws_secret_access_key '{}' || true", "smbclient -U 'u%{}' //h/s || true",
    "printf '{{\"password\":\"%s\"}}' {}",
    "kubectl create secret generic x --from-literal=a='{}' || true", "htpasswd -nb u '{}' || true",
    "psql -c \"ALTER USER x PASSWORD '{}'\" || true", "mysql -e \"ALTER USER x IDENTIFIED BY '{}'\" || true",
    "python3 -c \"password='{}'\" || true", "bash -c \"mysql -p\\\"{}\\\" x\" || true",
    "mysql --user=root \\\n  --password \\\n  {} || true", "sshpass -p \\\n {} true || true",
    "curl -s \\\n  -u \\\n  admin:{} http://127.0.0.1:1/ || true",
]  # fmt: skip


@pytest.mark.parametrize("query", ["", "?approvals=legacy"])
def test_secrets_in_quotes_and_continued_lines(shared: Server, talk, clients, query: str) -> None:
    """codex writes a command as a quoted shell word, so quotes are nested in quotes."""
    _watcher, watching = viewer(shared, lambda server, token: clients(server, query, token=token))
    conversation = talk(shared)
    conversation.run({"text": "hello"}, decisions=())
    watching.request("thread/resume", {"threadId": conversation.thread})
    secrets = [made_up(12) for _ in QUOTED]
    for form, secret in zip(QUOTED, secrets, strict=True):
        conversation.play({"command": form.format(secret)}, {"text": "done"})
        conversation.decide(conversation.approval(), "accept")
        conversation.ended()
    watching.request("thread/read", {"threadId": conversation.thread, "includeTurns": True})
    record = Record(shared.place)
    wait_until("all is recorded", lambda: len(record.rows("turn.completed", threadId=conversation.thread)) > len(QUOTED))
    rows = [json.dumps(row) for row in record.rows(threadId=conversation.thread)]
    shown = [json.dumps(message) for message in watching.messages]
    for place, texts in {"the record": rows, "a viewer": shown, "the log": [shared.output()]}.items():
        assert [form for form, secret in zip(QUOTED, secrets, strict=True) if any(secret in text for text in texts)] == [], place


def test_numbers_with_telling_names(own: tuple[Server, StandIn], clients: Callable[..., Client]) -> None:
    server, _ = own
    _, watching = viewer(server, clients)
    watching.request("thread/resume", {"threadId": THREAD})
    client = clients(server)
    client.request("made/up", {"password": 48151623, "otp": [77665544], "db_password": {"value": 48151623}})
    Record(server.place).wait("method.called", details={"method": "made/up"})
    for secret in ("48151623", "77665544"):
        assert_nowhere(server, secret)


def test_the_servers_own_secrets(stand_in: Callable[..., tuple[Server, StandIn]], clients) -> None:
    """Known secrets are masked in any position and form."""
    key = "not-like-a-key-" + made_up(8, string.ascii_lowercase)
    hook = f"https://hooks.example/{made_up(10, string.ascii_lowercase)}"
    server, _ = stand_in(environment={"OPENAI_API_KEY": key, "WEBHOOK_URL": hook, "LOG_LEVEL": "trace"})
    client = clients(server)
    alice = people.invite(server.place, "operator", "alice").secret
    known = [key, hook, server.place.token, alice]
    sign_in = people.signed_in(server, alice)
    answer = raw.post(server.port, "/api/v1/sre/tickets", b"", **sign_in.headers, **STRANGER)
    known += [*sign_in.secrets, json.loads(answer.body)["ticket"]]
    # By mistake in a URL; and as an invalid token and a header.
    assert raw.get(server.port, f"/api/v1/sre/info?token={alice}", **STRANGER).status == 401
    assert raw.get(server.port, Authorization=f"Bearer {alice}x", User_Agent=f"curl {alice}", **STRANGER).status == 401
    client.request("made/up", {"words": " ".join(f"<{secret}>" for secret in known[:4])})
    Record(server.place).wait("method.called")
    kept = everywhere(server)
    for secret in known:
        assert [place for place, text in kept.items() if secret.encode() in text] == [], secret[:6]


def test_a_cut_does_not_bare_a_secret(own: tuple[Server, StandIn], clients: Callable[..., Client]) -> None:
    """Long texts are masked before they are cut."""
    server, _ = own
    client = clients(server)
    secret = "gh" + "p_" + made_up(36)
    client.request("made/long", {"long": "x " * (32_768 - 8) + secret + " y" * 1_000})
    row = Record(server.place).wait("method.called", details={"method": "made/long"})
    assert "[cut: " in row["details"]["params"]["long"]
    assert_nowhere(server, secret[:20])
