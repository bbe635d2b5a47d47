"""An instrument is used in a case: answers checked item by item, scored, kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.assessments.tables import Assessment
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import (
    InstrumentNotReadyError,
    TransitionBlockedError,
    UnknownInstrumentError,
)
from cordee_core.instruments.answers import check_answers, jsonable
from cordee_core.instruments.model import Instrument
from cordee_core.instruments.score import score
from cordee_core.languages import catalogue
from cordee_core.validation import need_language, need_one_of, need_past

INFORMANTS = ("person", "relative", "professional", "representative")


@dataclass(frozen=True, kw_only=True, slots=True)
class AssessmentDraft:
    """The instrument, the answers (by item or in item order), who gave them, when, how."""

    case: UUID
    instrument: str
    answers: Mapping[str, object] | list[object]
    assessed_on: date
    informant: str = "person"
    language: str = "fr"


async def complete_assessment(uow: UnitOfWork, draft: AssessmentDraft) -> Changed:
    """Score the answers and keep both with the instrument's version.

    Raises:
        UnknownInstrumentError: no enabled plugin has the instrument.
        InvalidAnswerError: an answer does not fit its item.
        InstrumentNotReadyError: a safety flag of it would have nobody who is called.
        TransitionBlockedError: the case is no longer open.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    case = await find(Case, draft.case)
    if case["stage"] == "refused":
        raise TransitionBlockedError(
            codes=["case_closed"], objections=catalogue("objections")["case_closed"]
        )
    plugin, instrument = find_instrument(uow, draft.instrument)
    need_past(draft.assessed_on, scope.clock().date(), "input", "assessedOn")
    answers = check_answers(instrument, draft.answers, ("input", "answers"))
    result = score(instrument, answers, draft.assessed_on)
    assessment = scope.new_id()
    await insert(
        Assessment(
            tenant_id=scope.tenant, id=assessment, case_id=draft.case, plugin=plugin,
            instrument_code=instrument.code, instrument_version=instrument.version,
            answers={name: jsonable(value) for name, value in answers.values.items()},
            result=result.to_json(),
            informant=need_one_of(draft.informant, INFORMANTS, "input", "informant"),
            language=need_language(draft.language, "input", "language"),
            assessed_on=draft.assessed_on, valid_until=result.valid_until,
            created_at=scope.clock(), created_by=scope.actor.id,
        )
    )  # fmt: skip
    params = {"title": dict(instrument.title)}
    await add_entry(scope, draft.case, "assessment_completed", params=params)
    uow.touched("Assessment", assessment, person=case["person_id"])
    uow.emit("cordee_assessment_completed", case=draft.case, assessment=assessment)
    return {"assessment": assessment, "case": draft.case}


def find_instrument(uow: UnitOfWork, code: str) -> tuple[str, Instrument]:
    """Return the plugin and the instrument of that code.

    Raises:
        UnknownInstrumentError: no plugin that the tenant enabled has it.
        InstrumentNotReadyError: it has safety flags, which need obligations to be answered.
    """
    path = ("input", "instrument")
    try:
        plugin, instrument = uow.scope.host.instrument(code)
    except UnknownInstrumentError as error:
        raise UnknownInstrumentError(path=path, instrument=code) from error
    if plugin not in uow.scope.enabled:
        raise UnknownInstrumentError(path=path, instrument=code)
    if any(flag.severity == "urgent" for flag in instrument.flags):
        raise InstrumentNotReadyError(path=("input", "instrument"), instrument=code)
    return plugin, instrument
