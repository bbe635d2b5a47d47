"""A need, a strength or a wish is recorded in the words of whoever has it; or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.assessments.tables import Assessment
from cordee_core.cases.tables import Case
from cordee_core.cases.timeline import add_entry
from cordee_core.database.rows import Found, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import InvalidInputError
from cordee_core.languages import Text
from cordee_core.needs.domains import known_domains
from cordee_core.needs.tables import Need
from cordee_core.obligations.open_cases import need_open
from cordee_core.validation import EMPTY, maybe_text, need_one_of, need_past, need_text, problem

KINDS = ("need", "strength", "wish", "none")
SOURCES = ("assessment", "conversation")
HOLDERS = ("person", "relative")


@dataclass(frozen=True, kw_only=True, slots=True)
class NeedDraft:
    """What was brought out: kind, life domain, whose it is, in their words, from where.

    Of kind ``none``, `words` say why neither a strength nor a wish is recorded.
    """

    case: UUID
    kind: str
    words: str
    life_domain: str | None = None
    assessment: UUID | None = None
    holder: str = "person"
    relative_name: str | None = None
    found_on: date | None = None


async def add_need(uow: UnitOfWork, draft: NeedDraft) -> Changed:
    """Record the row. Its source is the assessment where one is named, else a conversation.

    Raises:
        InvalidInputError: a value is missing or malformed, or the life domain is unknown.
        TransitionBlockedError: the case has ended.
        NotFoundError: there is no such case or assessment of it.
    """
    scope, today = uow.scope, uow.scope.clock().date()
    scope.require(Permission.CASE_WRITE)
    case = need_open(await find(Case, draft.case, lock=True))
    kind = need_one_of(draft.kind, KINDS, "input", "kind")
    words = need_text(draft.words, "input", "words", longest=5000)
    domains = await known_domains(scope)
    domain = _domain(kind, draft.life_domain, domains)
    found_on = need_past(draft.found_on or today, today, "input", "foundOn")
    await _assessment_of(case, draft.assessment)
    identifier = scope.new_id()
    await insert(
        Need(
            tenant_id=scope.tenant, id=identifier, case_id=draft.case, kind=kind,
            life_domain=domain, words=words, assessment_id=draft.assessment,
            source="conversation" if draft.assessment is None else "assessment",
            holder=need_one_of(draft.holder, HOLDERS, "input", "holder"),
            relative_name=_relative(draft), found_on=found_on, created_at=scope.clock(),
            created_by=scope.actor.id,
        )
    )  # fmt: skip
    told = {"words": words} | ({"domain": dict(domains[domain])} if domain else {})
    await add_entry(scope, draft.case, f"need_added_{kind}", params=told)
    uow.touched("Need", identifier, person=case["person_id"])
    return {"need": identifier, "case": draft.case}


def _domain(kind: str, domain: str | None, known: Mapping[str, Text]) -> str | None:
    path = ("input", "lifeDomain")
    if kind == "none":
        if domain is not None:
            raise problem(
                path,
                "why there is none concerns no single life domain",
                "l'absence ne concerne pas un seul domaine de vie",
            )
        return None
    if domain is None:
        raise InvalidInputError(path=path, problem=EMPTY)
    return need_one_of(domain, known, *path)


def _relative(draft: NeedDraft) -> str | None:
    if draft.holder == "relative":
        return need_text(draft.relative_name, "input", "relativeName")
    if maybe_text(draft.relative_name, "input", "relativeName") is not None:
        raise problem(
            ("input", "relativeName"),
            "only what a relative has names one",
            "seul ce qu'un proche exprime en nomme un",
        )
    return None


async def _assessment_of(case: Found, assessment: UUID | None) -> None:
    if assessment is None:
        return
    row = await find(Assessment, assessment)
    if row["case_id"] != case["id"]:
        raise problem(
            ("input", "assessmentId"),
            "the assessment belongs to another case",
            "l'évaluation appartient à un autre suivi",
        )
