"""Trainings and qualifications with their expiry, and what asks for them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import MemberLeftError
from cordee_core.members.queries import requirements_for, store_requirement, trainings_in_force
from cordee_core.members.tables import Member, Training
from cordee_core.validation import need_name, need_one_of, need_past, need_text, problem

KINDS = ("training", "qualification")
SUBJECTS = ("method", "instrument")

Subject = tuple[str, str]
"""What may ask for a training: ``method`` or ``instrument``, and its code."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingDraft:
    """What a member proved, and until when it holds."""

    member: UUID
    kind: str
    code: str
    title: str
    obtained_on: date
    expires_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RequirementDraft:
    """A method or an instrument that needs a training, or no longer does."""

    subject: str
    subject_code: str
    training: str
    required: bool = True


async def record_training(uow: UnitOfWork, draft: TrainingDraft) -> Changed:
    """Keep that a member has a training or a qualification.

    Raises:
        InvalidInputError: a value is malformed, or the expiry lies before the beginning.
        MemberLeftError: the member is no longer one of the tenant's.
        NotFoundError: there is no such member.
    """
    scope = uow.scope
    scope.require(Permission.MEMBER_MANAGE)
    member = await find(Member, draft.member)
    if member["status"] != "active":
        raise MemberLeftError(path=("input", "memberId"), member=member["display_name"])
    need_past(draft.obtained_on, scope.clock().date(), "input", "obtainedOn")
    if draft.expires_on is not None and draft.expires_on < draft.obtained_on:
        raise problem(
            ("input", "expiresOn"),
            "it would expire before it was obtained",
            "elle expirerait avant d'être obtenue",
        )
    await insert(
        Training(
            tenant_id=scope.tenant, id=scope.new_id(), member_id=draft.member,
            kind=need_one_of(draft.kind, KINDS, "input", "kind"),
            code=need_name(draft.code, "input", "code"),
            title=need_text(draft.title, "input", "title"), obtained_on=draft.obtained_on,
            expires_on=draft.expires_on, recorded_at=scope.clock(), recorded_by=scope.actor.id,
        )
    )  # fmt: skip
    uow.touched("Member", draft.member, fields=("trainings",))
    return {"member": draft.member}


async def require_training(uow: UnitOfWork, draft: RequirementDraft) -> Changed:
    """Set whether a method or an instrument asks for a training; twice is once."""
    scope = uow.scope
    scope.require(Permission.PROGRAMME_MANAGE)
    subject = need_one_of(draft.subject, SUBJECTS, "input", "subject")
    code = need_text(draft.subject_code, "input", "subjectCode")
    training = need_name(draft.training, "input", "training")
    identifier = await store_requirement(
        scope.tenant, scope.new_id(), (subject, code), training, draft.required,
        scope.clock(), scope.actor.id,
    )  # fmt: skip
    uow.touched("TrainingRequirement", identifier)
    return {"requirement": identifier}


async def lacking(
    subjects: Collection[Subject], members: Iterable[UUID], on: date
) -> dict[UUID, tuple[str, ...]]:
    """Return the trainings that `subjects` ask for and each member has not in force on a day."""
    wanted = list(members)
    required = await requirements_for(subjects)
    if not required:
        return dict.fromkeys(wanted, ())
    held = await trainings_in_force(wanted, on)
    return {member: tuple(sorted(required - held.get(member, frozenset()))) for member in wanted}


async def required_by(subjects: Collection[Subject]) -> tuple[str, ...]:
    """Return the trainings that `subjects` ask for, by code."""
    return tuple(sorted(await requirements_for(subjects)))
