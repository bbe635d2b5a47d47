"""When everything is ready: how that is found out, and the file that says so."""

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from cordee_core.errors import ProcessDiedError

_LONGEST = 90.0


def wait_ready(
    address: str,
    logs: Mapping[str, Path],
    check: Callable[[], None],
    seconds: float = _LONGEST,
) -> None:
    """Return when `address` answers 200 and each of `logs`, by process, says ``ready``.

    `check` is asked in between and may raise.

    Raises:
        ProcessDiedError: not within `seconds`; the text says who isn't.
    """
    until = time.monotonic() + seconds
    waiting = dict(logs)
    while True:
        check()
        status, answer = _ask(address)
        waiting = {name: log for name, log in waiting.items() if not has_said_ready(log)}
        if status == 200 and not waiting:
            return
        if time.monotonic() > until:
            who = ", ".join(waiting) if status == 200 else f"web: {answer}"
            raise ProcessDiedError(f"not ready after {seconds:.0f} s: {who}")
        time.sleep(0.05)


def has_said_ready(log: Path) -> bool:
    """Return whether a background process logged the event ``ready`` (JSON, one line each)."""
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if '"ready"' in line:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict) and event.get("event") == "ready":
                return True
    return False


def _ask(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own http
            return answer.status, ""
    except urllib.error.HTTPError as error:
        return error.code, error.read(300).decode("utf-8", "replace").strip()
    except OSError as error:
        return 0, str(error)


def write_ready_file(file: Path, content: object) -> None:
    """Write `content` as JSON, whole or not at all, readable by us only (it holds tokens)."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(content, out, ensure_ascii=False, indent=2)
        out.write("\n")
    draft.replace(file)
