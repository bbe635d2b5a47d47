"""Customs: recorded in the person's words, ended when they hold no longer. Restricted class."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.customs.tables import Custom
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import AlreadyDecidedError
from cordee_core.people.tables import Person
from cordee_core.validation import need_one_of, need_text

KINDS = ("faith", "food", "worker_gender", "who_may_be_told", "who_decides", "other")


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomDraft:
    """Which kind of custom, in the person's words."""

    person: UUID
    kind: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomEndDraft:
    """A custom that holds no longer; `row_version` is the row's as it was read."""

    custom: UUID
    row_version: int


async def record_custom(uow: UnitOfWork, draft: CustomDraft) -> Changed:
    """Record a custom that the person wants known. Raises InvalidInputError, NotFoundError."""
    scope = uow.scope
    scope.require(Permission.PERSON_SENSITIVE)
    person = await find(Person, draft.person)
    custom = scope.new_id()
    await insert(
        Custom(
            tenant_id=scope.tenant, id=custom, person_id=draft.person,
            protected=person["protected"], kind=need_one_of(draft.kind, KINDS, "input", "kind"),
            words=need_text(draft.words, "input", "words", longest=2000),
            recorded_by=scope.actor.id, recorded_at=scope.clock(),
        )
    )  # fmt: skip
    uow.touched("Custom", custom, person=draft.person)
    return {"custom": custom, "person": draft.person}


async def end_custom(uow: UnitOfWork, draft: CustomEndDraft) -> Changed:
    """End a custom; it stays on record.

    Raises:
        AlreadyDecidedError: it ended before.
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such row.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_SENSITIVE)
    row = await find(Custom, draft.custom, lock=True)
    if row["ended_at"] is not None:
        raise AlreadyDecidedError(path=("input", "customId"))
    await change(Custom, draft.custom, draft.row_version, {"ended_at": scope.clock()})
    uow.touched("Custom", draft.custom, person=row["person_id"], fields=("ended_at",))
    return {"custom": draft.custom, "person": row["person_id"]}
