"""One delivery: counted, called once, marked with its effect, or tried again and parked."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cordee_core import hookimpl
from cordee_core.contracts import CaseView, Effects, TenantView
from cordee_core.outbox.deliver import Delivery, deliver


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
