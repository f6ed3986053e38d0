"""An Azure Resource Manager in memory, over HTTPS: what azurerm asks for on its way to security groups and their rules.

It serves the metadata of the cloud, a token to whoever asks, and the resources of `arm_network`, written and deleted as operations that
last until they have been asked after. A rule that is being deleted still has its priority.
"""

from __future__ import annotations

import base64
import json
import re
import ssl
import threading
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from harness.arm_network import Network, Refusal
from harness.certificate import certificate_with_key

ID = "00000000-0000-0000-0000-000000000000"


class ArmServer:
    """A running server: `host` is its address and port, `certificate` the file to trust, `network` what it keeps.

    A hostile one answers with ids in capitals, lists in reverse and the long name of a location, all of which Azure may do.
    """

    def __init__(self, folder: Path, *, hostile: bool = False) -> None:
        """Starts it on a free port, with nothing in it."""
        self.certificate = folder / "arm.pem"
        self.certificate.write_bytes(certificate_with_key())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.hostile = hostile
        # Each connection shakes hands in its own thread.
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.network = self._server.network
        self.host = self._server.host = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends it; what it kept is gone."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def provider(self) -> str:
        """The `provider` block that turns azurerm to it."""
        return f"""
provider "azurerm" {{
  metadata_host                   = "{self.host}"
  subscription_id                 = "{ID}"
  tenant_id                       = "{ID}"
  client_id                       = "{ID}"
  client_secret                   = "any"
  resource_provider_registrations = "none"

  features {{}}
}}
"""


class _Server(ThreadingHTTPServer):
    """What the threads of all requests share."""

    daemon_threads = True
    hostile = False
    host = ""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.network = Network()
        self.lock = threading.Lock()
        self.operations: dict[str, Callable[[], None]] = {}
        self.asked: set[str] = set()

    def start(self, finish: Callable[[], None]) -> str:
        """The URL of a new operation."""
        name = str(uuid.uuid4())
        self.operations[name] = finish
        return f"https://{self.host}/subscriptions/{ID}/providers/Microsoft.Network/operations/{name}"

    def state(self, name: str) -> str:
        """In progress when first asked, and done afterwards."""
        if name in self.operations and name not in self.asked:
            self.asked.add(name)
            return "InProgress"
        if name in self.operations:
            self.operations.pop(name)()
        return "Succeeded" if name in self.asked else "Unknown"


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Metadata, the state of an operation, or a resource."""
        path = self._path()
        if path == "/metadata/endpoints":
            self._answer(200, self._metadata())
        elif (operation := re.search(r"/operations/([\w-]+)$", path)) is not None:
            with self.server.lock:
                state = self.server.state(operation[1])
            self._answer(404 if state == "Unknown" else 200, {"status": state})
        elif re.fullmatch(r"/subscriptions/[^/]+(/resourceGroups/[^/]+)?/(providers|resources|locations)", path):
            self._answer(200, {"value": []})
        else:
            self._serve(lambda: (200, self.server.network.get(path), {}))

    def do_HEAD(self) -> None:
        """As GET, without the body."""
        self.do_GET()

    def do_POST(self) -> None:
        """A token for anyone."""
        self._body()
        if "/oauth2/" in self._path():
            self._answer(200, {"token_type": "Bearer", "expires_in": 3600, "access_token": _token()})
        else:
            self._answer(404, _error("NotFound", self.path))

    def do_PUT(self) -> None:
        """Creates or replaces a resource, which is there at once; the operation lasts."""
        path, body = self._path(), self._body()

        def put() -> tuple[int, Any, dict[str, str]]:
            created = self.server.network.put(path, json.loads(body))
            found = self.server.network.get(path)
            found["properties"]["provisioningState"] = "Updating"
            return 201 if created else 200, found, {"Azure-AsyncOperation": self.server.start(lambda: None)}

        self._serve(put)

    def do_DELETE(self) -> None:
        """Refuses at once, and deletes when the operation ends."""
        path = self._path()

        def delete() -> tuple[int, Any, dict[str, str]]:
            network = self.server.network
            try:
                network.get(path)
            except Refusal:
                return 204, None, {}
            network.check_unused(path)
            address = self.server.start(lambda: network.delete(path))
            return 202, None, {"Azure-AsyncOperation": address, "Location": address}

        self._serve(delete)

    def _serve(self, act: Callable[[], tuple[int, Any, dict[str, str]]]) -> None:
        """Answers for a resource, one request at a time."""
        if not self.headers.get("Authorization", "").startswith("Bearer "):
            self._answer(401, _error("AuthenticationFailed", "A token is missing."))
            return
        try:
            with self.server.lock:
                status, answer, headers = act()
        except Refusal as refusal:
            self._answer(refusal.status, _error(refusal.code, refusal.message))
            return
        self._answer(status, _twisted(answer) if self.server.hostile else answer, headers)

    def _metadata(self) -> dict[str, Any]:
        url = f"https://{self.server.host}"
        return {
            "name": "AzureCloud", "resourceManager": url, "microsoftGraphResourceId": url, "portal": url, "graph": url,
            "authentication": {"loginEndpoint": url, "audiences": [url], "tenant": "common", "identityProvider": "AAD"},
            "suffixes": {"keyVaultDns": "vault.invalid", "storage": "storage.invalid"},
        }

    def _path(self) -> str:
        return self.path.split("?", maxsplit=1)[0]

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def _answer(self, code: int, body: Any, headers: dict[str, str] | None = None) -> None:
        text = b"" if body is None else json.dumps(body).encode()
        self.send_response(code)
        for name, value in {"Content-Type": "application/json", "Retry-After": "1", **(headers or {})}.items():
            self.send_header(name, value)
        if code != 204:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


def _token() -> str:
    """A token of the usual shape, since azurerm reads who it is for; nobody signed it."""
    claims = {"aud": "arm", "tid": ID, "oid": ID, "appid": ID, "exp": 4102444800}
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    return ".".join([*(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), "c2lnbmF0dXJl"])


def _twisted(value: Any) -> Any:
    """The same, as Azure may say it as well."""
    if isinstance(value, list):
        return [_twisted(one) for one in reversed(value)]
    if not isinstance(value, dict):
        return value
    twisted = {name: _twisted(one) for name, one in value.items()}
    if "id" in twisted:
        twisted["id"] = twisted["id"].upper()
    if twisted.get("location") == "westeurope":
        twisted["location"] = "West Europe"
    return twisted
