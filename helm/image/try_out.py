# ruff: noqa: S108, S310, S603, S607 (our own commands and addresses)
"""Runs the image's own commands as a cluster would: uid 65532, read-only root, no capabilities."""

import asyncio
import json
import os
import secrets
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from cordee_core.database.provision import provision
from cordee_core.database.roles import APP, LOGIN_ROLES, MIGRATOR, RELAY
from cordee_core.embedded import EmbeddedPostgres, EmbeddedRedis, temporary_data
from cordee_core.embedded.process import free_port

UID = 65532
_SECRETS = "/run/cordee"
_MUTATION = (
    'mutation { tenantSignUp(input: {name: "La Lanterne", slug: "lanterne", plan: "starter",'
    ' adminName: "Maya Roy", adminEmail: "maya@lanterne.example"}) { token } }'
)


def try_image(root: Path, bundle: Path, step: Any) -> None:
    """Migrate with the image, serve with it, ask it, and stop it; end where anything is wrong."""
    with ExitStack() as stack:
        data = stack.enter_context(temporary_data())
        with step("PostgreSQL and Redis of this machine"):
            redis = stack.enter_context(EmbeddedRedis(data))
            superuser = stack.enter_context(EmbeddedPostgres(data, fast=True))
            passwords = {role: secrets.token_hex(8) for role in LOGIN_ROLES}
            asyncio.run(provision(superuser, passwords))
        files = settings(superuser, passwords, redis)
        container = Container(root, bundle)
        with step("nothing can be written but /tmp, and there is no pip"):
            check_confinement(container)
        migrator = ("CORDEE_MIGRATOR_DATABASE_URL", "CORDEE_CONTEXT_KEY")
        with step("cordee db migrate") as note:
            note.append(container.call(["db", "migrate"], chosen(files, *migrator))[-1])
        web = ("CORDEE_DATABASE_URL", "CORDEE_CONTEXT_KEY", "CORDEE_REDIS_URL")
        check_web(container, chosen(files, *web), step)
        relay = chosen(files, "CORDEE_RELAY_DATABASE_URL", "CORDEE_REDIS_URL")
        for name, given in (
            ("worker", chosen(files, *web)),
            ("relay", relay),
            ("scheduler", relay),
        ):
            check_background(container, name, given, step)


class Container:
    """Runs commands of the image at `root` with crun, from an OCI bundle of our own."""

    def __init__(self, root: Path, bundle: Path) -> None:
        self.root, self.bundle = root, bundle
        self.log = bundle / "output.log"

    def said(self) -> str:
        """Return what the last command wrote."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    @contextmanager
    def running(
        self, words: Sequence[str], files: Mapping[str, str], *, entry: Sequence[str] = ()
    ) -> Iterator["subprocess.Popen[bytes]"]:
        """Run ``tini -- cordee <words>`` with `files` as mounted secrets, meanwhile."""
        self._write(entry or ("tini", "--", "cordee"), words, files)
        name = f"cordee-{secrets.token_hex(4)}"
        # crun takes pure cgroups v2 only; in a mount namespace of its own, others are hidden.
        script = "mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null; exec crun"
        command = f"{script} --cgroup-manager=disabled --root {self.bundle}/state run {name}"
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                ["unshare", "-m", "sh", "-c", command], cwd=self.bundle,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            yield process
        finally:
            end(process)

    def call(
        self, words: Sequence[str], files: Mapping[str, str], *, entry: Sequence[str] = ()
    ) -> list[str]:
        """Return the lines of output of a command that ends well."""
        with self.running(words, files, entry=entry) as process:
            process.wait(120)
        if process.returncode:
            raise SystemExit(f"{' '.join(words)} ended with {process.returncode}:\n{self.said()}")
        return self.said().splitlines() or [""]

    def _write(self, entry: Sequence[str], words: Sequence[str], files: Mapping[str, str]) -> None:
        folder = self.bundle / "secrets"
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        for name, value in files.items():
            (folder / name).write_text(value, encoding="utf-8")
            os.chown(folder / name, UID, UID)
            (folder / name).chmod(0o400)
        names = [f"{name}_FILE={_SECRETS}/{name}" for name in files if name.startswith("CORDEE_")]
        specification = self._specification([*entry, *words], names, folder)
        (self.bundle / "config.json").write_text(json.dumps(specification), encoding="utf-8")

    def _specification(self, words: list[str], names: list[str], folder: Path) -> dict[str, Any]:
        """Return an OCI runtime configuration as the chart's pods have it, network apart."""
        private = ["nosuid", "nodev", "noexec"]
        mounts = [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]},
            {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs",
             "options": [*private, "size=64m", "mode=1777"]},
            {"destination": _SECRETS, "type": "bind", "source": str(folder),
             "options": ["rbind", "ro", *private]},
        ]  # fmt: skip
        environ = [
            "PATH=/opt/cordee/bin:/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8",
            "PYTHONDONTWRITEBYTECODE=1", "PYTHONUNBUFFERED=1", "CORDEE_CACHE=/tmp/cordee",
            "CORDEE_HOST=127.0.0.1", *names,
        ]  # fmt: skip
        nothing: list[str] = []
        kinds = ("bounding", "effective", "inheritable", "permitted", "ambient")
        return {
            "ociVersion": "1.0.0",
            "root": {"path": str(self.root), "readonly": True},
            "mounts": mounts,
            "process": {
                "terminal": False, "cwd": "/", "args": words, "env": environ,
                "user": {"uid": UID, "gid": UID}, "noNewPrivileges": True,
                "capabilities": dict.fromkeys(kinds, nothing),
            },
            "linux": {"namespaces": [{"type": kind} for kind in ("pid", "ipc", "uts", "mount")]},
        }  # fmt: skip


