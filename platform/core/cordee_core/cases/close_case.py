"""A case is closed: why, who looks after the person, until when the record is kept."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.cases.enter_stage import Entry, enter_stage
from cordee_core.cases.move_case import against_move
from cordee_core.cases.tables import Case, Closure
from cordee_core.cases.timeline import add_entry
from cordee_core.cases.transitions import blocked
from cordee_core.database.rows import Found, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.programmes.definition import parse_draft, parse_model
from cordee_core.programmes.tables import ModelVersion, ProgrammeVersion, Vocabulary
from cordee_core.validation import maybe_text, problem
from cordee_core.vocabularies import CLOSURE, terms
from cordee_core.vocabularies import Entry as Term


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseDraft:
    """The case as it was read, the reason's code, the dates of after-care and of retention."""

    case: UUID
    row_version: int
    reason: str
    after_care_on: date
    retain_until: date
    note: str | None = None


async def close_case(uow: UnitOfWork, draft: CloseDraft) -> Changed:
    """Close the case with all that closing ends: obligations, actions, the circle's access.

    Raises:
        TransitionBlockedError: something stands against it; all objections are listed.
        InvalidInputError: the programme's vocabulary has no such reason, or a date has passed.
        StaleObjectError: the case changed since it was read.
        NotFoundError: there is no such case.
    """
    scope = uow.scope
    scope.require(Permission.CASE_MOVE)
    case = await find(Case, draft.case, lock=True)
    objections = await against_move(uow, case, "closed")
    if objections:
        raise blocked(objections, "input", "caseId")
    vocabulary, term = await _reason(uow, case, draft.reason)
    _dates(draft, scope.clock().date())
    await insert(
        Closure(
            tenant_id=scope.tenant, id=scope.new_id(), case_id=draft.case,
            number=case["stage_number"] + 1, vocabulary=vocabulary, reason_code=term.code,
            reason=dict(term.label), note=maybe_text(draft.note, "input", "note", longest=5000),
            after_care_on=draft.after_care_on, retain_until=draft.retain_until,
            closed_at=scope.clock(), closed_by=scope.actor.id,
        )
    )  # fmt: skip
    await enter_stage(uow, case, Entry("closed", draft.row_version))
    params = {
        "reason": dict(term.label),
        "after_care": draft.after_care_on.isoformat(),
        "retention": draft.retain_until.isoformat(),
    }
    await add_entry(scope, draft.case, "case_closed", params=params)
    return {"case": draft.case}


async def _reason(uow: UnitOfWork, case: Found, code: str) -> tuple[str, Term]:
    """Return the vocabulary of closure, the model's before the programme's, and the reason."""
    programme = await find(ProgrammeVersion, case["programme_version_id"])
    model = await find(ModelVersion, case["model_version_id"])
    name = (
        parse_model(model["definition"]).closure_vocabulary
        or parse_draft(programme["definition"]).closure_vocabulary
        or CLOSURE
    )
    own = await Vocabulary.select(Vocabulary.definition).where(Vocabulary.code == name)
    brought = [uow.scope.host.content[plugin] for plugin in sorted(uow.scope.enabled)]
    vocabulary = terms([row["definition"] for row in own], brought, name)
    term = vocabulary.entry(code) if vocabulary is not None else None
    if term is None:
        known = ", ".join(one.code for one in vocabulary.entries) if vocabulary else name
        raise problem(
            ("input", "reason"),
            f"the programme closes cases for one of these reasons: {known}",
            f"le programme clôt les suivis pour un de ces motifs : {known}",
        )
    return name, term


def _dates(draft: CloseDraft, today: date) -> None:
    if draft.after_care_on < today:
        raise problem(
            ("input", "afterCareOn"),
            "after-care does not lie in the past",
            "le suivi après clôture ne se situe pas dans le passé",
        )
    if draft.retain_until < draft.after_care_on:
        raise problem(
            ("input", "retainUntil"),
            "the record is kept at least until the after-care",
            "le dossier est conservé au moins jusqu'au suivi après clôture",
        )
