"""The supervisor holds one socket, replaces dead processes and waits longer each time."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from cordee_core.embedded.process import free_port
from cordee_core.errors import ConfigurationError, PortInUseError
from cordee_server.supervisor import back_off, claim

SERVER = """
import os, signal, socket, sys, threading, time
import cordee_server.supervisor as supervisor

def child(*words):  # a web process that answers its own number, slowly where asked
    return [sys.executable, "-c", '''
import os, signal, socket, sys
stopping = []
signal.signal(signal.SIGTERM, lambda *_: stopping.append(1))
listener = socket.socket(fileno=int(sys.argv[-1]))
listener.settimeout(0.1)
while not stopping:
    try:
        link, _ = listener.accept()
    except TimeoutError:
        continue
    wanted = link.recv(100).decode()
    import time
    time.sleep(1 if wanted == "slow" else 0)
    link.sendall(str(os.getpid()).encode())
    link.close()
''', *words]

supervisor.cordee = child
listener = supervisor.claim("127.0.0.1", int(sys.argv[1]))
listener.set_inheritable(True)
supervisor.Supervisor(listener, 2, os.environ).run()
"""


def ask(port: int, word: str = "fast") -> int:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        link.sendall(word.encode())
        return int(link.recv(100))


def eventually(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 20
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_port_in_use_is_one_clear_line() -> None:
    with claim("127.0.0.1", free_port()) as held:
        port = held.getsockname()[1]
        with pytest.raises(PortInUseError, match=f"127.0.0.1:{port} is in use") as caught:
            claim("127.0.0.1", port)
    assert "\n" not in str(caught.value)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        claim("192.0.2.1", free_port())  # RFC 5737: an address for documentation


def test_the_wait_grows_and_has_an_end() -> None:
    waits = [back_off(failures) for failures in range(12)]
    assert waits[0] == 0
    assert waits == sorted(waits)
    assert waits[-1] == waits[-2] == 30


def test_the_dead_are_replaced_and_requests_end_before_the_stop() -> None:
    port = free_port()
    with subprocess.Popen([sys.executable, "-c", SERVER, str(port)]) as parent:
        assert eventually(lambda: connects(port))
        first = ask(port)
        os.kill(first, signal.SIGKILL)
        seen: set[int] = set()
        assert eventually(lambda: bool(seen.add(ask(port)) or len(seen) >= 2))
        assert first not in seen
        slow = subprocess.Popen(
            [sys.executable, "-c", ASK, str(port)], stdout=subprocess.PIPE, text=True
        )
        assert slow.stdout is not None
        assert slow.stdout.readline() == "sent\n"
        time.sleep(0.3)
        parent.terminate()
        assert json.loads(slow.communicate(timeout=20)[0]) in seen
        assert parent.wait(20) == 0
    assert not any(alive(pid) for pid in seen)
    assert not connects(port)


ASK = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10) as link:
    link.sendall(b"slow")
    print("sent", flush=True)
    print(link.recv(100).decode())
"""


def connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's signal at a parent's death")
def test_web_processes_do_not_outlive_a_killed_supervisor() -> None:
    port = free_port()
    with subprocess.Popen([sys.executable, "-c", SERVER, str(port)]) as parent:
        assert eventually(lambda: connects(port))
        child = ask(port)
        parent.kill()
    assert eventually(lambda: not alive(child))
    assert eventually(lambda: not connects(port))
