"""The timeline of a case."""

from collections.abc import Mapping
from datetime import datetime
from string import Formatter
from typing import Any

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.cases import tables
from cordee_core.cases.timeline import describe
from cordee_core.languages import Language, catalogue, pick
from cordee_graphql.context import Info
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, named, written_as
from cordee_graphql.planner.written import sentence
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import InLanguage, chosen, described
from cordee_graphql.types.member import Member
from cordee_graphql.types.rows import from_row


def _sentences(scope: Scope, language: Language) -> dict[str, list[str]]:
    """Return each kind's sentence in pieces: text, name of a parameter, text and so on."""
    return {
        kind: [
            piece
            for text, name, *_ in Formatter().parse(pick(texts, language))
            for piece in (text, name)
            if piece is not None
        ]
        for kind, texts in catalogue("timeline").items()
    }


@described
class TimelineEntry(BelowCase, Node):
    """One thing that happened in a case."""

    source = RowSource(table=tables.TimelineEntry, needs=Permission.CASE_READ, below=True)

    seq: int = column("Its number in the case: 1, 2, 3 without gaps.")
    kind: str = column("What happened, as a code; a plugin's has its prefix.")
    at: datetime = column("When.")
    plugin: str | None = column("The plugin that added it, if one did.")

    @written_as(sentence("label", "kind", "params", _sentences))
    def text(self, info: Info, language: InLanguage = None) -> str:
        """What happened, in one sentence."""
        return describe(self.row, chosen(info, language))

    member = named("Who did it; null where the system did.", Member, "member_id")

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "TimelineEntry":
        """Return the entry in a row."""
        return from_row(cls, row)
