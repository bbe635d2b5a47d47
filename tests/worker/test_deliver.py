"""One delivery: counted, called once, marked with its effect, or tried again and parked."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from cordee_core import hookimpl
from cordee_core.clock import new_id
from cordee_core.contracts import CaseView, Effects, TenantView
from cordee_core.errors import NotFoundError
from cordee_core.outbox import queries
from cordee_core.outbox.deliver import MAX_ATTEMPTS, WORKER_LOST, Delivery, back_off, deliver


async def test_hook_gets_views_and_its_entry_stands_in_the_timeline(
    tenant: Any, make_echo: Any, make_host: Any, world: Any
) -> None:
    echo = make_echo()
    await world.admin.execute(
        "UPDATE core.tenant_plugins SET settings = $2 WHERE tenant_id = $1", tenant.id, {"days": 3}
    )
    message = await tenant.emit()

    assert await tenant.deliver(make_host(echo), message) is Delivery.DONE

    ((told, case, referral, settings),) = echo.heard
    assert told.id == tenant.id
    assert (case.id, case.number, case.programme_code) == (tenant.case, "C1", "echo.programme")
    assert (referral.id, referral.service_code) == (tenant.referral, "echo.shelter")
    assert settings.days == 3
    (entry,) = await tenant.timeline()
    assert (entry["kind"], entry["plugin"], entry["seq"]) == ("echo.seen", "echo", 1)
    assert entry["label"] == {"en": "Seen", "fr": "Vu"}
    row = await tenant.row(message)
    assert row["attempts"] == 1
    assert row["done_at"] is not None


async def test_what_a_plugin_writes_is_journalled_without_values(
    tenant: Any, make_echo: Any, make_host: Any, world: Any
) -> None:
    await tenant.deliver(make_host(make_echo()), await tenant.emit())

    (entry,) = await world.admin.fetch(
        "SELECT * FROM core.journal_entries WHERE tenant_id = $1", tenant.id
    )
    assert (entry["kind"], entry["plugin"]) == ("write", "echo")
    assert entry["member_id"] is None
    assert entry["subjects"] == [tenant.person]
    assert entry["records"] == [["Case", str(tenant.case)]]
    assert "Secret-Family-Name" not in str(dict(entry))


async def test_message_that_comes_again_has_no_second_effect(
    tenant: Any, make_echo: Any, make_host: Any
) -> None:
    echo = make_echo()
    host, message = make_host(echo), await tenant.emit()

    assert await tenant.deliver(host, message) is Delivery.DONE
    assert await tenant.deliver(host, message) is Delivery.SETTLED

    assert len(echo.heard) == len(await tenant.timeline()) == 1


async def test_same_message_delivered_at_once_by_many_has_one_effect(
    tenant: Any, make_echo: Any, make_host: Any
) -> None:
    entered, others_left = asyncio.Event(), asyncio.Event()

    async def wait(_: CaseView) -> None:
        entered.set()
        await others_left.wait()

    host, message = make_host(make_echo(before=wait)), await tenant.emit()
    first = asyncio.create_task(tenant.deliver(host, message))
    await entered.wait()
    async with asyncio.timeout(10):  # nobody waits for who is at it
        others = await asyncio.gather(*(tenant.deliver(host, message) for _ in range(3)))
    others_left.set()

    assert await first is Delivery.DONE
    assert others == [Delivery.ELSEWHERE] * 3
    assert len(await tenant.timeline()) == 1
    assert (await tenant.row(message))["attempts"] == 1


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


async def test_events_of_one_case_arrive_in_order_and_no_other_case_waits(
    tenant: Any, make_echo: Any, make_host: Any, world: Any
) -> None:
    host = make_host(make_echo())
    first, second = await tenant.emit(), await tenant.emit()
    other = await world.tenant()

    assert await tenant.deliver(host, second) is Delivery.POSTPONED
    assert (await tenant.row(second))["attempts"] == 0
    assert await other.deliver(host, await other.emit()) is Delivery.DONE

    assert await tenant.deliver(host, first) is Delivery.DONE
    world.clock.ahead = timedelta(seconds=2)
    assert await tenant.deliver(host, second) is Delivery.DONE


async def test_parked_event_holds_up_no_later_one(
    tenant: Any, make_echo: Any, make_host: Any, world: Any
) -> None:
    host = make_host(make_echo())
    first, second = await tenant.emit(), await tenant.emit()
    await world.admin.execute("UPDATE core.outbox SET parked_at = now() WHERE id = $1", first)

    assert await tenant.deliver(host, second) is Delivery.DONE


async def test_disabled_plugin_is_not_called(
    tenant: Any, make_echo: Any, make_host: Any, world: Any
) -> None:
    echo = make_echo()
    message = await tenant.emit()
    await world.admin.execute(
        "UPDATE core.tenant_plugins SET enabled = false WHERE tenant_id = $1", tenant.id
    )

    assert await tenant.deliver(make_host(echo), message) is Delivery.SKIPPED

    assert echo.heard == []
    assert (await tenant.row(message))["done_at"] is not None
    assert await tenant.timeline() == []


async def test_plugin_that_is_not_loaded_here_costs_no_attempt(
    tenant: Any, make_echo: Any, make_host: Any, world: Any
) -> None:
    message = await tenant.emit()

    assert await tenant.deliver(make_host(make_echo(), "other"), message) is Delivery.POSTPONED

    row = await tenant.row(message)
    assert (row["attempts"], row["done_at"], row["parked_at"]) == (0, None, None)
    assert row["due_at"] > world.clock()


async def test_plugin_hears_of_its_own_end(tenant: Any, make_host: Any, world: Any) -> None:
    heard: list[UUID] = []

    class Farewell:
        @hookimpl
        async def cordee_plugin_disabled(self, tenant: TenantView) -> None:
            heard.append(tenant.id)

    host = make_host(Farewell())
    await world.admin.execute(
        "UPDATE core.tenant_plugins SET enabled = false WHERE tenant_id = $1", tenant.id
    )
    message = await tenant.emit(event="cordee_plugin_disabled")

    assert await tenant.deliver(host, message) is Delivery.DONE
    assert heard == [tenant.id]


async def test_tenant_can_not_have_another_tenants_message_delivered(
    tenant: Any, make_echo: Any, make_host: Any, world: Any
) -> None:
    other, echo = await world.tenant(), make_echo()
    message = await tenant.emit()

    found = await deliver(world.engine, world.keys, make_host(echo), other.id, message)

    assert found is Delivery.ELSEWHERE
    assert echo.heard == []
    row = await tenant.row(message)
    assert (row["attempts"], row["done_at"], row["parked_at"]) == (0, None, None)


async def test_plugin_can_not_write_in_another_tenants_case(
    tenant: Any, make_host: Any, world: Any
) -> None:
    other = await world.tenant()

    class Astray:
        @hookimpl
        async def cordee_case_referred(self, effects: Effects) -> None:
            await effects.timeline(other.case, "echo.seen", {"en": "Seen", "fr": "Vu"})

    assert await tenant.deliver(make_host(Astray()), await tenant.emit()) is Delivery.FAILED
    assert await other.timeline() == []


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


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "core.seen"}, {"kind": "echo."}, {"label": {"en": "Seen"}}, {"label": {"fr": "Vu"}}],
    ids=str,
)
async def test_entry_needs_the_plugins_own_kind_and_both_languages(
    tenant: Any, make_echo: Any, make_host: Any, wrong: dict[str, Any]
) -> None:
    host = make_host(make_echo(**wrong))

    assert await tenant.deliver(host, await tenant.emit()) is Delivery.FAILED
    assert await tenant.timeline() == []


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
