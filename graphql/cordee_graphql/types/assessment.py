"""Assessments: uses of an instrument in a case."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.assessments import tables
from cordee_core.assessments.valid_answers import explored
from cordee_core.errors import UnknownInstrumentError
from cordee_core.instruments.model import Instrument as CoreInstrument
from cordee_core.languages import LANGUAGES, Language, Text, catalogue, pick
from cordee_core.needs.domains import unexplored
from cordee_graphql.context import Info
from cordee_graphql.enums import Informant
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column, json_column, named, written_as
from cordee_graphql.planner.declare_inside import localised_as, objects_inside, told
from cordee_graphql.planner.shapes import Form
from cordee_graphql.planner.written import (
    by_code,
    inside,
    itself,
    shown_value,
    text_inside,
    within_owner,
)
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import InLanguage, chosen, described, field
from cordee_graphql.types.enums import AssessmentStatus
from cordee_graphql.types.exact import exact_json
from cordee_graphql.types.member import Member
from cordee_graphql.types.need import LifeDomain, domains
from cordee_graphql.types.rows import from_row

_COMMON = ("instrument", "version", "on", "valid_until", "status", "flags", "ask")


def _instruments(scope: Scope) -> Iterator[tuple[str, CoreInstrument]]:
    for content in scope.host.content.values():
        yield from content.instruments.items()


def _titles(scope: Scope, language: Language) -> dict[str, str]:
    return {code: pick(one.title, language) for code, one in _instruments(scope)}


def _score_titles(scope: Scope, language: Language) -> dict[str, dict[str, str]]:
    return {
        code: {score.key: pick(score.title, language) for score in one.scores}
        for code, one in _instruments(scope)
    }


def _flag_labels(scope: Scope, language: Language) -> dict[str, dict[str, str]]:
    return {
        code: {flag.code: pick(flag.label, language) for flag in one.flags}
        for code, one in _instruments(scope)
    }


@described
class ScoreValue:
    """One score of an assessment."""

    key: str = column("Its key in the instrument.")
    value: str | None = told(
        "Its value as text, numbers exact; null where the answers do not decide it.",
        shown_value("value"),
        finished=True,
    )
    texts: strawberry.Private[Text]
    title = localised_as(
        "What it scores.",
        within_owner("instrument_code", text_inside("key"), _score_titles),
        lambda self: self.texts,
    )


@described
class RaisedFlag:
    """Something in the answers that a person must look at, whatever the score."""

    code: str = told("Its code in the instrument.", itself)
    texts: strawberry.Private[Text]
    label = localised_as(
        "The same in words.",
        within_owner("instrument_code", itself, _flag_labels),
        lambda self: self.texts,
    )


@described
class NotAsked:
    """An item that was not put, which is an answer too."""

    item: str = strawberry.field(description="The item of the instrument.")
    reason: str = strawberry.field(description="Why it was not put.")


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

    @objects_inside(ScoreValue, "result", form=Form.BY_NAME, without=_COMMON)
    def scores(self, info: Info) -> list[ScoreValue]:
        """The scores, one by one."""
        own = _instrument(info, self.instrument_code)
        titles = {one.key: one.title for one in own.scores} if own else {}
        return [
            ScoreValue(key=key, value=_shown(value), texts=titles.get(key) or _as_is(key))
            for key, value in self.scored.items()
            if key not in _COMMON
        ]

    @objects_inside(RaisedFlag, "result", "flags")
    def flags(self, info: Info) -> list[RaisedFlag]:
        """What a person must look at."""
        own = _instrument(info, self.instrument_code)
        labels = {one.code: one.label for one in own.flags} if own else {}
        return [
            RaisedFlag(code=code, texts=labels.get(code) or _as_is(code))
            for code in self.scored["flags"]
        ]

    @field
    def not_asked(self) -> list[NotAsked]:
        """Items that were not put, each with the reason."""
        given: Mapping[str, str] = self.row["not_asked"]
        return [NotAsked(item=item, reason=reason) for item, reason in given.items()]

    @field
    async def unexplored_domains(self, info: Info) -> list[LifeDomain]:
        """The life domains of which none of its answers speaks."""
        own, known = _instrument(info, self.instrument_code), await domains(info)
        spoken = explored(own, self.row["answers"]) if own else set()
        return [LifeDomain.of(code, known) for code in unexplored(known, spoken)]

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
