"""The one message that opens a transaction: who acts, and whether they still may."""

import re
from collections.abc import Mapping

from cordee_core.access.memory import Proof

CONTEXT = "cordee.context"
_NAME = re.compile(r"[a-z_]{1,40}(\.[a-z_]{1,40})?")
_VALUE = re.compile(r"[0-9A-Za-z_.|-]{0,500}")
_QUESTION = re.compile(
    r"auth\.must_hold\('\\x[0-9a-f]{64}', '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'\)"
)


def opening(
    settings: Mapping[str, str], *, proof: Proof | None = None, lock: int | None = None
) -> str:
    """Return the statements that open a transaction with local `settings`.

    They are sent as one text, so a value with a character that could end a literal is refused; the
    context of whoever had the connection before is never left, whatever they did. `lock` is an
    advisory lock to wait for.

    Raises:
        RuntimeError: a setting or value is none that this code makes.
    """
    calls = [_setting(name, value) for name, value in {CONTEXT: "", **settings}.items()]
    if proof is not None and proof.holds is None:
        question = proof.question
        if not _QUESTION.fullmatch(question):
            raise RuntimeError("a proof asks about a digest and a stamp")
        calls.append(question)
    if lock is not None:
        calls.append(f"pg_advisory_xact_lock({int(lock)})")
    return f"BEGIN; SELECT {', '.join(calls)}"


def _setting(name: str, value: str) -> str:
    if not (_NAME.fullmatch(name) and _VALUE.fullmatch(value)):
        raise RuntimeError(f"the setting {name} or its value has a form that is not sent")
    return f"set_config('{name}', '{value}', true)"
