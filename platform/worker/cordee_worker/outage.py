"""Keeps a Redis outage from filling the log: each consumer tells of it every three seconds."""

import logging
import time
from collections.abc import Callable

from dramatiq import Worker

_SECONDS = 60.0
_ABOUT = "Consumer encountered a connection error"


class OutageFilter(logging.Filter):
    """Lets one message about a lost connection through per minute, whoever of them says it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._silent_until = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether `record` is logged."""
        if not str(record.msg).startswith(_ABOUT):
            return True
        moment = self._monotonic()
        if moment < self._silent_until:
            return False
        self._silent_until = moment + _SECONDS
        return True


def limit_outage_logs(worker: Worker) -> None:
    """Put one filter before the loggers of all the started worker's consumers."""
    shared = OutageFilter()
    for consumer in worker.consumers.values():
        consumer.logger.addFilter(shared)
