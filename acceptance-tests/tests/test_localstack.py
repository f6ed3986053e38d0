"""LocalStack comes up even if its port has been taken."""

import socket

from harness import localstack


def test_a_port_that_another_has_taken_is_given_up(monkeypatch, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        free = localstack._free_port()
        ports = iter([other.getsockname()[1], free])
        monkeypatch.setattr(localstack, "_free_port", lambda: next(ports))
        server = localstack.LocalStack(tmp_path)
        try:
            assert server.endpoint == f"http://127.0.0.1:{free}"
            assert server.ec2().describe_vpcs()["Vpcs"]
        finally:
            server.stop()
