"""Bad hooks when they are called: contained and named, and the other plugins answer."""

import asyncio
import logging

import pytest
from hostile_plugins import method

from cordee_core.errors import PluginError
from cordee_core.plugins.dispatch import check_transitions, deliver
from cordee_core.plugins.host import PluginHost
from cordee_core.testing.call_checks import RecordingEffects, samples

GOOD = """
    from cordee_core import CaseView, Effects, hookimpl

    class Plugin:
        @hookimpl
        async def cordee_case_opened(self, case: CaseView, effects: Effects) -> None:
            await effects.timeline(case.id, "good.seen", {"en": "Seen.", "fr": "Vu."})

    plugin = Plugin()
"""


def event(name: str, host: PluginHost) -> RecordingEffects:
    effects = RecordingEffects(name, None)
    given = {key: samples(name)[key] for key in ("tenant", "case", "actor")}
    asyncio.run(deliver(host, "cordee_case_opened", name, effects=effects, limit=1.0, **given))
    return effects


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("raise ValueError('no')", "cordee_case_opened failed: ValueError: no"),
        ("raise SystemExit(1)", "SystemExit(1)"),
        ("raise asyncio.CancelledError", "CancelledError"),
        ("await asyncio.sleep(60)", "no answer within 1 s"),
        ("return 3", "an event hook returns nothing, not 3"),
    ],
)
def test_an_event_hook_that_fails_is_named_and_harms_nobody(make_plugin, body, found):
    make_plugin("good", GOOD, hooks=["cordee_case_opened"])
    code = f"@hookimpl\nasync def cordee_case_opened(self):\n    {body}\n"
    make_plugin("bad", method(code), hooks=["cordee_case_opened"])
    host = PluginHost.discover(names={"bad", "good"}, strict=True)
    with pytest.raises(PluginError) as caught:
        event("bad", host)
    assert caught.value.plugin == "bad"
    assert found in caught.value.problem
    assert [kind for _, kind, _ in event("good", host).entries] == ["good.seen"]


OBJECTS = """
@hookimpl
async def cordee_check_transitions(self, requests):
    return [
        Objection(case_id=one.case.id, code="careful.wait", text={"en": "Wait.", "fr": "Attendez."},
                  origin="somebody_else")
        for one in requests
    ]
"""


def decide(host: PluginHost, enabled: set[str], limit: float = 1.0):
    given = {key: samples("x")[key] for key in ("tenant", "requests", "actor")}
    return asyncio.run(check_transitions(host, enabled=enabled, limit=limit, **given))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("raise ValueError('no')", "no"),
        ("await asyncio.sleep(60)", "no answer within 1 s"),
        ("raise SystemExit(1)", "SystemExit"),
        ("return [1]", "an Objection is needed, not 1"),
        ("return 1", "not iterable"),
    ],
)
def test_a_decision_hook_that_fails_is_an_answer_with_its_error(make_plugin, body, found):
    code = f"@hookimpl\nasync def cordee_check_transitions(self):\n    {body}\n"
    make_plugin("bad", method(code), hooks=["cordee_check_transitions"])
    make_plugin("careful", method(OBJECTS), hooks=["cordee_check_transitions"])
    host = PluginHost.discover(names={"bad", "careful"}, strict=True)
    answers = {answer.plugin: answer for answer in decide(host, {"bad", "careful"})}
    assert found in str(answers["bad"].error)
    assert answers["bad"].value is None
    (objection,) = answers["careful"].value
    assert (objection.code, objection.origin) == ("careful.wait", "careful")


def test_a_hook_that_swallows_its_cancellation_is_left_behind(make_plugin):
    body = """
        @hookimpl
        async def cordee_check_transitions(self):
            for _ in range(8):
                try:
                    await asyncio.sleep(0.1)
                except asyncio.CancelledError:
                    pass
            return ()
    """
    make_plugin("stubborn", method(body), hooks=["cordee_check_transitions"])
    host = PluginHost.discover(names={"stubborn"}, strict=True)
    (answer,) = decide(host, {"stubborn"}, limit=0.2)
    assert isinstance(answer.error, TimeoutError)


def test_a_hook_that_blocks_the_process_is_reported(make_plugin, caplog):
    body = """
        @hookimpl
        async def cordee_check_transitions(self):
            time.sleep(0.3)
            return ()
    """
    make_plugin("greedy", method(body), hooks=["cordee_check_transitions"])
    host = PluginHost.discover(names={"greedy"}, strict=True)
    with caplog.at_level(logging.WARNING):
        (answer,) = decide(host, {"greedy"})
    assert answer.error is None
    assert "plugin greedy blocked the process" in caplog.text
    assert "cordee_check_transitions" in caplog.text


def test_the_callers_own_cancellation_passes_through(make_plugin):
    body = """
        @hookimpl
        async def cordee_case_opened(self):
            await asyncio.sleep(60)
    """
    make_plugin("slow", method(body), hooks=["cordee_case_opened"])
    host = PluginHost.discover(names={"slow"}, strict=True)
    given = {key: samples("slow")[key] for key in ("tenant", "case", "actor")}

    async def cancel() -> None:
        task = asyncio.create_task(
            deliver(host, "cordee_case_opened", "slow", effects=None, **given)
        )
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
