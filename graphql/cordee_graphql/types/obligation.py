"""Obligations: what is due in a case, by which named rule."""

from datetime import datetime

from cordee_core.access.permissions import Permission
from cordee_core.obligations import tables
from cordee_graphql.nodes import Node
from cordee_graphql.plan_enums import ObligationStatus
from cordee_graphql.planner.declare import RowSource, column, localised_column, named
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import described
from cordee_graphql.types.member import Member


@described
class Obligation(BelowCase, Node):
    """Something due: who, what, by when, by which named rule."""

    source = RowSource(table=tables.Obligation, needs=Permission.CASE_READ, below=True)

    rule: str = column("The rule by which it is due, as `<instrument>:<flag>`.")
    label = localised_column("What is due.", "label")
    due_at: datetime = column("By when.")
    status: ObligationStatus = column("How it stands.")
    source_kind: str | None = column("The kind of thing that it comes from, as `safety_flag`.")
    opened_at: datetime = column("Since when it is known.")
    settled_at: datetime | None = column("When it was done or fell away.")
    reason: str | None = column("What was done, or why it fell away.")
    row_version: int = column("Raised by each change.")

    member = named(
        "Who must see to it; null where whoever leads the case does.", Member, "member_id"
    )
    opened_by = named("Who brought it about; null where the system did.", Member, "opened_by")
    settled_by = named("Who settled it.", Member, "settled_by")
