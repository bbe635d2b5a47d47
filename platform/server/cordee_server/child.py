"""How `cordee` starts itself again: the commands of child processes."""

import sys
from collections.abc import Sequence

_MAIN = "from cordee_core.cli import main; main()"


def cordee(*words: str) -> Sequence[str]:
    """Return the command line of ``cordee <words>`` under this very interpreter."""
    return [sys.executable, "-c", _MAIN, *words]
