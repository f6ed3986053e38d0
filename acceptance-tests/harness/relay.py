"""Stands between Terraform and a provider whose schema takes long to make: `python relay.py <binary> <log> <types>`.

Terraform starts a provider several times for one plan, and asks for its schema in each command. Here one process answers what is asked
before it is configured, which depends on the request alone: each once, and of the schema the types that are named (with commas
between). Everything else is handed on as it comes, to a process for each connection that configures the provider, as Terraform would
have started. One that has served a connection to its end serves the next that configures it in the very same words; it knows nothing
that a new one would not be told.
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
from harness.narrow import narrowed

# Of protocol 5, as go-plugin speaks it.
_COOKIE = {
    "TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
    "PLUGIN_PROTOCOL_VERSIONS": "5",
}
_PROVIDER = "/tfplugin5.Provider/"
_SCHEMA = f"{_PROVIDER}GetSchema"
_CONFIGURE = f"{_PROVIDER}Configure"
_STOP = f"{_PROVIDER}Stop"
# Open as long as a connection is; nothing comes in it.
_BROKER = "/plugin.GRPCBroker/StartStream"
_OPTIONS = [("grpc.max_receive_message_length", 2**28), ("grpc.max_send_message_length", 2**28)]
_THREADS = 64
# As many are kept for another connection; one of a current hashicorp/aws takes most of a gigabyte.
_MOST_KEPT = 2


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


class Configured:
    """A process for one connection at a time, and what it was configured with."""

    def __init__(self, process: Process, configuration: bytes) -> None:
        """It is not configured yet: that is to be asked of it."""
        self.process = process
        self.configuration = configuration
        self._lock = threading.Lock()
        self._unanswered = 0
        self._is_spoilt = False

    def ask(self, method: str, request: bytes) -> bytes:
        """The answer of the provider. Raises its `grpc.RpcError`."""
        with self._lock:
            self._unanswered += 1
        answer = self.process.ask(method, request)
        with self._lock:
            self._unanswered -= 1
        # A complaint is to be made again where it is due, and what was told to stop does nothing more.
        if method == _STOP or (method == _CONFIGURE and answer != b""):
            self._is_spoilt = True
        return answer

    @property
    def is_as_new(self) -> bool:
        """Whether a connection with the same configuration finds it as one that was just started: nothing is under way, or has failed."""
        return not self._is_spoilt and self._unanswered == 0


class Relay(grpc.GenericRpcHandler):
    """Answers Terraform: what needs no configuration is remembered, and each connection that has one has a process for itself."""

    def __init__(self, start: Callable[[], Process], types: set[str]) -> None:
        self._start = start
        self._types = types
        self._common = start()
        self._lock = threading.Lock()
        self._answers: dict[tuple[str, bytes], bytes] = {}
        self._used: dict[str, Configured] = {}
        # Of connections that ended, those that ended last behind.
        self._kept: list[Configured] = []

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
            if method == _CONFIGURE:
                return self.configure(request, context.peer())
            return self.ask(method, request, context.peer())
        except grpc.RpcError as error:
            context.abort(error.code(), error.details() or "")

    def ask(self, method: str, request: bytes, peer: str) -> bytes:
        """Asks the process of a connection, or the one that they share as long as they have configured none."""
        used = self._used.get(peer)
        if used is not None:
            return used.ask(method, request)
        if method == _STOP:
            # Others go on.
            return b""
        key = method, request
        if key not in self._answers:
            answer = self._common.ask(method, request)
            self._answers[key] = narrowed(answer, self._types) if method == _SCHEMA else answer
        return self._answers[key]

    def configure(self, request: bytes, peer: str) -> bytes:
        """Gives a connection a process that is configured as it asks."""
        with self._lock:
            kept = next((one for one in self._kept if one.configuration == request), None)
            if kept is not None:
                self._kept.remove(kept)
        given = kept or Configured(self._start(), request)
        with self._lock:
            before, self._used[peer] = self._used.get(peer), given
        if before is not None:
            before.process.stop()
        return b"" if kept else given.ask(_CONFIGURE, request)

    def end(self, peer: str) -> None:
        """Keeps the process of a connection that ended, or ends it too."""
        surplus: list[Configured] = []
        with self._lock:
            used = self._used.pop(peer, None)
            if used is not None:
                (self._kept if used.is_as_new else surplus).append(used)
            while len(self._kept) > _MOST_KEPT:
                surplus.append(self._kept.pop(0))
        for one in surplus:
            one.process.stop()

    def _accompany(self, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        """Waits until a connection ends."""
        with contextlib.suppress(grpc.RpcError):
            for _ in requests:
                pass
        self.end(context.peer())
        yield from ()

    def stop(self) -> None:
        """Ends all processes."""
        for process in (self._common, *(one.process for one in (*self._kept, *self._used.values()))):
            process.stop()


def main(binary: str, log: str, types: str) -> None:
    """Serves until the process that started this one ends; prints what `TF_REATTACH_PROVIDERS` is to say of the provider."""
    die_with_parent()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with Path(log).open("ab") as file:
        relay = Relay(lambda: Process(binary, file), set(types.split(",")))
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
