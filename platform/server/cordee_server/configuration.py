"""Where each setting comes from, and what a process lacks."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from cordee_core.errors import ConfigurationError
from cordee_core.settings import Setting, Settings

_RELAY = ("CORDEE_RELAY_DATABASE_URL",)


class ProcessName(StrEnum):
    """What `config check --for` takes."""

    WEB = "web"
    WORKER = "worker"
    RELAY = "relay"
    SCHEDULER = "scheduler"
    MIGRATE = "migrate"


NEEDS: Mapping[ProcessName, Sequence[str]] = {
    ProcessName.WEB: ("CORDEE_DATABASE_URL", "CORDEE_CONTEXT_KEY"),
    ProcessName.WORKER: ("CORDEE_DATABASE_URL", "CORDEE_REDIS_URL", "CORDEE_CONTEXT_KEY"),
    ProcessName.RELAY: (*_RELAY, "CORDEE_REDIS_URL"),
    ProcessName.SCHEDULER: _RELAY,
    ProcessName.MIGRATE: ("CORDEE_MIGRATOR_DATABASE_URL", "CORDEE_CONTEXT_KEY"),
}
"""Settings without which a process can't work. The web process serves without Redis, degraded."""


def source(setting: Setting, environ: Mapping[str, str]) -> str:
    """Return where the value of `setting` comes from: environment, a file, or nowhere."""
    if file := environ.get(f"{setting.name}_FILE"):
        return f"file {file}"
    return "environment" if environ.get(setting.name) else "default"


def check_needs(settings: Settings, process: ProcessName) -> None:
    """Return where `settings` hold all that `process` needs.

    Raises:
        ConfigurationError: in one line, what is not set.
    """
    missing = [name for name in NEEDS[process] if not settings.has(name)]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise ConfigurationError(
            f"{', '.join(missing)} {verb} not set ({process} can't do without)"
        )
