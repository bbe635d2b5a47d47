"""Queries about supervision, ethics consultation and conferences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from cordee_core.cases.lifecycle import ENDED
from cordee_core.database.engine import fetch
from cordee_core.database.lists import OwnedLists, RowList
from cordee_core.database.rows import Found, among
from cordee_core.supervision.tables import (
    Conference,
    EthicsAdvice,
    EthicsConsultation,
    SupervisionSession,
)

CONFERENCES_OF_CASE = OwnedLists(Conference, Conference.case_id)
"""The conferences of each case, newest first."""


def all_sessions() -> RowList:
    """Return the supervision sessions, newest first."""
    return RowList(SupervisionSession)


@dataclass(frozen=True, slots=True)
class Supervisee:
    """A member with a named supervisor, and when they meet by the strictest model."""

    member: UUID
    supervisor: UUID
    last: date | None
    every: int | None

    @property
    def due(self) -> date | None:
        """The day by which the next session is due; None where no model sets a rhythm."""
        return (
            None if self.every is None or self.last is None else self.last + timedelta(self.every)
        )

    def late(self, today: date) -> bool:
        """Whether a rhythm is set and no session was held in time."""
        return self.every is not None and (self.due is None or self.due < today)


async def supervisees(tenant: UUID) -> list[Supervisee]:
    """Return everybody active with a supervisor: the last session, the rhythm of their models."""
    rows = await fetch(
        "SELECT m.id, m.supervisor_id, (SELECT max(s.held_on) FROM core.supervision_sessions s"
        " JOIN core.supervision_participants p ON p.tenant_id = s.tenant_id"
        " AND p.session_id = s.id WHERE s.tenant_id = m.tenant_id AND p.member_id = m.id) AS last,"
        " (SELECT min((v.definition ->> 'supervision_days')::integer) FROM core.cases c"
        " JOIN core.model_versions v ON v.tenant_id = c.tenant_id AND v.id = c.model_version_id"
        " WHERE c.tenant_id = m.tenant_id AND c.referent_id = m.id AND c.stage <> ALL($2::text[]))"
        " AS every FROM core.members m WHERE m.tenant_id = $1 AND m.status = 'active'"
        " AND m.supervisor_id IS NOT NULL ORDER BY m.supervisor_id, m.id",
        tenant, list(ENDED),
    )  # fmt: skip
    return [Supervisee(row["id"], row["supervisor_id"], row["last"], row["every"]) for row in rows]


async def consultations_of(member: UUID, limit: int = 100) -> list[Found]:
    """Return the newest consultations in which a member asked or is an adviser."""
    rows = await fetch(
        "SELECT c.* FROM core.ethics_consultations c WHERE c.asked_by = $1 OR EXISTS"
        " (SELECT 1 FROM core.ethics_advices a WHERE a.consultation_id = c.id AND a.member_id = $1)"
        " ORDER BY c.id DESC LIMIT $2",
        member, limit,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def advised_by(consultations: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Return the advisers of several consultations, by consultation."""
    wanted = list(consultations)
    found: dict[UUID, set[UUID]] = {one: set() for one in wanted}
    for row in await EthicsAdvice.select().where(among(EthicsAdvice.consultation_id, wanted)):
        found[row["consultation_id"]].add(row["member_id"])
    return found


async def consultations_by_id(consultations: Iterable[UUID]) -> list[Found]:
    """Return those consultations."""
    return list(
        await EthicsConsultation.select().where(among(EthicsConsultation.id, consultations))
    )


async def advice_asked(consultation: UUID, member: UUID) -> Found | None:
    """Return the place of an adviser in a consultation, locked."""
    query = EthicsAdvice.select().where(
        (EthicsAdvice.consultation_id == consultation) & (EthicsAdvice.member_id == member)
    )
    rows = await query.lock_rows("UPDATE")
    return dict(rows[0]) if rows else None


async def open_plan(case: UUID) -> UUID | None:
    """Return the plan of a case that is being written, which takes further actions in."""
    rows = await fetch(
        "SELECT id FROM core.case_plans WHERE case_id = $1 AND status = 'draft'"
        " ORDER BY person_id NULLS FIRST, id LIMIT 1",
        case,
    )
    return UUID(str(rows[0]["id"])) if rows else None
