"""Test certificates, and a client that verifies them."""

import socket
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import raw


@dataclass
class Certificate:
    """A self-signed certificate for 127.0.0.1 and localhost."""

    directory: Path
    name: str

    @property
    def path(self) -> Path:
        return self.directory / f"{self.name}.crt"

    @property
    def key(self) -> Path:
        return self.directory / f"{self.name}.key"

    @property
    def der(self) -> bytes:
        return ssl.PEM_cert_to_DER_cert(self.path.read_text())

    @classmethod
    def make(cls, directory: Path, name: str) -> "Certificate":
        made = cls(directory, name)
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
                *("-keyout", str(made.key), "-out", str(made.path), "-days", "2", "-subj", f"/CN={name}"),
                *("-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"),
            ],
            check=True,
            capture_output=True,
            timeout=30,
        )
        made.key.chmod(0o600)
        return made

    def settings(self) -> dict[str, str | None]:
        return {"TLS_CERT": str(self.path), "TLS_KEY": str(self.key)}

    def trusted(self) -> ssl.SSLContext:
        """A TLS context that trusts only this certificate."""
        return ssl.create_default_context(cafile=str(self.path))


def exchange(port: int, context: ssl.SSLContext, request: bytes, timeout: float = 10) -> tuple[raw.Answer, bytes, str]:
    """Sends one request on its own connection; returns the response, the server's certificate and the TLS version."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as peer,
    ):
        peer.sendall(request)
        received = b""
        while chunk := peer.recv(65_536):
            received += chunk
            if b"\r\n\r\n" in received:
                answer = raw.parse(received)
                if answer.status == 101 or len(answer.body) >= int(answer.headers.get("content-length", "0")):
                    break
        return raw.parse(received), peer.getpeercert(True) or b"", peer.version() or ""


def get(port: int, context: ssl.SSLContext, path: str = "/api/v1/sre/info", **headers: str) -> raw.Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return exchange(port, context, raw.head(path, f"127.0.0.1:{port}", named))[0]


def post(port: int, context: ssl.SSLContext, path: str, body: bytes, **headers: str) -> raw.Answer:
    named = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return exchange(port, context, raw.head(path, f"127.0.0.1:{port}", named, "POST") + body)[0]
