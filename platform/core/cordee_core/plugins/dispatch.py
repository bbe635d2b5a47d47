"""Calls plugins: a typed function for each decision hook, and one delivery for events.

In-process plugins are trusted code. What is contained is their exceptions and their slowness where
they wait; a hook that computes without waiting holds up the whole process: it is reported.
"""

import asyncio
import dataclasses
import inspect
import logging
import time
from collections.abc import Callable, Collection, Coroutine, Generator, Sequence
from typing import Any, TypeVar

from cordee_core.contracts import Answer, MemberView, Objection, TenantView, TransitionRequest
from cordee_core.errors import PluginError
from cordee_core.hookspecs import EVENT
from cordee_core.plugins.host import Implementation, PluginHost

T = TypeVar("T")

DECISION_SECONDS = 2.0
EVENT_SECONDS = 30.0
BLOCKING_SECONDS = 0.1
"""A hook that computes longer than this without waiting is reported."""

log = logging.getLogger(__name__)


async def check_transitions(
    host: PluginHost,
    *,
    enabled: Collection[str],
    tenant: TenantView,
    requests: Sequence[TransitionRequest],
    actor: MemberView,
    limit: float = DECISION_SECONDS,
) -> list[Answer[tuple[Objection, ...]]]:
    """Return what core features and the `enabled` plugins have against the `requests`.

    Each objection carries its origin. An answer with an error is to be taken as an objection
    (closed): the plugin failed, or took longer than `limit` seconds.
    """
    given = {"tenant": tenant, "requests": tuple(requests), "actor": actor}
    return await _ask(host, "cordee_check_transitions", enabled, given, _objections, limit)


def consumers(host: PluginHost, hook: str, enabled: Collection[str]) -> list[str]:
    """Return the `enabled` plugins that implement the event `hook`: one delivery for each."""
    return [one.name for one in host.implementations(hook) if one.name in enabled and not one.core]


async def deliver(
    host: PluginHost, hook: str, plugin: str, *, limit: float = EVENT_SECONDS, **given: object
) -> None:
    """Call the event `hook` of one plugin; it is done when this returns.

    `given` holds every argument that the spec names. It runs in the caller's task, so that what
    the hook does through ``effects`` belongs to the caller's transaction.

    Raises:
        PluginError: the plugin is not loaded, has no such hook, raised, or took too long.
    """
    missing = set(EVENT[hook]) ^ set(given)
    if missing:
        raise TypeError(f"{hook}: arguments {sorted(missing)} do not fit the specification")
    for one in host.implementations(hook):
        if one.name == plugin:
            error = (await _answer(one, hook, given, _nothing, limit)).error
            if error is not None:
                raise PluginError(plugin, _problem(hook, error)) from error
            return
    raise PluginError(plugin, f"it is not loaded or has no {hook}")


async def _ask(
    host: PluginHost,
    hook: str,
    enabled: Collection[str],
    given: dict[str, Any],
    read: Callable[[str, Any], T],
    limit: float,
) -> list[Answer[T]]:
    """Ask core features one after the other (they share a connection), plugins side by side."""
    answers: list[Answer[T]] = []
    tasks: dict[asyncio.Task[Answer[T]], str] = {}
    for one in host.implementations(hook):
        if one.core:
            value = await one.bind(given)()
            answers.append(Answer(one.name, read(one.name, value)))
        elif one.name in enabled:
            tasks[asyncio.create_task(_answer(one, hook, given, read, limit))] = one.name
    try:
        # A little longer than the hooks' own limit: who swallows the cancellation is left behind.
        done, _ = await asyncio.wait(tasks, timeout=limit * 1.1) if tasks else (set(), set())
    finally:
        for task in tasks:
            task.cancel()
    for task, name in tasks.items():
        late: Answer[T] = Answer(name, error=TimeoutError(f"no answer within {limit:g} s"))
        answers.append(task.result() if task in done and not task.cancelled() else late)
    return answers


async def _answer(
    one: Implementation,
    hook: str,
    given: dict[str, Any],
    read: Callable[[str, Any], T],
    limit: float,
) -> Answer[T]:
    """Return what the plugin gave back; only the caller's own cancellation passes through."""
    try:
        async with asyncio.timeout(limit):
            value = await _Watched(one.name, hook, one.bind(given)())
        return Answer(one.name, read(one.name, value))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        task = asyncio.current_task()
        if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
            raise
        log.warning("plugin %s failed in %s", one.name, hook, exc_info=error)
        return Answer(one.name, error=_contained(error, limit))


def _contained(error: BaseException, limit: float) -> Exception:
    if isinstance(error, TimeoutError) and not str(error):
        return TimeoutError(f"no answer within {limit:g} s")
    return error if isinstance(error, Exception) else RuntimeError(repr(error))


def _problem(hook: str, error: Exception) -> str:
    return f"{hook} failed: {type(error).__name__}: {' '.join(str(error).split())}"


def _nothing(plugin: str, value: object) -> None:
    if value is not None:
        raise TypeError(f"an event hook returns nothing, not {value!r}")


def _objections(plugin: str, value: Any) -> tuple[Objection, ...]:
    found = tuple(value)
    for objection in found:
        if not isinstance(objection, Objection):
            raise TypeError(f"an Objection is needed, not {objection!r}")
    return tuple(dataclasses.replace(objection, origin=plugin) for objection in found)


class _Watched:
    """Awaits a hook and reports each stretch of it that blocked the event loop."""

    def __init__(self, plugin: str, hook: str, call: Coroutine[Any, Any, Any]) -> None:
        if not inspect.iscoroutine(call):
            raise TypeError(f"the hook returned {call!r}, which is no coroutine")
        self._plugin, self._hook, self._call = plugin, hook, call

    def __await__(self) -> Generator[Any, Any, Any]:
        step: Callable[[], Any] = lambda: self._call.send(None)  # noqa: E731
        while True:
            started = time.perf_counter()
            try:
                waited_for = step()
            except StopIteration as end:
                return end.value
            finally:
                self._report(time.perf_counter() - started)
            try:
                value = yield waited_for
            except BaseException as error:
                step = self._throwing(error)
            else:
                step = self._sending(value)

    def _sending(self, value: object) -> Callable[[], Any]:
        return lambda: self._call.send(value)

    def _throwing(self, error: BaseException) -> Callable[[], Any]:
        return lambda: self._call.throw(error)

    def _report(self, seconds: float) -> None:
        if seconds > BLOCKING_SECONDS:
            log.warning(
                "plugin %s blocked the process for %.0f ms in %s",
                self._plugin,
                seconds * 1000,
                self._hook,
            )
