"""Runs LocalStack as a process of the tests: EC2 and STS alone, on a free port, with nothing left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from harness.certificate import certificate_with_key
from harness.lifetime import die_with_parent

REGION = "eu-west-1"
_SECONDS_TO_START = 240


class _NotListening(RuntimeError):
    """LocalStack ended, or another has its port; the text has what it printed."""


class LocalStack:
    """A running LocalStack; `endpoint` is its URL and `log` what it printed."""

    def __init__(self, folder: Path) -> None:
        """Starts it with all its files in `folder`, and answers once EC2 has really answered."""
        self.log = folder / "localstack.log"
        try:
            self._start(folder, _free_port())
        except _NotListening:
            # A port is free when it is looked for, and may be another's by the time LocalStack wants it.
            self._start(folder, _free_port())

    def _start(self, folder: Path, port: int) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "localstack.runtime.main"], cwd=folder, env=_environment(folder, port),
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=die_with_parent,  # noqa: PLW1509 - one call of the kernel, which no thread can hold up
            )
        try:
            self._wait_for_ec2()
        except BaseException:
            self.stop()
            raise

    def ec2(self) -> Any:
        """A client of its EC2."""
        return ec2_client(self.endpoint)

    def stop(self) -> None:
        """Ends the process and its children, at once: it takes seconds to end politely, and nothing in it is to be saved."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _wait_for_ec2(self) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        client = self.ec2()
        while not self._answers(client):
            if time.monotonic() > deadline:
                raise RuntimeError(f"LocalStack did not start in {_SECONDS_TO_START} s:\n{self.log.read_text()}")
            time.sleep(0.1)

    def _answers(self, client: Any) -> bool:
        """Whether EC2 does. The health page answers seconds before, so only a real call tells."""
        # Before that the port may be another's, who may be slow to answer, or be a LocalStack as well.
        if "Ready." not in self._printed():
            return False
        try:
            client.describe_vpcs()
        except (BotoCoreError, ClientError):
            return False
        # Once more: what nobody handled is told late.
        self._printed()
        return True

    def _printed(self) -> str:
        text = self.log.read_text(encoding="utf-8", errors="replace")
        # It says "Ready." and goes on, for ever, when it can't listen.
        if self._process.poll() is not None or "CannotListenError" in text:
            raise _NotListening(f"LocalStack did not start:\n{text}")
        return text


def ec2_client(endpoint: str, region: str = REGION) -> Any:
    """A client of an EC2 that is here, in a Region."""
    settings = Config(retries={"max_attempts": 0}, connect_timeout=5, read_timeout=30)
    return boto3.client(
        "ec2", endpoint_url=endpoint, region_name=region, aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the emulator takes any
        config=settings,
    )


def _environment(folder: Path, port: int) -> dict[str, str]:
    # LocalStack's own way to make one needs an older pyOpenSSL than is pinned.
    certificate = folder / "localhost.pem"
    certificate.write_bytes(certificate_with_key())
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "LOCALSTACK_VOLUME_DIR": str(folder / "volume"),
        "SERVICES": "ec2,sts",
        # Nothing below comes from or goes to a network.
        "CUSTOM_SSL_CERT_PATH": str(certificate),
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DISABLE_EVENTS": "1",
        "DNS_ADDRESS": "0",
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
