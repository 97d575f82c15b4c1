"""PostgreSQL, Redis and RabbitMQ of the tests' own: free ports, a scratch folder, gone afterwards.

Nothing that already listens on this machine is used or touched.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

IS_ROOT = os.geteuid() == 0
PATIENCE = 60  # seconds a service may take to answer
POLICY = Path("/usr/sbin/policy-rc.d")


@dataclass(frozen=True, slots=True)
class Need:
    """A Debian package and how to recognise that it is there."""

    package: str
    is_present: Callable[[], bool]


def postgresql_bin() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest where there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def rabbitmq_program() -> Path | None:
    """Return the server's own script; the one on the path insists on the system's folders."""
    own = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    on_path = shutil.which("rabbitmq-server")
    return own if own.exists() else Path(on_path) if on_path else None


def on_path(program: str) -> Callable[[], bool]:
    """Return a question: is this program on the path?"""
    return lambda: shutil.which(program) is not None


NEEDS = (
    Need("postgresql", lambda: postgresql_bin() is not None),
    Need("redis-server", on_path("redis-server")),
    Need("rabbitmq-server", lambda: rabbitmq_program() is not None),
    Need("chromium", on_path("chromium")),
    Need("poppler-utils", on_path("pdftoppm")),
    # Debian 12's Liberation has no Vietnamese letters.
    Need("fonts-dejavu-core", lambda: Path("/usr/share/fonts/truetype/dejavu").exists()),
)


def ensure_programs() -> None:
    """Install what is missing when we may; otherwise say what to install, and leave."""
    missing = [need.package for need in NEEDS if not need.is_present()]
    if not missing:
        return
    if not (IS_ROOT and shutil.which("apt-get")):
        sys.exit(
            "The tests need programs that are not installed. Install them, then run this again:\n"
            f"    sudo apt-get install {' '.join(missing)}"
        )
    print(f"installing {', '.join(missing)}", flush=True)
    with services_not_started():
        apt_get("update")
        apt_get("install", "-y", "--no-install-recommends", *missing)


def apt_get(*arguments: str) -> None:
    """Run apt-get without questions; show what it says only when it fails."""
    result = subprocess.run(
        ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if result.returncode:
        sys.exit(f"apt-get {' '.join(arguments)} failed:\n{result.stdout[-4000:]}")


@contextmanager
def services_not_started() -> Iterator[None]:
    """Have packages installed without their servers: ours are enough, theirs may clash."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


@dataclass(frozen=True, slots=True)
class Services:
    """Where the running services are."""

    postgres_url: str
    redis_url: str
    amqp_url: str

    def environment(self) -> dict[str, str]:
        """Return the variables by which tests find them."""
        return {
            "QUYTRINH_TEST_POSTGRES_URL": self.postgres_url,
            "QUYTRINH_TEST_REDIS_URL": self.redis_url,
            "QUYTRINH_TEST_AMQP_URL": self.amqp_url,
            "QUYTRINH_CHROMIUM": shutil.which("chromium") or "",
        }


@contextmanager
def running() -> Iterator[Services]:
    """Start all three, stop them on leaving, whatever happened."""
    with ExitStack() as stack:
        # Not under var/: a server that runs as its own user could not reach into a private clone.
        scratch = Path(tempfile.mkdtemp(prefix="quytrinh-test-"))
        stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        scratch.chmod(0o755)
        rabbitmq = stack.enter_context(_rabbitmq(scratch / "rabbitmq"))  # the slowest to start
        postgres = stack.enter_context(postgresql(scratch / "postgresql"))
        redis = stack.enter_context(_redis(scratch / "redis"))
        rabbitmq.wait()
        yield Services(postgres.url, redis, rabbitmq.url)


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], what: str, log: Path) -> None:
    """Wait for a service to answer; show the end of its log when it does not."""
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > deadline:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else "(no log)"
            sys.exit(f"{what} did not start within {PATIENCE} s:\n{tail}")
        time.sleep(0.1)


def answers(port: int, question: bytes, expected: bytes) -> bool:
    """Tell whether a server on loopback replies as its protocol says."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(question)
            return connection.recv(64).startswith(expected)
    except OSError:
        return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server we started, kindly first."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def own_folder(folder: Path, user: str) -> dict[str, object]:
    """Make a server's folder; return how subprocess becomes its user (as root: not root)."""
    folder.mkdir(mode=0o700)
    if not IS_ROOT:
        return {}
    account = pwd.getpwnam(user)
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A PostgreSQL cluster of our own; `as_user` is how subprocess becomes its user."""

    folder: Path
    port: int
    settings: str
    as_user: dict[str, object]

    @property
    def url(self) -> str:
        """Its superuser's address."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        """Make its files."""
        initdb = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"]
        self._run("initdb", *initdb, "--no-sync")

    def start(self) -> None:
        """Start it and wait until it answers, recovered from whatever ended it before."""
        waiting = ("-w", "-t", str(PATIENCE), "-l", str(self.folder / "log"))
        self._run("pg_ctl", *waiting, "-o", self.settings, "start")

    def stop_at_once(self) -> None:
        """End it as a power cut does: no checkpoint, no word to anybody."""
        self._run("pg_ctl", "-w", "-t", str(PATIENCE), "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        binaries = postgresql_bin()
        assert binaries is not None
        subprocess.run(
            [str(binaries / program), "-D", str(self.folder / "data"), *arguments],
            check=True,
            cwd=self.folder,
            env={**os.environ, "HOME": str(self.folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            **self.as_user,
        )


@contextmanager
def postgresql(folder: Path, *, keeps_commits: bool = False) -> Iterator[Cluster]:
    """Run a cluster that trusts loopback; unless it keeps commits, a crash may lose the last."""
    as_user, port = own_folder(folder, "postgres"), free_port()
    settings = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} "
        "-c fsync=off -c full_page_writes=off -c max_connections=60 "
        f"-c synchronous_commit={'on' if keeps_commits else 'off'}"
    )
    cluster = Cluster(folder, port, settings, as_user)
    cluster.create()
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop_at_once()


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    """Run a Redis that keeps nothing on disk."""
    folder.mkdir()
    port, log = free_port(), folder / "log"
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--appendonly", "no", "--dir", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        wait_until(lambda: answers(port, b"PING\r\n", b"+PONG"), "redis-server", log)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        stop(process)


@dataclass(frozen=True, slots=True)
class StartingRabbit:
    """A RabbitMQ on its way up."""

    port: int
    log: Path

    @property
    def url(self) -> str:
        """Address for Celery; guest is RabbitMQ's own loopback-only account."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def wait(self) -> None:
        """Wait until it speaks AMQP."""
        hello = b"AMQP\x00\x00\x09\x01"
        wait_until(lambda: answers(self.port, hello, b"\x01"), "rabbitmq-server", self.log)


@contextmanager
def _rabbitmq(folder: Path) -> Iterator[StartingRabbit]:
    """Run a node of our own name, ports, folders and port mapper."""
    become = own_folder(folder, "rabbitmq")
    program = rabbitmq_program()
    assert program is not None
    port, log = free_port(), folder / "output"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(free_port()),
        "RABBITMQ_NODENAME": f"quytrinh_{os.getpid()}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
    }
    options = {"cwd": folder, "env": environment, "stdin": subprocess.DEVNULL}
    with log.open("wb") as output:
        process = subprocess.Popen([program], stdout=output, stderr=output, **options, **become)
    try:
        yield StartingRabbit(port, log)
    finally:
        stop(process)
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(
                ["epmd", "-kill"],
                timeout=10,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                **options,
            )
