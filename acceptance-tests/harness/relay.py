"""Stands between Terraform and a provider whose schema takes long to make: `python relay.py <binary> <log>`.

Terraform starts a provider several times for one plan, and asks for its schema in each command. Here one process answers what needs
no configuration, and the schema is made once and told again. Everything else is handed on as it comes, to a process for each
connection that configures the provider, as Terraform would have started.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import grpc

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from harness.lifetime import die_with_parent

# Of protocol 5, as go-plugin speaks it.
_COOKIE = {
    "TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
    "PLUGIN_PROTOCOL_VERSIONS": "5",
}
_PROVIDER = "/tfplugin5.Provider/"
_SCHEMA = f"{_PROVIDER}GetSchema"
_CONFIGURE = f"{_PROVIDER}Configure"
# Open as long as a connection is; nothing comes in it.
_BROKER = "/plugin.GRPCBroker/StartStream"
_OPTIONS = [("grpc.max_receive_message_length", 2**28), ("grpc.max_send_message_length", 2**28)]
_THREADS = 64


class Process:
    """A process of the provider."""

    def __init__(self, binary: str, log: BinaryIO) -> None:
        """Starts it."""
        self._process = subprocess.Popen(
            [binary], env={**os.environ, **_COOKIE}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
        )
        assert self._process.stdout is not None
        # The versions of go-plugin and of the protocol, where it listens, and what is spoken there.
        _, version, network, address, *_ = self._process.stdout.readline().decode().strip().split("|")
        assert (version, network) == ("5", "unix")
        self._channel = grpc.insecure_channel(f"unix:{address}", options=_OPTIONS)

    def ask(self, method: str, request: bytes) -> bytes:
        """The answer of the provider. Raises its `grpc.RpcError`."""
        call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = self._channel.unary_unary(method)
        return call(request)

    def stop(self) -> None:
        """Ends it at once, as Terraform does with a provider that it does not need any more."""
        self._channel.close()
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Relay(grpc.GenericRpcHandler):
    """Answers Terraform: the schema is remembered, and each connection that configured the provider has a process of its own."""

    def __init__(self, start: Callable[[], Process]) -> None:
        self._start = start
        self._common = start()
        self._lock = threading.Lock()
        self._schema: dict[bytes, bytes] = {}
        self._processes: dict[str, Process] = {}

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[bytes, bytes] | None:
        """How a method is answered; what is none of the provider's is not offered."""
        method = handler_call_details.method
        if method == _BROKER:
            return grpc.stream_stream_rpc_method_handler(self._accompany)
        if method.startswith(_PROVIDER):
            return grpc.unary_unary_rpc_method_handler(lambda request, context: self._answer(method, request, context))
        return None

    def _answer(self, method: str, request: bytes, context: grpc.ServicerContext) -> bytes:
        try:
            if method == _SCHEMA:
                return self._schema_for(request)
            return self._process(method, context.peer()).ask(method, request)
        except grpc.RpcError as error:
            context.abort(error.code(), error.details() or "")

    def _schema_for(self, request: bytes) -> bytes:
        with self._lock:
            if request not in self._schema:
                self._schema[request] = self._common.ask(_SCHEMA, request)
            return self._schema[request]

    def _process(self, method: str, peer: str) -> Process:
        if method == _CONFIGURE:
            started = self._start()
            with self._lock:
                before, self._processes[peer] = self._processes.get(peer), started
            if before is not None:
                before.stop()
        return self._processes.get(peer, self._common)

    def _accompany(self, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        """Waits until a connection ends, and ends its process."""
        with contextlib.suppress(grpc.RpcError):
            for _ in requests:
                pass
        with self._lock:
            process = self._processes.pop(context.peer(), None)
        if process is not None:
            process.stop()
        yield from ()

    def stop(self) -> None:
        """Ends all processes."""
        for process in (self._common, *self._processes.values()):
            process.stop()


def main(binary: str, log: str) -> None:
    """Serves until the process that started this one ends; prints what `TF_REATTACH_PROVIDERS` is to say of the provider."""
    die_with_parent()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with Path(log).open("ab") as file:
        relay = Relay(lambda: Process(binary, file))
        try:
            server = grpc.server(ThreadPoolExecutor(_THREADS), handlers=[relay], options=_OPTIONS)
            # Not a socket of Unix: there all connections would come from the same place.
            port = server.add_insecure_port("127.0.0.1:0")
            server.start()
            address = {"Network": "tcp", "String": f"127.0.0.1:{port}"}
            print(json.dumps({"Protocol": "grpc", "ProtocolVersion": 5, "Pid": os.getpid(), "Test": True, "Addr": address}), flush=True)
            server.wait_for_termination()
        except KeyboardInterrupt:
            pass
        finally:
            relay.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
