"""The event loop on which async actors run, with what must live on it: the database's pool."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from dramatiq.asyncio import EventLoopThread, get_event_loop_thread, set_event_loop_thread
from dramatiq.middleware import Middleware, MiddlewareError

_START_SECONDS = 5.0
_CANCEL_SECONDS = 3.0


class ActorLoop(Middleware):
    """Runs the loop while the worker runs; `opened` and `closed` are awaited on it.

    Unlike Dramatiq's own, its thread is a daemon: a hook that blocks for ever can't keep a
    stopped process alive.
    """

    def __init__(
        self, opened: Callable[[], Awaitable[None]], closed: Callable[[], Awaitable[None]]
    ) -> None:
        self._opened = opened
        self._closed = closed

    def before_worker_boot(self, broker: Any, worker: Any) -> None:
        """Start the loop and open what lives on it."""
        thread = EventLoopThread(logging.getLogger("dramatiq.asyncio"))
        thread.daemon = True
        thread.start(timeout=_START_SECONDS)
        set_event_loop_thread(thread)
        try:
            thread.run_coroutine(self._opened())
        except Exception as error:  # only a MiddlewareError keeps the worker from starting
            raise MiddlewareError(f"the actors' loop can't open: {type(error).__name__}") from error

    def after_worker_shutdown(self, broker: Any, worker: Any) -> None:
        """Cancel what did not finish in time, close what lives on the loop, stop the loop."""
        thread = get_event_loop_thread()
        if thread is not None:
            thread.run_coroutine(self._end())
            thread.stop()  # type: ignore[no-untyped-call]
            set_event_loop_thread(None)

    async def _end(self) -> None:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=_CANCEL_SECONDS)
        await self._closed()
