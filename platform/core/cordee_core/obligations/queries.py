"""Queries about obligations."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from piccolo.columns.combination import WhereRaw

from cordee_core.database.engine import fetch
from cordee_core.database.lists import OwnedLists, RowList
from cordee_core.database.rows import Found, count
from cordee_core.obligations.tables import Obligation

OBLIGATIONS_OF_CASE = OwnedLists(
    Obligation, Obligation.case_id, newest_first=False, key=Obligation.due_key
)
"""The obligations of each case: open ones first, what is due first before the rest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ObligationQuery:
    """Which obligations are asked for; None asks for any."""

    case: UUID | None = None
    member: UUID | None = None
    status: str | None = None
    rule: str | None = None


_SEEN = (
    "EXISTS (SELECT FROM core.cases c WHERE c.tenant_id = obligations.tenant_id AND c.id = case_id)"
)
_REACHED = "case_id IN (SELECT r.case_id FROM core.reached_cases r)"


def obligations_like(wanted: ObligationQuery, *, reached: bool = False) -> RowList:
    """Return the tenant's obligations that fit: open ones first, by the moment due.

    None is of a case that is hidden from the member; with `reached` only those of the member's
    own reach are there.
    """
    columns = (
        (Obligation.case_id, wanted.case),
        (Obligation.member_id, wanted.member),
        (Obligation.status, wanted.status),
        (Obligation.rule, wanted.rule),
    )
    fits = tuple(column == value for column, value in columns if value is not None)
    seen = (WhereRaw(_SEEN), *((WhereRaw(_REACHED),) if reached else ()))
    return RowList(Obligation, (*fits, *seen), newest_first=False, key=Obligation.due_key)


async def open_obligations(case: UUID) -> list[Found]:
    """Return the open obligations of a case, locked, what is due first before the rest."""
    query = Obligation.select().where((Obligation.case_id == case) & (Obligation.status == "open"))
    return list(await query.order_by(Obligation.due_key).lock_rows("UPDATE"))


async def flagged_cases(tenant: UUID, cases: Iterable[UUID]) -> set[UUID]:
    """Return those cases in which an assessment raised a safety flag, settled or not."""
    rows = await fetch(
        "SELECT DISTINCT case_id FROM core.obligations WHERE tenant_id = $1"
        " AND case_id = ANY($2::uuid[]) AND source_kind = 'safety_flag'",
        tenant, list(cases),
    )  # fmt: skip
    return {row["case_id"] for row in rows}


async def count_moving(case: UUID) -> int:
    """Return how many obligations go with a case that goes on elsewhere."""
    return await count(Obligation, Obligation.case_id == case, Obligation.status == "open")


async def move_obligations(source: UUID, target: UUID) -> None:
    """Take what is still due, and what safety flags opened, from one case to another."""
    await fetch(
        "UPDATE core.obligations SET case_id = $2, row_version = row_version + 1"
        " WHERE case_id = $1 AND (status = 'open' OR source_kind = 'safety_flag')",
        source, target,
    )  # fmt: skip
