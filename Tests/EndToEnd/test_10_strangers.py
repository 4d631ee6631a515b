"""Row 10: what an unauthenticated client sees, and where the token is stored."""

import os
import stat
from collections.abc import Callable

import pytest

from harness import raw
from harness.place import Place
from harness.raw import STRANGER
from harness.server import SOCKET, Server

INFO = "/api/v1/sre/info"
APPROVALS = "/api/v1/sre/approvals"


@pytest.fixture
def edge(module_stand_ins) -> Server:
    return module_stand_ins("shared")[0]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/", "/page/main.js"])
def test_open_routes(edge: Server, path: str) -> None:
    """The page's own files hold no secret; without them there would be no sign-in form."""
    answer = raw.get(edge.port, path, **STRANGER)
    assert answer.status == 200
    assert edge.place.token.encode() not in answer.body


def test_everything_else_is_closed(edge: Server) -> None:
    for path in (INFO, APPROVALS, INFO + "?x=1"):
        answer = raw.get(edge.port, path, **STRANGER)
        assert answer.status == 401, path
        assert b"token" in answer.body
    for path in (SOCKET, "/", SOCKET + "?approvals=legacy"):
        assert raw.handshake(edge.port, path, **STRANGER).status == 401, path
    for path in ("/metrics", "/api", "/api/v1/sre", "/api/v1/sre/nothing", "/.env", "/token"):
        assert raw.get(edge.port, path, **STRANGER).status in (401, 404), path


@pytest.mark.parametrize(
    "path", ["/page/../token", "/page/%2e%2e/%2e%2e/token", "/page//etc/passwd", "/page/%2fetc%2fpasswd"]
)
def test_page_files_lead_nowhere_else(edge: Server, path: str) -> None:
    assert raw.get(edge.port, path).status in (400, 404)


@pytest.mark.parametrize("path", ["/", "/page/main.js", "/healthz", INFO, "/nothing"])
def test_security_headers(edge: Server, path: str) -> None:
    for headers in ({}, STRANGER, {"Origin": "http://evil.example"}):
        answer = raw.get(edge.port, path, **headers)
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == "'self'"
        assert policy["style-src"] == "'self'"
        assert policy["connect-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert policy["base-uri"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert "unsafe" not in str(policy)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "access-control-allow-origin" not in answer.headers


def test_refused_upgrade_is_a_whole_answer(edge: Server) -> None:
    for headers, status in [(STRANGER, 401), ({"Origin": "http://evil.example"}, 403)]:
        answer = raw.handshake(edge.port, **headers)
        assert answer.status == status
        assert len(answer.body) == int(answer.headers["content-length"]) > 0


# MARK: The token file


def test_token_file(edge: Server) -> None:
    path = edge.place.state / "token"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.stat().st_uid == os.getuid()
    assert len(edge.place.token) >= 22  # 128 bits in base 64


def test_token_stays_and_is_never_printed(place: Place, stand_in: Callable[..., tuple]) -> None:
    """Neither at its creation nor later, because standard output is no terminal. Queries are not logged either."""
    tokens = []
    for _ in range(2):
        server = stand_in(environment={"LOG_LEVEL": "trace"})[0]
        tokens.append(place.token)
        bearer = f"Bearer {place.token}"
        assert raw.get(server.port, INFO + "?secret=query-of-a-client", Authorization=bearer).status == 200
        assert raw.handshake(server.port, SOCKET + "?secret=query-of-a-client", Authorization=bearer).status == 101
        assert raw.get(server.port, Authorization=f"Bearer {place.token}").status == 200
        body = f'{{"token":"{place.token}"}}'.encode()
        assert raw.post(server.port, "/api/v1/sre/login", body).status == 200
        assert raw.get(server.port, Authorization="Bearer a-wrong-token-of-a-client").status == 401
        server.stop()
        for secret in (place.token, "query-of-a-client", "a-wrong-token-of-a-client"):
            assert secret not in server.output()
    assert tokens[0] == tokens[1]


def test_other_servers_other_tokens(edge: Server, place: Place, stand_in: Callable[..., tuple]) -> None:
    stand_in()
    assert place.token != edge.place.token
