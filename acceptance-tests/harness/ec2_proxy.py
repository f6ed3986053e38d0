"""A server between Terraform and the emulator: takes EC2's time, refuses what EC2 refuses, and keeps what each change made of the VPC."""

from __future__ import annotations

import http.client
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from xml.sax.saxutils import escape

from harness import ec2_state
from harness.ec2_memory import Memory
from harness.ec2_refusals import Parameters, Refusal, refusal
from harness.ec2_state import State
from harness.localstack import LocalStack

# Calls that change what is in the VPC begin with one of these.
_CHANGES = ("Authorize", "Revoke", "Modify", "Update", "Create", "Delete", "Attach", "Detach")
# What a call takes, in parts of the slowest: the same sequence in each run. EC2 needs a few tenths of a second.
_PACE = (1.0, 0.4, 0.8, 0.3, 0.6, 0.9, 0.5, 0.25)


class Change(NamedTuple):
    """A call that changed something, and what EC2 held then."""

    action: str
    given: Parameters
    state: State


class Ec2Proxy:
    """A running proxy for one VPC; `endpoint` is its URL, `slowest` what the slowest calls take in seconds."""

    def __init__(self, localstack: LocalStack, vpc: str, slowest: float) -> None:
        """Starts it on a free port."""
        self.changes: list[Change] = []
        self.refusals: list[Refusal] = []
        self.slowest = slowest
        self._client, self._vpc = localstack.ec2(), vpc
        self._target = urllib.parse.urlsplit(localstack.endpoint).netloc
        self._memory = Memory()
        # One change after the other, or nobody could say which of two made a packet be refused.
        self._changing = threading.Lock()
        self._counting = threading.Lock()
        self._calls = 0
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def state(self) -> State:
        """What EC2 holds now."""
        return ec2_state.read(self._client, self._vpc, self._memory.prefix_lists)

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        """Status, content type and body for one call."""
        given = {name: values[0] for name, values in urllib.parse.parse_qs(body.decode(), keep_blank_values=True).items()}
        action = given.get("Action", "")
        time.sleep(self._delay())
        if not action.startswith(_CHANGES):
            status, kind, answer = self._forward(path, headers, body)
            return status, kind, self._memory.restore(action, answer)
        with self._changing:
            # What the last change of an apply left is what is there: by hand things are changed between applies.
            before = self.changes[-1].state if self.changes else self.state()
            refused = refusal(action, given, before)
            if refused is not None:
                self.refusals.append(refused)
                return 400, "text/xml", _error(refused)
            status, kind, answer = self._forward(path, headers, self._memory.without(action, body))
            if status == http.client.OK:
                self._memory.learn(action, given, before, answer)
                self.changes.append(Change(action, given, self.state()))
            return status, kind, answer

    def _delay(self) -> float:
        with self._counting:
            self._calls += 1
            return self.slowest * _PACE[self._calls % len(_PACE)]

    def _forward(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection(self._target, timeout=60)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Content-Type", "text/xml"), answer.read()
        finally:
            connection.close()


def _error(refused: Refusal) -> bytes:
    """An error as EC2 writes it."""
    error = f"<Error><Code>{refused.code}</Code><Message>{escape(refused.message)}</Message></Error>"
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors>{error}</Errors><RequestID>refused</RequestID></Response>'
    return text.encode()


class _Server(ThreadingHTTPServer):
    """What the threads of all calls share."""

    daemon_threads = True
    proxy: Ec2Proxy


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Any call."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        dropped = ("host", "connection", "accept-encoding", "content-length", "transfer-encoding")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in dropped}
        status, kind, answer = self.server.proxy.answer(self.path, headers, body)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
