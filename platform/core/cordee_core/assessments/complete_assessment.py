"""An instrument is used in a case: answers checked item by item, scored, kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.assessments.queries import assessments_of, safety_contact
from cordee_core.assessments.tables import Assessment
from cordee_core.assessments.valid_answers import answers_of, valid_answers
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import InstrumentNotReadyError, UnknownInstrumentError
from cordee_core.instruments.answers import Answers, check_answers, completed_from, with_not_asked
from cordee_core.instruments.model import Instrument
from cordee_core.instruments.score import ScoreResult, score
from cordee_core.members.tables import Member
from cordee_core.obligations.open_cases import need_open
from cordee_core.obligations.open_obligation import open_obligation
from cordee_core.referents.need_training import need_training
from cordee_core.validation import maybe_text, need_language, need_one_of, need_past, need_text

INFORMANTS = ("person", "relative", "professional", "representative")
SAFETY_FLAG = "safety_flag"
"""The kind of source of an obligation that a safety flag opened."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AssessmentDraft:
    """The instrument, the answers (by item or in item order), who gave them, when, how.

    `not_asked` gives the reason by item; `take_over` fills the rest from what the same informant
    said and is still valid; `override_reason` says why it is used without the training it asks for.
    """

    case: UUID
    instrument: str
    answers: Mapping[str, object] | list[object]
    assessed_on: date
    informant: str = "person"
    language: str = "fr"
    not_asked: Mapping[str, str] = field(default_factory=dict[str, str])
    take_over: bool = False
    override_reason: str | None = None


async def complete_assessment(uow: UnitOfWork, draft: AssessmentDraft) -> Changed:
    """Score the answers and keep both with the instrument's version.

    Each safety flag that they raise opens an obligation at once, for whom the tenant has called.

    Raises:
        UnknownInstrumentError: no enabled plugin has the instrument.
        TrainingMissingError: the instrument asks for a training, and no reason overrides it.
        InvalidAnswerError: an answer does not fit its item.
        InstrumentNotReadyError: it has safety flags, and the tenant has not set who is called.
        TransitionBlockedError: the case is no longer open.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    scope.require(Permission.CASE_WRITE)
    case = need_open(await find(Case, draft.case, lock=True))
    plugin, instrument = find_instrument(uow, draft.instrument)
    await _trained(uow, case, instrument, draft)
    called = await _who_is_called(instrument)
    answers, limit = await _answers(uow, instrument, draft)
    result = score(instrument, answers, draft.assessed_on)
    assessment = scope.new_id()
    await insert(
        Assessment(
            tenant_id=scope.tenant, id=assessment, case_id=draft.case, plugin=plugin,
            instrument_code=instrument.code, instrument_version=instrument.version,
            answers=answers.to_json(), not_asked=dict(answers.not_asked),
            result=result.to_json(), informant=draft.informant,
            language=need_language(draft.language, "input", "language"),
            assessed_on=draft.assessed_on, valid_until=_earlier(result.valid_until, limit),
            created_at=scope.clock(), created_by=scope.actor.id,
        )
    )  # fmt: skip
    title = {"title": dict(instrument.title)}
    await add_entry(scope, draft.case, "assessment_completed", params=title)
    uow.touched("Assessment", assessment, person=case["person_id"])
    uow.emit("cordee_assessment_completed", case=draft.case, assessment=assessment)
    await _call(uow, case, instrument, result, (assessment, called))
    return {"assessment": assessment, "case": draft.case}


async def _trained(
    uow: UnitOfWork, case: Found, instrument: Instrument, draft: AssessmentDraft
) -> None:
    override = maybe_text(draft.override_reason, "input", "overrideReason", longest=2000)
    subject = ("instrument", instrument.code)
    await need_training(uow, case, subject, override, "input", "instrument")


async def _answers(
    uow: UnitOfWork, instrument: Instrument, draft: AssessmentDraft
) -> tuple[Answers, date | None]:
    """Return the answers, and until when at most they count where some were taken over."""
    need_past(draft.assessed_on, uow.scope.clock().date(), "input", "assessedOn")
    need_one_of(draft.informant, INFORMANTS, "input", "informant")
    path = ("input", "notAsked")
    reasons = {
        item: need_text(reason, *path, item, longest=1000)
        for item, reason in draft.not_asked.items()
    }
    given = check_answers(instrument, draft.answers, ("input", "answers"))
    given = with_not_asked(given, reasons, path)
    if not draft.take_over:
        return given, None
    today = uow.scope.clock().date()
    rows = (await assessments_of(uow.scope.tenant, [draft.case], today)).get(draft.case, [])
    known = answers_of(draft.informant, valid_answers(instrument, rows))
    whole = completed_from(given, {item: one.value for item, one in known.items()})
    taken = [known[item].valid_until for item in whole.values if item not in given.values]
    return whole, min((one for one in taken if one is not None), default=None)


def _earlier(first: date | None, second: date | None) -> date | None:
    return min((one for one in (first, second) if one is not None), default=None)


async def _who_is_called(instrument: Instrument) -> UUID | None:
    """Return who is called for the instrument's safety flags; None where it has none."""
    if not instrument.safety_flags:
        return None
    contact = await safety_contact(instrument.code)
    member = None if contact is None else await find(Member, contact["member_id"])
    if member is None or member["status"] != "active":
        raise InstrumentNotReadyError(path=("input", "instrument"), instrument=instrument.code)
    return UUID(str(member["id"]))


async def _call(
    uow: UnitOfWork,
    case: Found,
    instrument: Instrument,
    result: ScoreResult,
    about: tuple[UUID, UUID | None],
) -> None:
    assessment, called = about
    for flag in instrument.safety_flags:
        if flag.code in result.flags:
            await open_obligation(
                uow, case=case, rule=f"{instrument.code}:{flag.code}", label=flag.label,
                due_at=uow.scope.clock() + timedelta(hours=flag.due_hours), member=called,
                source=(SAFETY_FLAG, assessment),
            )  # fmt: skip


def find_instrument(uow: UnitOfWork, code: str) -> tuple[str, Instrument]:
    """Return the plugin and the instrument of that code.

    Raises:
        UnknownInstrumentError: no plugin that the tenant enabled has it.
    """
    path = ("input", "instrument")
    try:
        plugin, instrument = uow.scope.host.instrument(code)
    except UnknownInstrumentError as error:
        raise UnknownInstrumentError(path=path, instrument=code) from error
    if plugin not in uow.scope.enabled:
        raise UnknownInstrumentError(path=path, instrument=code)
    return plugin, instrument
