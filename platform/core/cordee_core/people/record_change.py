"""The history of a record: which fields changed, who changed them and when; rows stay."""

from collections.abc import Sequence
from uuid import UUID

from cordee_core.access.scope import Scope
from cordee_core.database.rows import insert
from cordee_core.people.tables import PersonChange


async def record_change(
    scope: Scope,
    person: UUID,
    kind: str,
    fields: Sequence[str] = (),
    *,
    protected: bool,
    reason: str | None = None,
) -> None:
    """Add a row to the person's history; values never stand in it."""
    await insert(
        PersonChange(
            tenant_id=scope.tenant, id=scope.new_id(), person_id=person, protected=protected,
            kind=kind, fields=sorted(fields), reason=reason, changed_at=scope.clock(),
            changed_by=scope.member.id if scope.member else None,
        )
    )  # fmt: skip
