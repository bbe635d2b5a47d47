"""The scheduler: what it does, when, and only while it leads."""

from datetime import datetime, timedelta
from typing import Any

from cordee_core.clock import new_id, now
from cordee_core.database.engine import CordeeEngine
from cordee_worker.leader import Lease
from cordee_worker.scheduler import Periodic, Scheduler

HOUR = timedelta(hours=1)


async def test_idempotency_keys_are_kept_seven_days(
    tenant: Any, make_relay: Any, world: Any
) -> None:
    engine = (await make_relay(broker=None)).engine
    for key, age in (("old", timedelta(days=7, minutes=1)), ("new", timedelta(days=6, hours=23))):
        await world.admin.execute(
            "INSERT INTO core.idempotency_keys VALUES ($1, $2, $3, 'r', $4, '{}'::jsonb, $5)",
            tenant.id, tenant.member, key, b"x" * 32, now() - age,
        )  # fmt: skip

    await Scheduler(engine, Lease(engine, str(new_id()))).step()

    kept = await world.admin.fetch(
        "SELECT key FROM core.idempotency_keys WHERE tenant_id = $1", tenant.id
    )
    assert [row["key"] for row in kept] == ["new"]


async def test_job_runs_when_its_time_has_come_and_only_for_the_leader(make_relay: Any) -> None:
    engine = (await make_relay(broker=None)).engine
    runs: list[datetime] = []
    seconds = 0.0

    async def run(_: CordeeEngine, moment: datetime) -> None:
        runs.append(moment)

    def scheduler() -> Scheduler:
        return Scheduler(
            engine, Lease(engine, name), (Periodic("job", HOUR, run),), monotonic=lambda: seconds
        )

    name = str(new_id())
    leader, other = scheduler(), scheduler()
    await leader.step()
    await leader.step()
    await other.step()
    assert len(runs) == 1

    seconds = HOUR.total_seconds()
    await leader.step()
    assert len(runs) == 2

    await leader.lease.release()
    await other.step()
    assert len(runs) == 3
