"""Queries about plans."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from cordee_core.database.engine import Row, fetch, fetch_one
from cordee_core.database.lists import OwnedLists
from cordee_core.database.rows import Found, count
from cordee_core.plans.tables import CasePlan, PlanAction, PlanGoal, PlanNeed, SafetyPlan

PLANS_OF_CASE = OwnedLists(CasePlan, CasePlan.case_id)
"""The versions of the plans of each case, newest first."""

SAFETY_PLANS_OF_CASE = OwnedLists(SafetyPlan, SafetyPlan.case_id)
"""The versions of each case's safety plan, newest first."""


async def versions_of(tenant: UUID, case: UUID, person: UUID | None) -> list[Row]:
    """Return number, status and whether somebody touched it, of each version of a person's plan."""
    return await fetch(
        "SELECT p.id, p.version, p.status, p.approved_at IS NOT NULL OR EXISTS (SELECT FROM"
        " core.plan_agreements a WHERE a.tenant_id = p.tenant_id AND a.plan_id = p.id) AS touched"
        " FROM core.case_plans p WHERE p.tenant_id = $1 AND p.case_id = $2"
        " AND p.person_id IS NOT DISTINCT FROM $3 ORDER BY p.version",
        tenant, case, person,
    )  # fmt: skip


async def goals_of(plan: UUID) -> list[Found]:
    """Return the goals of a version in the order in which they were added."""
    return list(await PlanGoal.select().where(PlanGoal.plan_id == plan).order_by(PlanGoal.id))


async def needs_in(plan: UUID) -> list[Found]:
    """Return the links of a version to needs: answered, used, left out."""
    return list(await PlanNeed.select().where(PlanNeed.plan_id == plan).order_by(PlanNeed.id))


async def open_actions(*, plan: UUID | None = None, case: UUID | None = None) -> list[Found]:
    """Return the open actions of a version or of a whole case, locked, oldest first."""
    owner = PlanAction.plan_id == plan if case is None else PlanAction.case_id == case
    query = PlanAction.select().where(owner & (PlanAction.status == "open"))
    return list(await query.order_by(PlanAction.id).lock_rows("UPDATE"))


_CURRENT = (
    "SELECT DISTINCT ON (case_id, person_id) * FROM core.case_plans WHERE tenant_id = $1"
    " AND case_id = ANY($2::uuid[]) ORDER BY case_id, person_id, version DESC"
)


async def current_plans(tenant: UUID, cases: Iterable[UUID]) -> dict[UUID, list[Found]]:
    """Return of each case the newest version of each person's plan, with what guards ask of it.

    `agreements` are those of the version, oldest first; `goals` how many it has.
    """
    rows = await fetch(
        f"SELECT p.id, p.case_id, p.status, p.approved_at IS NOT NULL AS approved,"  # noqa: S608
        " (SELECT count(*) FROM core.plan_goals g WHERE g.tenant_id = $1 AND g.plan_id = p.id)"
        " AS goals, (SELECT coalesce(jsonb_agg(jsonb_build_object('signatory', a.signatory,"
        " 'agrees', a.agrees) ORDER BY a.id), '[]') FROM core.plan_agreements a"
        " WHERE a.tenant_id = $1 AND a.plan_id = p.id) AS agreements"
        f" FROM ({_CURRENT}) p",
        tenant, list(cases),
    )  # fmt: skip
    return _by_case(rows)


async def actions_to_check(tenant: UUID, cases: Iterable[UUID]) -> dict[UUID, list[Found]]:
    """Return the actions of the newest versions by case, oldest first; not those given up."""
    rows = await fetch(
        "SELECT a.case_id, a.description, a.responsible, a.due_on, a.method_code, a.goal_id"  # noqa: S608
        f" FROM core.plan_actions a JOIN ({_CURRENT}) p ON p.id = a.plan_id"
        " WHERE a.tenant_id = $1 AND a.status <> 'cancelled' ORDER BY a.id",
        tenant, list(cases),
    )  # fmt: skip
    return _by_case(rows)


async def goals_without_attainment(tenant: UUID, cases: Iterable[UUID]) -> dict[UUID, list[Found]]:
    """Return the goals of the newest versions that have neither a score nor a reason, by case."""
    rows = await fetch(
        "SELECT g.case_id, g.wording FROM core.plan_goals g"  # noqa: S608
        f" JOIN ({_CURRENT}) p ON p.id = g.plan_id WHERE g.tenant_id = $1 AND NOT EXISTS (SELECT"
        " FROM core.goal_attainments t WHERE t.tenant_id = $1 AND t.origin_id = g.origin_id)"
        " ORDER BY g.id",
        tenant, list(cases),
    )  # fmt: skip
    return _by_case(rows)


async def cases_with_safety_plan(tenant: UUID, cases: Iterable[UUID]) -> set[UUID]:
    """Return those cases that have a safety plan."""
    rows = await fetch(
        "SELECT DISTINCT case_id FROM core.safety_plans WHERE tenant_id = $1"
        " AND case_id = ANY($2::uuid[])",
        tenant, list(cases),
    )  # fmt: skip
    return {row["case_id"] for row in rows}


async def last_safety_version(tenant: UUID, case: UUID) -> int:
    """Return the number of the newest version of a case's safety plan; 0 where it has none."""
    row = await fetch_one(
        "SELECT coalesce(max(version), 0) AS version FROM core.safety_plans"
        " WHERE tenant_id = $1 AND case_id = $2",
        tenant, case,
    )  # fmt: skip
    assert row is not None
    return int(row["version"])


async def was_scored(tenant: UUID, origin: UUID) -> bool:
    """Return whether a goal has an attainment already, in whatever version."""
    row = await fetch_one(
        "SELECT FROM core.goal_attainments WHERE tenant_id = $1 AND origin_id = $2 LIMIT 1",
        tenant, origin,
    )  # fmt: skip
    return row is not None


def _by_case(rows: Iterable[Row]) -> dict[UUID, list[Found]]:
    found: defaultdict[UUID, list[Found]] = defaultdict(list)
    for row in rows:
        found[row["case_id"]].append(dict(row))
    return found


async def count_plans(case: UUID) -> int:
    """Return how many versions the plans of a case have."""
    return await count(CasePlan, CasePlan.case_id == case)


async def count_safety_plans(case: UUID) -> int:
    """Return how many versions the safety plan of a case has."""
    return await count(SafetyPlan, SafetyPlan.case_id == case)


async def move_safety_plans(source: UUID, target: UUID) -> None:
    """Take the safety plan from one case to another, unless that has one of its own."""
    await fetch(
        "UPDATE core.safety_plans SET case_id = $2, row_version = row_version + 1"
        " WHERE case_id = $1 AND NOT EXISTS (SELECT FROM core.safety_plans WHERE case_id = $2)",
        source, target,
    )  # fmt: skip
