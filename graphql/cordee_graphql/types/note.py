"""Notes of a case."""

from datetime import datetime

from cordee_core.access.permissions import Permission
from cordee_core.notes import tables
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, named
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import described
from cordee_graphql.types.member import Member


@described
class Note(BelowCase, Node):
    """What somebody wrote about a case; never changed afterwards."""

    source = RowSource(table=tables.Note, needs=Permission.CASE_READ, below=True)

    text: str = column("What was written.")
    occurred_at: datetime = column("When it took place.")
    created_at: datetime = column("When it was written.")

    author = named("Who wrote it.", Member, "author_id")
