"""A real installation: a settings file, and `huiyin serve` in a process of its own."""

import io
import ipaddress
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from huiyin.cli.entry import main

HUIYIN = str(Path(sys.executable).with_name("huiyin"))
PATIENCE_SECONDS = 60.0


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(true: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


class Serving:
    """One run of `huiyin serve`."""

    def __init__(self, process: subprocess.Popen[str], address: str, trusted: str) -> None:
        self.process = process
        self.http = httpx.Client(
            base_url=address, verify=ssl.create_default_context(cafile=trusted or None), timeout=10
        )
        self.lines: list[str] = []
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)

    def close(self) -> None:
        """Let go of it; it is killed if it lives."""
        self.http.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._ear.join()
        assert self.process.stderr is not None
        self.process.stderr.close()

    def ready(self) -> dict[str, bool]:
        """Return the parts, {} while nobody answers."""
        try:
            parts: dict[str, bool] = self.http.get("/api/ready").json()["parts"]
        except httpx.TransportError:
            return {}
        return parts

    def worker(self) -> int:
        """Return the worker's process id."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return int(children[0])

    def logged(self) -> list[dict[str, object]]:
        """Return what was logged, where the form is json."""
        return [json.loads(each) for each in self.lines if each.startswith("{")]

    def ends(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to end; return its exit status once all it said was heard."""
        self.process.send_signal(number)
        status = self.process.wait(timeout=PATIENCE_SECONDS)
        self._ear.join()
        return status


class Place:
    """A folder with a settings file, and commands given there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}

    def huiyin(self, *words: str, status: int = 0) -> str:
        """Give a command there, in this process: to start one takes seconds. Return what it said."""
        said, before = io.StringIO(), dict(os.environ)
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
            patch.chdir(self.folder)
            patch.setattr(sys, "argv", ["huiyin", *words])
            patch.setattr(sys, "stdin", io.StringIO())
            for name in before:
                if name.startswith("HUIYIN_"):
                    patch.delenv(name)
            for name, value in self.environment.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main()
        assert (ended.value.code or 0) == status, said.getvalue()
        return said.getvalue()

    def begins(self) -> str:
        """Begin the installation; return the owner's link."""
        said = self.huiyin(
            "init", "--organisation", "回音商贸", "--login", "owner", "--address", f"http://127.0.0.1:{self.port}"
        )
        return next(line for line in said.splitlines() if "/welcome#" in line)

    def adds(self, text: str) -> None:
        """Add settings to the file."""
        with (self.folder / "huiyin.toml").open("a", encoding="utf-8") as file:
            file.write(text)

    @contextmanager
    def serves(self, *, https: str = "", **environment: str) -> Iterator[Serving]:
        """Serve for the length of a block."""
        process = subprocess.Popen(
            [HUIYIN, "serve"], cwd=self.folder, env={**self.environment, **environment}, stderr=subprocess.PIPE,
            text=True, encoding="utf-8",
        )  # fmt: skip
        scheme = "https" if https else "http"
        serving = Serving(process, f"{scheme}://127.0.0.1:{self.port}", https)
        try:
            until(lambda: process.poll() is not None or all(serving.ready().values() or [False]))
            yield serving
        finally:
            serving.close()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def certificate(folder: Path, name: str = "127.0.0.1") -> tuple[Path, Path]:
    """Write a certificate for this machine that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(whose)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "tls.crt", folder / "tls.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
