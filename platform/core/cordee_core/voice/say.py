"""What the person says in a case: by themself, through who acts for them, or with support."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.cases.queries import persons_in_household
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError, NotFoundError
from cordee_core.households.queries import representatives_on
from cordee_core.languages import catalogue
from cordee_core.people.tables import Person
from cordee_core.validation import (
    maybe_text,
    need_language,
    need_one_of,
    need_text,
    problem,
)
from cordee_core.voice.tables import Statement

KINDS = ("wish", "goal", "comment", "dissent", "choice", "complaint", "referent_request")
FORMS = ("own", "representative", "supported")
ANSWERED = ("complaint", "referent_request")
"""What the organisation owes an answer to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementDraft:
    """What was said and how: of several offers which one was chosen, and which were refused."""

    case: UUID
    kind: str
    words: str
    language: str
    form: str = "own"
    support: str | None = None
    chosen: str | None = None
    refused: tuple[str, ...] = ()
    person: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerDraft:
    """The answer to a complaint or request; `row_version` is the statement's as it was read."""

    statement: UUID
    row_version: int
    answer: str


async def say(uow: UnitOfWork, draft: StatementDraft) -> Changed:
    """Record what the person says. Their words are never changed afterwards.

    The person may do so in their own cases; members for them, with the form: a representative
    who may act that day, or support that is described.

    Raises:
        InvalidInputError: the words are missing, a choice names no offer, or nobody is known to
            act for the person.
        NotFoundError: there is no such case that the caller may see.
    """
    scope = uow.scope
    person = await _speaker(scope, draft)
    kind = need_one_of(draft.kind, KINDS, "input", "kind")
    chosen = maybe_text(draft.chosen, "input", "chosen")
    if (kind == "choice") != (chosen is not None):
        raise problem(
            ("input", "chosen"),
            "a choice names what was chosen, and only a choice does",
            "un choix nomme ce qui est choisi, et seul un choix le fait",
        )
    support = await _form(scope, draft, person)
    statement = scope.new_id()
    await insert(
        Statement(
            tenant_id=scope.tenant, id=statement, case_id=draft.case, person_id=person["id"],
            protected=person["protected"], kind=kind,
            words=need_text(draft.words, "input", "words", longest=5000), chosen=chosen,
            refused=[need_text(one, "input", "refused") for one in draft.refused],
            form=draft.form, support=support,
            language=need_language(draft.language, "input", "language"),
            recorded_by=scope.actor.id, recorded_at=scope.clock(),
        )
    )  # fmt: skip
    params = {"what": catalogue("words")[f"said_{kind}"]}
    await add_entry(scope, draft.case, "person_said", params=params)
    uow.touched("Statement", statement, person=person["id"])
    return {"case": draft.case, "statement": statement}


async def answer_statement(uow: UnitOfWork, draft: AnswerDraft) -> Changed:
    """Answer a complaint or a request for another referent.

    Raises:
        AlreadyDecidedError: it has an answer.
        InvalidInputError: the answer is missing, or what was said asks for none.
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such statement.
    """
    scope = uow.scope
    scope.require(Permission.CASE_ASSIGN)
    row = await find(Statement, draft.statement, lock=True)
    if row["kind"] not in ANSWERED:
        raise problem(("input", "statementId"), "nothing is asked here", "rien n'est demandé ici")
    if row["answer"] is not None:
        raise AlreadyDecidedError(path=("input", "statementId"))
    values = {
        "answer": need_text(draft.answer, "input", "answer", longest=5000),
        "answered_by": scope.actor.id,
        "answered_at": scope.clock(),
    }
    await change(Statement, draft.statement, draft.row_version, values)
    params = {"what": catalogue("words")[f"said_{row['kind']}"]}
    await add_entry(scope, row["case_id"], "person_answered", params=params)
    uow.touched("Statement", draft.statement, person=row["person_id"], fields=values)
    return {"case": row["case_id"], "statement": draft.statement}


async def _speaker(scope: Scope, draft: StatementDraft) -> Found:
    """Return who speaks in the case. Raises NotFoundError where it is not the caller's to say."""
    own = scope.own_only(Permission.VOICE_WRITE)
    case = await find(Case, draft.case, lock=True)
    about = await persons_in_household(draft.case)
    if case["person_id"] is not None:
        about = [case["person_id"]]
    speaker = draft.person or own or (about[0] if len(about) == 1 else None)
    if speaker is None or speaker not in about or own not in (None, speaker):
        raise NotFoundError(identifier=draft.person or draft.case)
    return await find(Person, speaker)


async def _form(scope: Scope, draft: StatementDraft, person: Found) -> str | None:
    """Return the support that was given, checked against the form and against who records it."""
    need_one_of(draft.form, FORMS, "input", "form")
    support = maybe_text(draft.support, "input", "support", longest=500)
    if draft.form == "supported":
        return need_text(support, "input", "support", longest=500)
    if draft.form == "representative" and not await representatives_on(
        person["id"], scope.clock().date(), "administration"
    ):
        raise problem(
            ("input", "form"),
            "nobody is recorded who may act for the person today",
            "personne n'est enregistré pour agir au nom de la personne aujourd'hui",
        )
    return support
