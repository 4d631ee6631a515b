"""TLS: pages and sockets over TLS, Secure cookies and HSTS, certificate renewal, and warnings without TLS."""

import json
import select
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable

import pytest

from harness import people, program, raw, tls
from harness.client import Client
from harness.place import Place
from harness.raw import STRANGER
from harness.server import SOCKET, Server
from harness.stand_in import StandIn
from harness.tls import Certificate
from harness.waiting import wait_until

LOGIN = "/api/v1/sre/login"


@pytest.fixture
def certificate(place: Place) -> Certificate:
    # Beside the state, like a machine's certificate: no directory that is denied as a whole contains its key.
    return Certificate.make(place.root, "first")


@pytest.fixture
def secure(place: Place, launch: Callable[..., Server], certificate: Certificate) -> Callable[..., Server]:
    def launched(environment: dict[str, str | None] | None = None, **options) -> Server:
        agent = StandIn(place.root)
        server = launch(
            agent=agent.executable, environment={**certificate.settings(), **(environment or {})}, **options
        ).started()
        context = certificate.trusted()
        wait_until("/readyz is 200", lambda: tls.get(server.port, context, "/readyz").status == 200, 40, 0.05)
        return server

    return launched


def test_pages_and_sockets(secure, certificate: Certificate) -> None:
    server, context = secure(), certificate.trusted()
    assert f"https://localhost:{server.port}" in server.output()
    answer, shown, version = tls.exchange(server.port, context, raw.head("/", f"127.0.0.1:{server.port}", {}))
    assert answer.status == 200 and shown == certificate.der and version in ("TLSv1.3", "TLSv1.2")
    # The local user is also recognised over TLS.
    who = json.loads(tls.get(server.port, context).body)
    assert (who["user"], who["role"], who["secure"]) == ("local", "admin", True)
    client = Client(f"wss://127.0.0.1:{server.port}{SOCKET}", tls=context)
    try:
        client.initialize()
        assert client.request("model/list", {"a": 1})["echo"] == {"a": 1}
    finally:
        client.close()
    stranger = tls.exchange(
        server.port, context, raw.head(SOCKET, f"127.0.0.1:{server.port}", {**raw.UPGRADE, **STRANGER})
    )[0]
    assert stranger.status == 401


def test_connections_that_do_not_begin_tls(secure, certificate: Certificate) -> None:
    """64 such connections stay open for two seconds; then the server closes them."""
    server, context = secure({"MAX_SOCKETS_PER_ADDRESS": "10"}), certificate.trusted()
    peers = [socket.create_connection(("127.0.0.1", server.port), 10) for _ in range(100)]
    try:
        # Refused before any TLS, in no particular order, because several threads accept connections.
        wait_until("the others are closed", lambda: len(select.select(peers, [], [], 0)[0]) >= 36, 5)

        def served() -> bool:
            try:
                return tls.get(server.port, context, "/healthz").status == 200
            except OSError:
                return False

        wait_until("somebody else is served", served, 5)
    finally:
        for peer in peers:
            peer.close()


def test_page_of_its_own_origin(secure, certificate: Certificate) -> None:
    server, context = secure(), certificate.trusted()
    origin = f"https://127.0.0.1:{server.port}"
    assert tls.get(server.port, context, Origin=origin).status == 200
    assert tls.get(server.port, context, Origin="https://evil.example").status == 403


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/sre/info", "/nothing", "/page/main.js"])
def test_browsers_are_told_to_stay(secure, certificate: Certificate, path: str) -> None:
    server, context = secure(), certificate.trusted()
    for headers in ({}, STRANGER):
        assert "max-age=31536000" in tls.get(server.port, context, path, **headers).headers["strict-transport-security"]


def test_no_such_promise_without_tls(stand_in: Callable[..., tuple[Server, StandIn]]) -> None:
    """A browser would refuse to return to a server without TLS."""
    server = stand_in()[0]
    for path in ("/", "/api/v1/sre/info"):
        assert "strict-transport-security" not in raw.get(server.port, path).headers


def test_cookie_is_for_tls_only(secure, certificate: Certificate) -> None:
    server, context = secure(), certificate.trusted()
    body = json.dumps({"token": server.place.token}).encode()
    answer = tls.post(server.port, context, LOGIN, body, **STRANGER)
    parts = [part.strip().lower() for part in answer.headers["set-cookie"].split(";")]
    assert {"secure", "httponly", "samesite=strict"} <= set(parts)
    pair = people.SignIn.of(answer).headers
    assert json.loads(tls.get(server.port, context, **pair, **STRANGER).body)["name"] == "start"
    ended = tls.post(server.port, context, "/api/v1/sre/logout", b"", **pair, **STRANGER)
    assert "secure" in ended.headers["set-cookie"].lower()


def test_in_the_clear_nothing_is_said(secure, certificate: Certificate) -> None:
    """The server sends neither a response nor a hint, and a token sent in the clear does not sign in."""
    server = secure()
    token = server.place.token
    requests = [
        raw.head("/api/v1/sre/info", f"127.0.0.1:{server.port}", {"Authorization": f"Bearer {token}"}),
        raw.head(SOCKET, f"127.0.0.1:{server.port}", {**raw.UPGRADE, "Authorization": f"Bearer {token}"}),
        raw.head("/", f"127.0.0.1:{server.port}", {}),
        b"\0" * 100,
        b"GET",
    ]
    for request in requests:
        with socket.create_connection(("127.0.0.1", server.port), 10) as peer:
            peer.sendall(request)
            peer.shutdown(socket.SHUT_WR)
            received = b""
            try:
                while chunk := peer.recv(65_536):
                    received += chunk
            except ConnectionError:
                pass
        # At most a TLS alert (RFC 8446 section 6): 7 bytes.
        assert len(received) <= 7 and b"HTTP" not in received, received
    assert token not in server.output()
    assert tls.get(server.port, certificate.trusted(), "/healthz").status == 200


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_versions_are_refused(secure, certificate: Certificate, version: ssl.TLSVersion) -> None:
    server, context = secure(), certificate.trusted()
    # Lets the client offer old versions, so that the server has to refuse.
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = version, version
    with pytest.raises(ssl.SSLError):
        tls.get(server.port, context)
    assert tls.get(server.port, certificate.trusted(), "/healthz").status == 200


