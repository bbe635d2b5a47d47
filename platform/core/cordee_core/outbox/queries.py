"""SQL of the outbox: the row of a delivery, its marks, and what its views are made of."""

from datetime import datetime
from uuid import UUID

from cordee_core.database.engine import Row, fetch, fetch_one

# An earlier open message of the same case and consumer holds this one up: a plugin sees the events
# of a case in the order in which they happened (ids are UUIDv7).
_MESSAGE = """
SELECT o.event, o.consumer, o.case_id, o.payload, o.due_at, o.attempts,
    o.done_at IS NOT NULL OR o.parked_at IS NOT NULL AS settled,
    coalesce(p.enabled, false) AS enabled, coalesce(p.settings, '{}') AS settings,
    CASE WHEN o.case_id IS NULL THEN (
        SELECT min(e.due_at) FROM core.outbox e
        WHERE e.tenant_id = o.tenant_id AND e.case_id IS NULL AND e.consumer = o.consumer
        AND e.id < o.id AND e.done_at IS NULL AND e.parked_at IS NULL)
    ELSE (
        SELECT min(e.due_at) FROM core.outbox e
        WHERE e.tenant_id = o.tenant_id AND e.case_id = o.case_id AND e.consumer = o.consumer
        AND e.id < o.id AND e.done_at IS NULL AND e.parked_at IS NULL)
    END AS held_until
FROM core.outbox o
LEFT JOIN core.tenant_plugins p ON p.tenant_id = o.tenant_id AND p.plugin = o.consumer
WHERE o.tenant_id = $1 AND o.id = $2 FOR UPDATE OF o"""


async def lock_if_free(tenant: UUID, message: UUID) -> Row | None:
    """Return the locked message, or None where there is none or somebody else holds it."""
    return await fetch_one(f"{_MESSAGE} SKIP LOCKED", tenant, message)


async def lock(tenant: UUID, message: UUID) -> Row | None:
    """Return the locked message, however long somebody else holds it."""
    return await fetch_one(_MESSAGE, tenant, message)


async def count_attempt(tenant: UUID, message: UUID) -> int:
    """Count one more attempt and return how many there are now."""
    rows = await fetch(
        "UPDATE core.outbox SET attempts = attempts + 1 WHERE tenant_id = $1 AND id = $2"
        " RETURNING attempts",
        tenant, message,
    )  # fmt: skip
    return int(rows[0]["attempts"])


async def postpone(tenant: UUID, message: UUID, due: datetime) -> None:
    """Make the message due at `due`; the relay sends it again then."""
    await fetch(
        "UPDATE core.outbox SET due_at = $3, sent_at = NULL WHERE tenant_id = $1 AND id = $2",
        tenant, message, due,
    )  # fmt: skip


async def mark_done(tenant: UUID, message: UUID, moment: datetime) -> None:
    """Mark the message as delivered."""
    await fetch(
        "UPDATE core.outbox SET done_at = $3 WHERE tenant_id = $1 AND id = $2",
        tenant, message, moment,
    )  # fmt: skip


async def park(
    tenant: UUID, message: UUID, letter: UUID, code: str, attempts: int, moment: datetime
) -> None:
    """Take the message out of the relay's sight and leave a dead letter for a person to settle."""
    await fetch(
        "UPDATE core.outbox SET parked_at = $3 WHERE tenant_id = $1 AND id = $2",
        tenant, message, moment,
    )  # fmt: skip
    await fetch(
        "INSERT INTO core.dead_letters (tenant_id, id, outbox_id, code, attempts, parked_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, outbox_id) DO NOTHING",
        tenant, letter, message, code, attempts, moment,
    )  # fmt: skip


async def tenant_row(tenant: UUID) -> Row | None:
    """Return the tenant as its view needs it."""
    return await fetch_one(
        "SELECT id, slug FROM core.tenants WHERE tenant_id = $1 AND id = $1", tenant
    )


