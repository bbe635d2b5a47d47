"""Deliveries that fail: tried again later, parked in the end, and nothing of them stays."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from cordee_core import hookimpl
from cordee_core.clock import new_id
from cordee_core.contracts import CaseView, Effects
from cordee_core.errors import NotFoundError
from cordee_core.outbox import queries
from cordee_core.outbox.deliver import MAX_ATTEMPTS, WORKER_LOST, Delivery, back_off


@pytest.mark.parametrize("call", [1, 2], ids=["before the work", "before its failure is noted"])
async def test_older_attempt_gives_way_to_a_newer_one(
    tenant: Any, make_echo: Any, make_host: Any, world: Any, monkeypatch: Any, call: int
) -> None:
    async def fail(_: CaseView) -> None:
        raise RuntimeError("no")

    calls, lock = 0, queries.lock

    async def overtaken(*which: UUID) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            await world.admin.execute(
                "UPDATE core.outbox SET attempts = attempts + 1 WHERE id = $1", message
            )
        return await lock(*which)

    echo, message = make_echo(before=fail), await tenant.emit()
    monkeypatch.setattr(queries, "lock", overtaken)
    before = await tenant.row(message)

    assert await tenant.deliver(make_host(echo), message) is Delivery.ELSEWHERE

    assert len(echo.heard) == call - 1
    after = await tenant.row(message)
    assert (after["due_at"], after["attempts"]) == (before["due_at"], 2)


async def test_failing_hook_leaves_nothing_and_is_tried_again_later(
    tenant: Any, make_echo: Any, make_host: Any, world: Any
) -> None:
    async def fail(_: CaseView) -> None:
        raise RuntimeError("no")

    failing, message = make_host(make_echo(before=fail)), await tenant.emit()
    assert await tenant.deliver(failing, message) is Delivery.FAILED
    row = await tenant.row(message)
    assert (row["attempts"], row["sent_at"], row["done_at"]) == (1, None, None)
    assert row["due_at"] > world.clock() + timedelta(seconds=5)
    assert await tenant.timeline() == []

    well = make_host(make_echo())
    assert await tenant.deliver(well, message) is Delivery.POSTPONED
    world.clock.ahead = back_off(1)
    assert await tenant.deliver(well, message) is Delivery.DONE
    assert len(await tenant.timeline()) == 1


async def test_fifth_failure_parks_and_leaves_a_dead_letter(
    tenant: Any, make_echo: Any, make_host: Any, world: Any
) -> None:
    async def fail(_: CaseView) -> None:
        raise RuntimeError("Secret-Family-Name")

    echo = make_echo(before=fail)
    host, message = make_host(echo), await tenant.emit()
    found = []
    for _ in range(MAX_ATTEMPTS):
        found.append(await tenant.deliver(host, message))
        world.clock.ahead += timedelta(hours=1)

    assert found == [Delivery.FAILED] * 4 + [Delivery.PARKED]
    assert await tenant.deliver(host, message) is Delivery.SETTLED
    assert len(echo.heard) == MAX_ATTEMPTS
    (letter,) = await tenant.letters()
    assert (letter["outbox_id"], letter["code"]) == (message, "plugin_error")
    assert (letter["attempts"], letter["settled_at"]) == (MAX_ATTEMPTS, None)
    assert "Secret-Family-Name" not in str(dict(letter))


async def test_message_whose_every_attempt_killed_the_process_is_parked_uncalled(
    tenant: Any, make_echo: Any, make_host: Any, world: Any
) -> None:
    echo = make_echo()
    message = await tenant.emit()
    await world.admin.execute(
        "UPDATE core.outbox SET attempts = $2 WHERE id = $1", message, MAX_ATTEMPTS
    )

    assert await tenant.deliver(make_host(echo), message) is Delivery.PARKED

    assert echo.heard == []
    (letter,) = await tenant.letters()
    assert letter["code"] == WORKER_LOST


async def test_parked_event_holds_up_no_later_one(
    tenant: Any, make_echo: Any, make_host: Any, world: Any
) -> None:
    host = make_host(make_echo())
    first, second = await tenant.emit(), await tenant.emit()
    await world.admin.execute("UPDATE core.outbox SET parked_at = now() WHERE id = $1", first)

    assert await tenant.deliver(host, second) is Delivery.DONE


async def test_effect_that_fails_does_not_spoil_the_delivery_of_a_hook_that_goes_on(
    tenant: Any, make_host: Any
) -> None:
    class Forgiving:
        @hookimpl
        async def cordee_case_referred(self, case: CaseView, effects: Effects) -> None:
            with pytest.raises(NotFoundError):
                await effects.timeline(new_id(), "echo.lost", {"en": "Lost", "fr": "Perdu"})
            with pytest.raises(asyncpg.PostgresError):
                await effects.timeline(case.id, "echo.bad", {"en": "\0", "fr": "\0"})
            await effects.timeline(case.id, "echo.seen", {"en": "Seen", "fr": "Vu"})

    assert await tenant.deliver(make_host(Forgiving()), await tenant.emit()) is Delivery.DONE
    assert [entry["kind"] for entry in await tenant.timeline()] == ["echo.seen"]


async def test_event_about_a_record_that_is_gone_is_tried_again(
    tenant: Any, make_echo: Any, make_host: Any
) -> None:
    echo = make_echo()
    message = await tenant.emit(referral=str(new_id()))

    assert await tenant.deliver(make_host(echo), message) is Delivery.FAILED
    assert echo.heard == []


def test_back_off_doubles_up_to_an_hour() -> None:
    waits = [back_off(attempt) for attempt in range(1, 30)]

    assert waits[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)
