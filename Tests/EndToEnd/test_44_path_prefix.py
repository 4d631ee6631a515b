"""`PUBLIC_URL` with a path: behind nginx, the server's addresses are below that path."""

import json
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from harness import people, raw
from harness.client import Client
from harness.place import Place
from harness.processes import register
from harness.server import SOCKET, Server
from harness.waiting import wait_until

CONFIGURATION = """
pid %(root)s/nginx.pid;
error_log %(root)s/nginx.log;
daemon off;
master_process off;
events {}
http {
    access_log off;
    client_body_temp_path %(root)s/body;
    proxy_temp_path %(root)s/proxy;
    fastcgi_temp_path %(root)s/fastcgi;
    uwsgi_temp_path %(root)s/uwsgi;
    scgi_temp_path %(root)s/scgi;
    server {
        listen 127.0.0.1:%(port)d;
        location /sre/ {
            proxy_pass http://127.0.0.1:%(behind)d/;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $or_close;
            proxy_read_timeout 1h;
        }
    }
    map $http_upgrade $or_close { default upgrade; "" ""; }
}
"""


@dataclass
class Proxied:
    server: Server
    port: int

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def proxied(place: Place, launch: Callable[..., Server]) -> Iterator[Proxied]:
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = launch(environment={"PUBLIC_URL": f"http://127.0.0.1:{port}/sre"}).ready()
    configuration = place.root / "nginx.conf"
    configuration.write_text(CONFIGURATION % {"root": place.root, "port": port, "behind": server.port})
    process = subprocess.Popen([nginx, "-c", configuration, "-p", place.root])
    register(process.pid)
    try:
        wait_until("nginx answers", lambda: raw.get(port, "/sre/healthz").status == 200 if _listens(port) else False)
        yield Proxied(server, port)
    finally:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    try:
        raw.get(port, "/")
        return True
    except OSError:
        return False


def test_a_person_signs_in_and_works_below_the_path(proxied: Proxied) -> None:
    page = raw.get(proxied.port, "/sre/")
    assert page.status == 200 and b"<title>SRE Agent" in page.body
    # nginx adds the slash that relative addresses need.
    assert raw.get(proxied.port, "/sre").headers["location"].endswith("/sre/")

    person = people.invite(proxied.server.place, "operator", "prefixed")
    origin = {"Origin": proxied.origin}
    body = json.dumps({"token": person.secret}).encode()
    answer = raw.post(proxied.port, "/sre/api/v1/sre/login", body, **origin)
    assert answer.status == 200, answer
    cookie = answer.headers["set-cookie"]
    assert "; Path=/sre;" in cookie
    key = json.loads(answer.body)["pageKey"]
    headers = {"Cookie": cookie.split(";")[0], **origin}
    info = raw.get(proxied.port, "/sre/api/v1/sre/info", SRE_Page_Key=key, **headers)
    assert info.status == 200 and json.loads(info.body)["name"] == "prefixed"

    client = Client(
        f"ws://127.0.0.1:{proxied.port}/sre{SOCKET}",
        {"Cookie": headers["Cookie"]},
        origin=proxied.origin,
        subprotocols=["sre-agent", f"sre-agent-page-key.{key}"],
    )
    client.initialize()
    assert client.request("thread/start", {"model": "any-name"})["threadId"]
    client.close()

    answer = raw.post(proxied.port, "/sre/api/v1/sre/logout", b"", SRE_Page_Key=key, **headers)
    assert answer.status == 204 and "Path=/sre; Max-Age=0" in answer.headers["set-cookie"]


def test_only_the_origin_counts(proxied: Proxied) -> None:
    for origin in (f"{proxied.origin}/sre", "http://evil.example", f"http://127.0.0.1:{proxied.server.port}"):
        assert raw.get(proxied.port, "/sre/api/v1/sre/info", Origin=origin).status == 403
    assert raw.get(proxied.port, "/sre/api/v1/sre/info", Origin=proxied.origin).status == 401


def test_the_server_itself_is_where_it_was(proxied: Proxied) -> None:
    """The proxy takes the path off. Only one form of an address exists, so a rule of a proxy cannot be evaded."""
    assert raw.get(proxied.server.port, "/healthz").status == 200
    for path in ("/sre/healthz", "/sre/", "/sre"):
        assert raw.get(proxied.server.port, path).status == 404
    assert raw.get(proxied.port, "/sre/sre/healthz").status == 404
    assert raw.get(proxied.server.port, "/api/v1/sre/info").status == 200
