"""Random lives of cases in the real database: whatever is tried, what was promised holds.

`pytest tests/core/test_lifecycle_histories.py --histories 2000` is the long run.
"""

import asyncio
import importlib.util
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lifecycle_world import World, make_world

from cordee_core.cases.close_case import CloseDraft, close_case
from cordee_core.cases.interrupt_cases import InterruptDraft, interrupt_cases
from cordee_core.cases.lifecycle import ENDED, POSSIBLE, STAGES, WORKING, replay
from cordee_core.cases.merge_cases import MergeDraft, merge_cases
from cordee_core.cases.move_case import ReasonDraft, hold_case, reopen_case, resume_case
from cordee_core.database.engine import CordeeEngine, fetch
from cordee_core.errors import InputError
from cordee_core.plugins.host import PluginHost
from cordee_core.tallies.queries import recounted, tallies

T = TypeVar("T")
SHORT = 20


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "histories" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--histories", default=None)
        metafunc.parametrize("histories", [int(wanted or SHORT)])


@pytest.fixture(scope="module")
async def world(engine: CordeeEngine, host: PluginHost, cluster: Any, root: Path) -> World:
    """A tenant of this file alone: the norms of its members count all cases of the run."""
    spec = importlib.util.spec_from_file_location("the_fixtures", root / "tests" / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    fixtures = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fixtures)
    tenant = await fixtures.make_tenancy(engine, host, cluster.keys, plugins=("housing",))
    found = await make_world(engine, tenant, code="histories-two")
    found.second = found.programme
    found.programme = (await make_world(engine, tenant, code="histories")).programme
    return found


def pick(choices: Sequence[T], n: int) -> T:
    return choices[n % len(choices)]


async def _decide(world: World, case: UUID, n: int) -> None:
    await world.decide(case, pick(["admitted", "admitted", "refused"], n))


async def _consent(world: World, case: UUID, n: int) -> None:
    await world.consent(case, purpose=pick(["case_management", "transfer"], n))


async def _designate(world: World, case: UUID, n: int) -> None:
    roles = pick([["referent"], ["supervisor"], ["referent", "supervisor"]], n)
    done = await asyncio.gather(
        *(world.designate(case, role) for role in roles), return_exceptions=True
    )
    wrong = [one for one in done if isinstance(one, BaseException)]
    assert all(isinstance(one, InputError) for one in wrong), wrong


async def _onward(world: World, case: UUID, n: int) -> None:
    """The next step of the ordinary way: without it few histories would get far."""
    stage = (await world.case(case))["stage"]
    way = ["intake", *WORKING]
    if stage in way[:-1]:
        await world.move(case, way[way.index(stage) + 1])


async def _admit(world: World, case: UUID, n: int) -> None:
    await world.decide(case)
    await world.consent(case)
    await world.designate(case)
    await world.move(case, "assessment")


async def _anywhere(world: World, case: UUID, n: int) -> None:
    await world.move(case, pick(STAGES, n), "Essai")


async def _aside(world: World, case: UUID, n: int) -> None:
    act = pick([hold_case, resume_case, reopen_case], n)
    draft = ReasonDraft(case=case, row_version=await world.version(case), reason="Essai")
    await world.do("referent", act, draft)


async def _close(world: World, case: UUID, n: int) -> None:
    today = world.scope("referent").clock().date()
    draft = CloseDraft(
        case=case, row_version=await world.version(case), reason="goals_reached",
        after_care_on=today, retain_until=today + timedelta(days=1),
    )  # fmt: skip
    await world.do("referent", close_case, draft)


async def _merge(world: World, case: UUID, n: int) -> None:
    person = (await world.case(case))["person_id"]
    other = await world.open(person, programme=world.second)
    draft = MergeDraft(case=case, row_version=await world.version(case), into=other, reason="X")
    await world.do("referent", merge_cases, draft)


async def _interrupt(world: World, case: UUID, n: int) -> None:
    draft = InterruptDraft(cases=(case,), reason="Crue", resume=pick([False, True], n))
    await world.do("supervisor", interrupt_cases, draft)


async def _raw(world: World, case: UUID, n: int) -> None:
    """Straight at the tables, without a row of history: the database refuses it."""
    with pytest.raises(asyncpg.PostgresError):
        async with world.engine.transaction(cordee__context=world.scope("referent").signed()):
            await fetch(
                "UPDATE core.cases SET stage = $2, stage_number = stage_number + 1, held_from ="
                " CASE WHEN $2 = 'on_hold' THEN stage END WHERE id = $1",
                case, pick(STAGES, n),
            )  # fmt: skip


Act = Callable[[World, UUID, int], Awaitable[None]]
ACTS: list[Act] = [
    _admit, _onward, _onward, _onward, _onward, _decide, _consent, _designate, _anywhere, _anywhere,
    _aside, _aside, _close, _merge, _interrupt, _raw,
]  # fmt: skip


async def check(world: World, case: UUID) -> None:
    """Compare a case with its history and its designations."""
    row, history = await world.case(case), await world.history(case)
    assert history[0] == (None, "intake")
    pairs = [(str(start), end) for start, end in history[1:]]
    assert set(pairs) <= POSSIBLE
    standing = replay(pairs)
    assert (standing.stage, standing.held_from) == (row["stage"], row["held_from"])
    active = await world.rows(
        "SELECT member_id FROM core.designations WHERE case_id = $1 AND ends_at IS NULL", case
    )
    assert [one["member_id"] for one in active] == (
        [] if row["referent_id"] is None else [row["referent_id"]]
    )
    if row["stage"] in WORKING:
        assert len(active) == 1
    if row["stage"] in ENDED:
        assert active == []


@pytest.mark.timeout(0)
async def test_random_histories(world: World, histories: int) -> None:
    reached: set[str] = set()

    async def live(start: str, acts: list[tuple[Act, int]]) -> None:
        case = await (world.open() if start == "intake" else world.at(start))
        for act, n in acts:
            try:
                await act(world, case, n)
            except InputError:
                continue
        await check(world, case)
        reached.add((await world.case(case))["stage"])

    loop = asyncio.get_running_loop()

    @settings(
        max_examples=histories, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    @given(
        st.sampled_from(["intake", *WORKING]),
        st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 10**6)), min_size=4, max_size=16),
    )
    def example(start: str, acts: list[tuple[Act, int]]) -> None:
        asyncio.run_coroutine_threadsafe(live(start, acts), loop).result()

    await asyncio.to_thread(example)
    assert len(reached) > 4, reached
    async with world.engine.transaction(cordee__context=world.scope("referent").signed()):
        assert await tallies() == await recounted()