def test_certificate_is_renewed_while_it_runs(secure, certificate: Certificate, place: Place) -> None:
    server = secure()
    before = Client(f"wss://127.0.0.1:{server.port}{SOCKET}", tls=certificate.trusted())
    before.initialize()
    second = Certificate.make(place.root, "second")
    anybody = ssl._create_unverified_context()
    # One file after the other: in between they do not match, and the server keeps the old certificate.
    shutil.copy(second.path, certificate.path.with_suffix(".new"))
    certificate.path.with_suffix(".new").replace(certificate.path)
    request = raw.head("/healthz", f"127.0.0.1:{server.port}", {})
    assert tls.exchange(server.port, anybody, request)[0].status == 200
    shutil.copy(second.key, certificate.key.with_suffix(".new"))
    certificate.key.with_suffix(".new").replace(certificate.key)
    wait_until(
        "new connections get the new certificate",
        lambda: tls.exchange(server.port, anybody, request)[1] == second.der,
        5,
    )
    assert tls.get(server.port, second.trusted(), "/healthz").status == 200
    # Existing connections stay open.
    try:
        assert before.request("model/list", {"still": "here"})["echo"] == {"still": "here"}
    finally:
        before.close()


@pytest.mark.parametrize("content", ["", "not PEM", None])
def test_a_bad_renewal_leaves_the_old_one(secure, certificate: Certificate, content: str | None) -> None:
    server, context = secure(), certificate.trusted()
    old = certificate.path.read_text()
    if content is None:
        certificate.path.unlink()
    else:
        certificate.path.write_text(content)
    wait_until("the server says so", lambda: "could not be reloaded" in server.output(), 5)
    assert tls.get(server.port, context, "/healthz").status == 200
    certificate.path.write_text(old)


# MARK: Settings


def wrong(place: Place, certificate: Certificate, kind: str) -> dict[str, str | None]:
    other = Certificate.make(place.root, "other")
    garbage = place.root / "garbage.pem"
    garbage.write_text("not PEM")
    return {
        "certificate only": {"TLS_CERT": str(certificate.path)},
        "key only": {"TLS_KEY": str(certificate.key)},
        "no such file": {**certificate.settings(), "TLS_CERT": str(place.root / "none.crt")},
        "not PEM": {**certificate.settings(), "TLS_CERT": str(garbage)},
        "key not PEM": {**certificate.settings(), "TLS_KEY": str(garbage)},
        "key of another": {**certificate.settings(), "TLS_KEY": str(other.key)},
    }[kind]


@pytest.mark.parametrize(
    "kind", ["certificate only", "key only", "no such file", "not PEM", "key not PEM", "key of another"]
)
def test_what_cannot_be_used_is_said_at_the_start(place: Place, certificate: Certificate, kind: str) -> None:
    """A server never runs without TLS if TLS is configured."""
    StandIn(place.root)
    quiet = {"LOG_LEVEL": "warning"}  # as root, the server logs at start that it hands over the workspace
    result = program.run(place, CODEX_BIN=str(place.root / "stand-in"), **quiet, **wrong(place, certificate, kind))
    assert result.returncode == 64
    assert "TLS_" in result.stderr and len(result.stderr.strip().splitlines()) == 1, result.stderr
    assert "PRIVATE KEY" not in result.stderr and "http" not in result.stdout


def test_flags(place: Place, launch: Callable[..., Server], certificate: Certificate) -> None:
    arguments = ("--tls-cert", str(certificate.path), "--tls-key", str(certificate.key))
    server = launch(agent=StandIn(place.root).executable, arguments=arguments).started()
    assert tls.get(server.port, certificate.trusted(), "/healthz").status == 200


CLEAR = "without TLS, tokens are sent unencrypted"


def test_warning_without_tls(place: Place, launch: Callable[..., Server]) -> None:
    server = launch(agent=StandIn(place.root).executable, environment={"HOST": "0.0.0.0"}).ready()
    assert CLEAR in server.output()


@pytest.mark.parametrize("reason", ["loopback", "localhost", "public", "tls"])
def test_no_warning_where_there_is_no_danger(
    place: Place, launch: Callable[..., Server], certificate: Certificate, reason: str
) -> None:
    environment: dict[str, str | None] = {
        "loopback": {"HOST": "127.0.0.1"},
        "localhost": {"HOST": "localhost"},
        "public": {"HOST": "0.0.0.0", "PUBLIC_URL": "https://sre.example"},
        "tls": {"HOST": "0.0.0.0", **certificate.settings()},
    }[reason]
    server = launch(agent=StandIn(place.root).executable, environment=environment).started()
    context = certificate.trusted() if reason == "tls" else None
    if context:
        wait_until("it is ready", lambda: tls.get(server.port, context, "/readyz").status == 200, 40)
    else:
        server.ready()
    assert CLEAR not in server.output()


def test_curl(secure, certificate: Certificate) -> None:
    """An independent client."""
    server = secure()
    url = f"https://localhost:{server.port}/healthz"
    curl = subprocess.run(
        ["curl", "--noproxy", "*", "-sS", "--cacert", str(certificate.path), url],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert curl.returncode == 0 and json.loads(curl.stdout) == {"status": "ok"}, curl.stderr
