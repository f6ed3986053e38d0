"""Keeps the state of a configuration in this process's memory, behind Terraform's backend `http`.

The backend `local` writes the whole state after each resource. With hundreds of rules that is most of what an apply costs.
"""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_OVERRIDE = """
terraform {{
  backend "http" {{
    address = "{address}"
  }}
}}
"""


class StateServer:
    """A running server; `override` is the file that turns a configuration to it."""

    def __init__(self) -> None:
        """Starts it on a free port, with no state."""
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.override = _OVERRIDE.format(address=f"http://127.0.0.1:{self._server.server_port}/state")

    def stop(self) -> None:
        """Ends it; the state is gone."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    """What the threads of all requests share: the state, empty while there is none."""

    state = b""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """The state, or that there is none."""
        self._answer(200 if self.server.state else 404, self.server.state)

    def do_POST(self) -> None:
        """Takes a new state."""
        self.server.state = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200, b"")

    def _answer(self, code: int, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
