"""Assessments: uses of an instrument in a case."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.assessments import tables
from cordee_core.errors import UnknownInstrumentError
from cordee_core.instruments.model import Instrument as CoreInstrument
from cordee_core.languages import LANGUAGES, Language, Text, catalogue, pick
from cordee_graphql.context import Info
from cordee_graphql.enums import Informant
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, json_column, named, written_as
from cordee_graphql.planner.written import by_code, inside, text_inside
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import InLanguage, chosen, described, field, localised
from cordee_graphql.types.enums import AssessmentStatus
from cordee_graphql.types.exact import exact_json
from cordee_graphql.types.member import Member
from cordee_graphql.types.rows import from_row

_COMMON = ("instrument", "version", "on", "valid_until", "status", "flags", "ask")


@described
class ScoreValue:
    """One score of an assessment."""

    key: str = strawberry.field(description="Its key in the instrument.")
    value: str | None = strawberry.field(
        description="Its value as text, numbers exact; null where the answers do not decide it."
    )
    texts: strawberry.Private[Text]
    title = localised("What it scores.", lambda self: self.texts)


@described
class RaisedFlag:
    """Something in the answers that a person must look at, whatever the score."""

    code: str = strawberry.field(description="Its code in the instrument.")
    texts: strawberry.Private[Text]
    label = localised("The same in words.", lambda self: self.texts)


def _titles(scope: Scope, language: Language) -> dict[str, str]:
    return {
        code: pick(one.title, language)
        for content in scope.host.content.values()
        for code, one in content.instruments.items()
    }


@described
class Assessment(BelowCase, Node):
    """One use of an instrument, scored. A score shows where to look; it is no diagnosis."""

    source = RowSource(table=tables.Assessment, needs=Permission.CASE_READ, below=True)

    instrument_code: str = column("Code of the instrument.")
    instrument_version: str = column("Its version, kept with the scores.")
    plugin: str = column("The plugin that brings the instrument.")
    informant: Informant = column("Who gave the answers.")
    language: str = column("In which language (ISO 639) it was asked.")
    assessed_on: date = column("When it was asked.")
    valid_until: date | None = column("Until when it counts as current.")
    created_at: datetime = column("When it was recorded.")
    scored: strawberry.Private[Mapping[str, Any]]

    @written_as(by_code("instrument_code", _titles))
    def title(self, info: Info, language: InLanguage = None) -> str:
        """The instrument's name."""
        own = _instrument(info, self.instrument_code)
        return pick(own.title, chosen(info, language)) if own else self.instrument_code

    answers = json_column("The answers by item.", "answers")
    result = json_column("The whole result, as scored.", "result")

    @written_as(text_inside("result", "status"))
    def status(self) -> AssessmentStatus:
        """Whether the answers were enough to score."""
        return AssessmentStatus(self.scored["status"])

    @field
    def scores(self, info: Info) -> list[ScoreValue]:
        """The scores, one by one."""
        own = _instrument(info, self.instrument_code)
        titles = {one.key: one.title for one in own.scores} if own else {}
        return [
            ScoreValue(key=key, value=_shown(value), texts=titles.get(key) or _as_is(key))
            for key, value in self.scored.items()
            if key not in _COMMON
        ]

    @field
    def flags(self, info: Info) -> list[RaisedFlag]:
        """What a person must look at."""
        own = _instrument(info, self.instrument_code)
        labels = {one.code: one.label for one in own.flags} if own else {}
        return [
            RaisedFlag(code=code, texts=labels.get(code) or _as_is(code))
            for code in self.scored["flags"]
        ]

    @written_as(inside("result", "ask", empty="[]"))
    def ask(self) -> list[str]:
        """Items whose answers would decide a score that is open."""
        return list(self.scored["ask"])

    @field
    def caution(self, info: Info, language: InLanguage = None) -> str:
        """What the scores are not, and what to mind; show it beside them."""
        own = _instrument(info, self.instrument_code)
        wanted = chosen(info, language)
        general = pick(catalogue("labels")["screening"], wanted)
        return f"{general} {pick(own.caution, wanted)}" if own and own.caution else general

    created_by = named("Who recorded it.", Member, "created_by")

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Assessment":
        """Return the assessment in a row."""
        return from_row(cls, row, scored=row["result"])


def _instrument(info: Info, code: str) -> CoreInstrument | None:
    try:
        return info.context.operation.scope.host.instrument(code)[1]
    except UnknownInstrumentError:
        return None


def _as_is(code: str) -> Text:
    return dict.fromkeys(LANGUAGES, code)


def _shown(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    found = exact_json(value)
    return ", ".join(map(str, found)) if isinstance(found, list) else str(found)
