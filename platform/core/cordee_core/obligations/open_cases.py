"""Work goes on in open cases only."""

from cordee_core.cases.lifecycle import ENDED
from cordee_core.database.rows import Found
from cordee_core.errors import TransitionBlockedError
from cordee_core.languages import catalogue


def need_open(case: Found) -> Found:
    """Return the case if work goes on in it. Raises TransitionBlockedError where it has ended."""
    if case["stage"] in ENDED:
        raise blocked("case_closed")
    return case


def blocked(code: str, *path: str | int) -> TransitionBlockedError:
    """Return the error that says what stands against it, from ``messages/objections.toml``."""
    return TransitionBlockedError(
        path=path or ("input", "caseId"), codes=[code], objections=catalogue("objections")[code]
    )
