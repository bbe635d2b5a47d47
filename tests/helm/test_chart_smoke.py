"""What `helm test` runs tells a running installation from one that is not well."""

import os
import subprocess
import sys
import time
import urllib.request

import pytest
from chart_helm import pods

from cordee_core.embedded.process import free_port
from cordee_core.embedded.redis import EmbeddedRedis


@pytest.fixture(scope="module")
def serve(cluster, tmp_path_factory):
    """Start `cordee serve` with what the web pod has; return its address."""
    folder = tmp_path_factory.mktemp("smoke")
    cache = EmbeddedRedis(folder / "redis")
    redis = cache.start()
    running = []

    def start(database: str) -> str:
        port = free_port()
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CORDEE_")},
            "CORDEE_DATABASE_URL": database, "CORDEE_REDIS_URL": redis,
            "CORDEE_CONTEXT_KEY": "k" * 32, "CORDEE_PORT": str(port),
        }  # fmt: skip
        log = (folder / f"{port}.log").open("wb")
        command = [sys.executable, "-c", "from cordee_core.cli import main; main()", "serve"]
        running.append(subprocess.Popen(command, env=environ, stdout=log, stderr=log))
        wait_alive(f"http://127.0.0.1:{port}/livez")
        return f"http://127.0.0.1:{port}"

    yield start
    for process in running:
        process.terminate()
        process.wait(30)
    cache.stop()


def wait_alive(address):
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=2)
        except OSError:  # also a time-out while it starts
            time.sleep(0.1)
        else:
            return
    pytest.fail("the web process does not answer")


def smoke(rendered, address):
    """Run what the test pod runs, against `address` in place of the Service's."""
    spec = next(spec for name, _, spec in pods(rendered) if name.startswith("Pod/"))
    (box,) = spec["containers"]
    flag, program, base = box["args"]
    assert (box["command"], flag, base) == (["python"], "-c", "http://cordee-web:8080")
    command = [sys.executable, flag, program, address]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_it_passes_where_the_installation_is_well(rendered, serve, cluster):
    done = smoke(rendered, serve(cluster.app))
    assert done.returncode == 0, done.stderr
    assert "/readyz: " in done.stdout
    assert '"__typename":"Query"' in done.stdout.replace(" ", "")


def test_a_wrong_role_is_named_in_one_line(rendered, serve, cluster):
    done = smoke(rendered, serve(cluster.migrator))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "/readyz: 503" in line
    assert "cordee_migrator" in line


def test_nobody_there_is_one_line(rendered):
    done = smoke(rendered, f"http://127.0.0.1:{free_port()}")
    assert done.returncode == 1
    assert "refused" in done.stderr
    assert len(done.stderr.splitlines()) == 1
