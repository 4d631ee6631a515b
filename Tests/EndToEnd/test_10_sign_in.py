"""Row 10: the token in a header, in the page's form and in the cookie; wrong tokens; the token on a terminal."""

import json
import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Callable

import pytest

from harness import paths, processes, program, raw
from harness.people import SignIn
from harness.place import Place
from harness.raw import STRANGER
from harness.server import SOCKET, Server

INFO = "/api/v1/sre/info"
LOGIN = "/api/v1/sre/login"


@pytest.fixture
def edge(module_stand_ins) -> Server:
    """The server counts wrong tokens for a minute, so tests that send any use their own server."""
    return module_stand_ins("shared")[0]


def sign_in(server: Server, token: str, **headers: str) -> raw.Answer:
    return raw.post(server.port, LOGIN, json.dumps({"token": token}).encode(), **headers)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_bearer(edge: Server, scheme: str) -> None:
    header = {"Authorization": f"{scheme} {edge.place.token}", **STRANGER}
    answer = raw.get(edge.port, **header)
    assert answer.status == 200
    assert json.loads(answer.body)["user"] == "token"
    assert raw.handshake(edge.port, **header).status == 101
    assert raw.handshake(edge.port, "/", **header).status == 101


def test_session_with_the_token(edge: Server, clients) -> None:
    client = clients(edge, token=edge.place.token)
    assert client.request("thread/start", {"cwd": str(edge.place.workspace)})["threadId"]


def test_form_and_cookie(edge: Server) -> None:
    answer = sign_in(edge, edge.place.token, **STRANGER)
    signed_in = SignIn.of(answer)
    pair, *attributes = [part.strip() for part in answer.headers["set-cookie"].split(";")]
    names = {attribute.lower() for attribute in attributes}
    assert {"httponly", "samesite=strict", "path=/"} <= names
    assert not any(name.startswith("domain") for name in names)
    assert any(re.fullmatch(r"max-age=\d{4,}", name) for name in names)
    assert raw.get(edge.port, **signed_in.headers, **STRANGER).status == 200
    assert raw.handshake(edge.port, **signed_in.socket_headers, **STRANGER).status == 101
    among_others = {**signed_in.headers, "Cookie": f"a=b; {pair}; c=d"}
    assert raw.handshake(edge.port, "/", **among_others, **STRANGER).status == 101
    # The browser adds the cookie to another origin's requests, but the origin is still refused.
    assert raw.handshake(edge.port, Origin="http://evil.example", **signed_in.headers).status == 403


def test_signing_out_takes_the_cookie_away(edge: Server) -> None:
    cookie = raw.post(edge.port, "/api/v1/sre/logout", b"").headers["set-cookie"]
    assert re.match(r"[^=]+=;", cookie)
    assert "max-age=0" in cookie.lower()


@pytest.mark.parametrize("body", [b"", b"{}", b"not JSON", b'{"token":1}', b'["token"]'])
def test_form_without_a_token(edge: Server, body: bytes) -> None:
    answer = raw.post(edge.port, LOGIN, body, **STRANGER)
    assert answer.status == 400
    assert "set-cookie" not in answer.headers


def test_token_in_a_query_or_elsewhere_is_none(edge: Server) -> None:
    token = edge.place.token
    assert raw.get(edge.port, f"{INFO}?token={token}", **STRANGER).status == 401
    assert raw.handshake(edge.port, f"{SOCKET}?token={token}", **STRANGER).status == 401
    assert raw.get(edge.port, Authorization=f"Basic {token}", **STRANGER).status == 401
    assert raw.get(edge.port, Authorization=token, **STRANGER).status == 401
    assert raw.get(edge.port, Cookie=f"other={token}", **STRANGER).status == 401


@pytest.mark.parametrize("way", ["bearer", "form", "socket"])
def test_wrong_tokens(stand_in: Callable[..., tuple], way: str) -> None:
    server = stand_in()[0]
    token = server.place.token

    def show(token: str) -> int:
        match way:
            case "bearer":
                return raw.get(server.port, Authorization=f"Bearer {token}", **STRANGER).status
            case "form":
                return sign_in(server, token, **STRANGER).status
            case _:
                return raw.handshake(server.port, Authorization=f"Bearer {token}", **STRANGER).status

    wrong = [token[:-1], token + "x", token.swapcase(), token[:-1] + "!", f"{token} {token}", "x" * 10_000]
    wrong += ["x", "ä", "null", "0"]
    for attempt in wrong:
        assert show(attempt) == 401, attempt[:40]
    assert show("x") == 429
    # 256 random bits cannot be guessed, so a right token gets in, and so does the local user.
    assert show(token) in (101, 200)
    assert show("x") == 429
    assert raw.get(server.port).status == 200
    assert raw.handshake(server.port).status == 101


def test_cookie_is_no_token(edge: Server) -> None:
    """The cookie is a separate secret, so that a browser never stores the token."""
    cookie = sign_in(edge, edge.place.token, **STRANGER).headers["set-cookie"].split(";")[0]
    assert edge.place.token not in cookie
    for value in (edge.place.token, cookie.split("=", 1)[1] + "x", "", "x"):
        assert raw.get(edge.port, Cookie=f"sre-agent-session={value}", **STRANGER).status == 401
    assert raw.get(edge.port, Authorization=f"Bearer {cookie.split('=', 1)[1]}", **STRANGER).status == 401


def test_signed_in_people_are_not_locked_out_by_right_tokens(stand_in: Callable[..., tuple]) -> None:
    server = stand_in()[0]
    for _ in range(12):
        assert raw.get(server.port, Authorization=f"Bearer {server.place.token}", **STRANGER).status == 200
        # A request without a token is not a guess.
        assert raw.get(server.port, **STRANGER).status == 401


def test_person_at_a_terminal_is_told_the_token(place: Place) -> None:
    mine, its = pty.openpty()
    process = subprocess.Popen(
        [paths.sre_agent()],
        cwd=place.cwd,
        env=program.environment(place),
        stdin=subprocess.DEVNULL,
        stdout=its,
        stderr=subprocess.DEVNULL,
    )
    processes.register(process.pid)
    os.close(its)
    try:
        shown = b""
        deadline = time.monotonic() + 20
        while shown.count(b"\n") < 2:
            assert select.select([mine], [], [], max(0, deadline - time.monotonic()))[0], shown
            shown += os.read(mine, 4_096)
        assert place.token.encode() in shown
        process.terminate()
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.wait(5)
        processes.forget(process.pid)
        os.close(mine)
    processes.assert_no_orphans()