async def case_row(tenant: UUID, case: UUID) -> Row | None:
    """Return the case as its view needs it."""
    return await fetch_one(
        "SELECT c.id, c.number, c.stage, g.code AS programme_code, c.person_id, c.referent_id,"
        " (c.opened_at AT TIME ZONE t.time_zone)::date AS opened_on"
        " FROM core.cases c"
        " JOIN core.programmes g ON g.tenant_id = c.tenant_id AND g.id = c.programme_id"
        " JOIN core.tenants t ON t.tenant_id = c.tenant_id AND t.id = c.tenant_id"
        " WHERE c.tenant_id = $1 AND c.id = $2",
        tenant, case,
    )  # fmt: skip


async def member_row(tenant: UUID, member: UUID) -> Row | None:
    """Return the member as its view needs it."""
    return await fetch_one(
        "SELECT id, roles FROM core.members WHERE tenant_id = $1 AND id = $2", tenant, member
    )


async def assessment_row(tenant: UUID, assessment: UUID) -> Row | None:
    """Return the assessment as its view needs it."""
    return await fetch_one(
        "SELECT id, case_id, instrument_code, instrument_version, assessed_on AS completed_on,"
        " result FROM core.assessments WHERE tenant_id = $1 AND id = $2",
        tenant, assessment,
    )  # fmt: skip


async def plan_row(tenant: UUID, plan: UUID) -> Row | None:
    """Return the version of a plan as its view needs it."""
    return await fetch_one(
        "SELECT p.id, p.case_id, p.version, ARRAY(SELECT g.objective_code FROM core.plan_goals g"
        " WHERE g.tenant_id = p.tenant_id AND g.plan_id = p.id ORDER BY g.id) AS objective_codes"
        " FROM core.case_plans p WHERE p.tenant_id = $1 AND p.id = $2",
        tenant, plan,
    )  # fmt: skip


async def obligation_row(tenant: UUID, obligation: UUID) -> Row | None:
    """Return the obligation as its view needs it."""
    return await fetch_one(
        "SELECT id, case_id, rule, due_at, member_id, status FROM core.obligations"
        " WHERE tenant_id = $1 AND id = $2",
        tenant, obligation,
    )  # fmt: skip


async def referral_row(tenant: UUID, referral: UUID) -> Row | None:
    """Return the referral as its view needs it."""
    return await fetch_one(
        "SELECT r.id, r.case_id, s.code AS service_code, r.state FROM core.referrals r"
        " JOIN core.services s ON s.tenant_id = r.tenant_id AND s.id = r.service_id"
        " WHERE r.tenant_id = $1 AND r.id = $2",
        tenant, referral,
    )  # fmt: skip


async def consent_row(tenant: UUID, consent: UUID) -> Row | None:
    """Return the consent as its view needs it."""
    return await fetch_one(
        "SELECT c.id, c.purpose, c.withdrawn_at IS NULL AS given,"
        " (c.recorded_at AT TIME ZONE t.time_zone)::date AS recorded_on FROM core.consents c"
        " JOIN core.tenants t ON t.tenant_id = c.tenant_id AND t.id = c.tenant_id"
        " WHERE c.tenant_id = $1 AND c.id = $2",
        tenant, consent,
    )  # fmt: skip


async def opener_of_case(tenant: UUID, case: UUID) -> Row | None:
    """Return the member who opened the case as its view needs it."""
    return await fetch_one(
        "SELECT m.id, m.roles FROM core.cases c"
        " JOIN core.members m ON m.tenant_id = c.tenant_id AND m.id = c.opened_by"
        " WHERE c.tenant_id = $1 AND c.id = $2",
        tenant, case,
    )  # fmt: skip


async def person_of_consent(tenant: UUID, consent: UUID) -> Row | None:
    """Return whose consent it is as the person's view needs it."""
    return await fetch_one(
        "SELECT person_id AS id FROM core.consents WHERE tenant_id = $1 AND id = $2",
        tenant, consent,
    )  # fmt: skip


async def person_of_case(tenant: UUID, case: UUID) -> UUID | None:
    """Return whose case it is; None for a household, a group, or no case."""
    row = await fetch_one(
        "SELECT person_id FROM core.cases WHERE tenant_id = $1 AND id = $2", tenant, case
    )
    return None if row is None else row["person_id"]
