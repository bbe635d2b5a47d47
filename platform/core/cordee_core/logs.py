"""What processes log: one JSON object per line on standard error, or coloured text on a terminal.

Only listed fields are logged. A field that is not in `FIELDS` is replaced by ``[withheld]``, and of
an exception only its type and place are kept, never its text: both could carry what a person said.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

FIELDS = frozenset(
    {"event", "level", "timestamp", "logger", "process", "exception", "reference", "request_id"}
    | {"tenant_id", "member_id", "operation", "code", "status", "duration_ms", "attempt", "count"}
    | {"plugin", "hook", "queue", "actor", "outbox_id", "version", "host", "port", "pid", "problem"}
)
"""Names of the fields that may be logged. None of them holds text that a person entered."""

Event = MutableMapping[str, Any]


def configure_logs(process: str, level: str = "info") -> None:
    """Send the logs of structlog and of `logging` to standard error, as from `process`."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _name(process),
        withhold_message,
        withhold_unlisted,
    ]
    terminal = sys.stderr.isatty()
    renderer: Any = (
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("asyncio", "httpx", "dramatiq"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _name(process: str) -> Any:
    def add(_logger: Any, _method: str, event: Event) -> Event:
        event["process"] = process
        return event

    return add


def withhold_message(_logger: Any, _method: str, event: Event) -> Event:
    """Put the type and the place of an exception in the event, and leave its text out."""
    info = event.pop("exc_info", None)
    if not info:
        return event
    error = info if isinstance(info, BaseException) else None
    if error is None:
        error = info[1] if isinstance(info, tuple) else sys.exc_info()[1]
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-12:]
        steps = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        event["exception"] = [type(error).__qualname__, *steps]
    return event


def withhold_unlisted(_logger: Any, _method: str, event: Event) -> Event:
    """Replace the value of each field that is not listed."""
    for name in event:
        if name not in FIELDS and not name.startswith("_"):
            event[name] = "[withheld]"
    return event
