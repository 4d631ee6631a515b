"""nginx in front of a server, which it serves below a path."""

import socket
import subprocess
from pathlib import Path

from harness.server import Server
from harness.waiting import wait_until

_CONFIG = """daemon off;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location {path}/ {{
      proxy_pass http://127.0.0.1:{server}/;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $http_connection;
      proxy_read_timeout 1h;
    }}
  }}
}}
"""


class Proxy:
    def __init__(self, server: Server, path: str, directory: Path):
        self.place = server.place
        self.path = path
        directory.mkdir(parents=True, exist_ok=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        config = directory / "nginx.conf"
        config.write_text(_CONFIG.format(directory=directory, port=self._port, path=path, server=server.port))
        self._process = subprocess.Popen(["/usr/sbin/nginx", "-p", str(directory), "-e", str(directory / "error.log"), "-c", str(config)])
        wait_until("nginx listens", self._listens, 10)

    @property
    def url(self) -> str:
        """Without the slash at its end, as `Server.url`."""
        return f"http://127.0.0.1:{self._port}{self.path}"

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)
