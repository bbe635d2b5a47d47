"""Two connections race for one case's referent (`--races 1000` is the long form)."""

import asyncio
from typing import Any

import pytest
from staff_ground import Ground, make_ground

from cordee_core.database.unit_of_work import perform
from cordee_core.errors import CordeeError, ReferentConflictError, StaleObjectError
from cordee_core.referents.designate_referent import DesignationDraft, designate_referent


@pytest.fixture
async def ground(engine: Any, cluster: Any, tenant: Any) -> Ground:
    return await make_ground(engine, cluster, tenant)


@pytest.mark.timeout(1800)
async def test_exactly_one_wins(ground: Ground, request: pytest.FixtureRequest) -> None:
    case = await ground.open()
    members = [ground.tenancy[role].actor.id for role in ("referent", "supervisor")]
    members += [(await ground.hire()).actor.id for _ in range(2)]

    async def designate(member: Any, version: int) -> CordeeError | None:
        draft = DesignationDraft(case=case, row_version=version, member=member, reason="Relais")
        try:
            await perform(
                ground.engine, ground.tenancy["supervisor"], "test", designate_referent, draft
            )
        except CordeeError as error:
            return error
        return None

    races = int(str(request.config.getoption("--races")))
    for race in range(races):
        before = await ground.case(case)
        free = [one for one in members if one != before["referent_id"]]
        pair = [free[race % len(free)], free[(race + 1) % len(free)]]
        answers = await asyncio.gather(*(designate(one, before["row_version"]) for one in pair))
        lost = [one for one in answers if one is not None]
        assert len(lost) == 1, race
        assert isinstance(lost[0], StaleObjectError | ReferentConflictError)
        winner = pair[answers.index(None)]
        assert (await ground.case(case))["referent_id"] == winner
        active = await ground.rows(
            "SELECT member_id FROM core.designations WHERE case_id = $1 AND ends_at IS NULL", case
        )
        assert [one["member_id"] for one in active] == [winner]
    assert len(await ground.history(case)) == races