def settings(superuser: str, passwords: Mapping[str, str], redis: str) -> dict[str, str]:
    """Return the settings of an installation on these servers."""
    where = superuser.rpartition("@")[2].partition("/")[0]
    urls = {role: f"postgresql://{role}:{passwords[role]}@{where}/cordee" for role in LOGIN_ROLES}
    return {
        "CORDEE_DATABASE_URL": urls[APP],
        "CORDEE_MIGRATOR_DATABASE_URL": urls[MIGRATOR],
        "CORDEE_RELAY_DATABASE_URL": urls[RELAY],
        "CORDEE_REDIS_URL": redis,
        "CORDEE_CONTEXT_KEY": secrets.token_hex(32),
    }


def chosen(files: Mapping[str, str], *names: str) -> dict[str, str]:
    """Return the settings of these names only: no process gets another's secrets."""
    return {name: files[name] for name in names}


def check_confinement(container: Container) -> None:
    """End where the root can be written, pip is there, or somebody else runs it."""
    script = (
        "id -u; (touch /x || touch /opt/cordee/x) 2>/dev/null && echo written;"
        " touch /tmp/x && echo temporary; grep CapEff /proc/self/status;"
        " python -c 'import pip' 2>/dev/null && echo pip; command -v pip; true"
    )
    found = container.call([script], {}, entry=["sh", "-c"])
    wanted = [str(UID), "temporary", "CapEff:\t0000000000000000"]
    if found != wanted:
        raise SystemExit(f"the container is not confined as it must be: {found}")


def check_web(container: Container, files: Mapping[str, str], step: Any) -> None:
    """Serve with two workers, ask, and stop."""
    port = free_port()
    words = ["serve", "--port", str(port), "--workers", "2"]
    with container.running(words, files) as process:
        with step("web process (2 workers): ready") as note:
            note.append(wait_ready(container, process, port))
        with step("/livez, a mutation, a query and GraphiQL") as note:
            address = f"http://127.0.0.1:{port}"
            status, _ = get(f"{address}/livez")
            token = ask(address, _MUTATION)["data"]["tenantSignUp"]["token"]
            found = ask(address, "{ tenant { name } plugins { name } }", token)
            page = get(f"{address}/graphql", Accept="text/html")[1]
            if status != 200 or found.get("errors") or "graphiql" not in page:
                raise SystemExit(f"the web process answers {status} {found} {page[:300]}")
            note.append(json.dumps(found["data"]))
        stop(process, step, "web process")


def check_background(container: Container, name: str, files: Mapping[str, str], step: Any) -> None:
    """Run a background process until it is ready, and stop it."""
    port = free_port()
    words = [name, "--probe-port", str(port), "--probe-host", "127.0.0.1"]
    with container.running(words, files) as process:
        with step(f"{name}: ready") as note:
            note.append(wait_ready(container, process, port))
        stop(process, step, name)


def stop(process: "subprocess.Popen[bytes]", step: Any, name: str) -> None:
    """Send SIGTERM to the container's first process and wait for its end."""
    with step(f"{name}: stopped after SIGTERM"):
        for child in children(process):
            os.kill(child, signal.SIGTERM)
        process.wait(60)
        if process.returncode not in (0, 143):
            raise SystemExit(f"{name} ended with {process.returncode}")


def end(process: "subprocess.Popen[bytes]") -> None:
    """Kill the container's first process, and with it all others."""
    if process.poll() is None:
        for child in children(process):
            os.kill(child, signal.SIGKILL)
        process.wait(10)


def children(process: "subprocess.Popen[bytes]") -> list[int]:
    """Return the children of crun: the container's first process."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(word) for word in found.read_text(encoding="ascii").split()]


def wait_ready(container: Container, process: "subprocess.Popen[bytes]", port: int) -> str:
    """Return what /readyz says once it says 200."""
    until, last = time.monotonic() + 90, "nothing"
    while time.monotonic() < until and process.poll() is None:
        status, last = get(f"http://127.0.0.1:{port}/readyz")
        if status == 200:
            return last.strip()
        time.sleep(0.1)
    raise SystemExit(f"never ready: {last}\n{container.said()[-3000:]}")


def get(address: str, **headers: str) -> tuple[int, str]:
    """Return status and text; status 0 where nobody answers."""
    try:
        request = urllib.request.Request(address, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError as error:
        return 0, str(error)


def ask(address: str, query: str, token: str = "") -> dict[str, Any]:
    """Return the answer to a GraphQL document."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return dict(json.load(answer))
