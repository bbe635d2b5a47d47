"""Something falls due: an obligation is opened, and cancelled where its case moves on."""

from datetime import datetime
from uuid import UUID

from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, insert
from cordee_core.database.unit_of_work import UnitOfWork
from cordee_core.languages import Text, pick
from cordee_core.obligations.model import due_key
from cordee_core.obligations.queries import open_obligations
from cordee_core.obligations.tables import Obligation

Source = tuple[str, UUID]
"""What an obligation comes from: the kind of thing, and its id."""


async def open_obligation(
    uow: UnitOfWork,
    *,
    case: Found,
    rule: str,
    label: Text,
    due_at: datetime,
    member: UUID | None,
    source: Source | None = None,
) -> UUID:
    """Open an obligation in the row of `case` and return its id; plugins learn of it.

    `rule` names the rule by which it is due, `label` says what in every language, `member` is who
    must see to it (None: whoever leads the case).
    """
    scope, obligation = uow.scope, uow.scope.new_id()
    kind, origin = source or (None, None)
    await insert(
        Obligation(
            tenant_id=scope.tenant, id=obligation, case_id=case["id"], rule=rule,
            label=dict(label), due_at=due_at, member_id=member,
            due_key=due_key(due_at, obligation, is_open=True), source_kind=kind, source_id=origin,
            status="open", opened_at=scope.clock(),
            opened_by=scope.member.id if scope.member else None,
        )
    )  # fmt: skip
    params = {"label": dict(label), "rule": rule, "due": due_at.date().isoformat()}
    await add_entry(scope, case["id"], "obligation_opened", params=params)
    uow.touched("Obligation", obligation, person=case["person_id"])
    uow.emit("cordee_obligation_opened", case=case["id"], obligation=obligation)
    return obligation


async def cancel_obligations(uow: UnitOfWork, case: Found, reason: str | Text) -> int:
    """Cancel what is still open in the row of `case`, each with `reason`; return how many.

    One entry in the timeline for each: what was due and is no longer stays readable.
    """
    rows = await open_obligations(case["id"])
    for row in rows:
        await settle(uow, row, "cancelled", reason)
        uow.touched("Obligation", row["id"], person=case["person_id"], fields=("status",))
    return len(rows)


async def settle(uow: UnitOfWork, row: Found, status: str, reason: str | Text | None) -> None:
    """Write that an open obligation is done or cancelled, and say so in the timeline."""
    told = reason if reason is None or isinstance(reason, str) else dict(reason)
    scope = uow.scope
    await Obligation.update(
        {
            Obligation.status: status,
            Obligation.settled_at: scope.clock(),
            Obligation.settled_by: scope.member.id if scope.member else None,
            Obligation.reason: pick(told, scope.language) if isinstance(told, dict) else told,
            Obligation.due_key: due_key(row["due_at"], row["id"], is_open=False),
            Obligation.row_version: row["row_version"] + 1,
        }
    ).where(Obligation.id == row["id"])
    params = {"label": row["label"], "reason": told or "", "rule": row["rule"]}
    kind = f"obligation_{status}" if reason else "obligation_done_plainly"
    await add_entry(scope, row["case_id"], kind, params=params)
