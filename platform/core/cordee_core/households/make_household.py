"""Households: made of persons, who come and leave on a day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.households.queries import current_stay
from cordee_core.households.tables import Household, HouseholdMember
from cordee_core.people.tables import Person
from cordee_core.validation import maybe_text, need_end, need_one_of, need_past, need_text, problem

ROLES = ("head", "partner", "child", "parent", "other_relative", "other")


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseholdDraft:
    """What the household is called, and what there is to say of it."""

    name: str
    note: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StayDraft:
    """A person who is in a household since a day."""

    household: UUID
    person: UUID
    role: str
    starts_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaveDraft:
    """The day on which a person left a household; `row_version` is the stay's as it was read."""

    stay: UUID
    row_version: int
    ends_on: date


async def make_household(uow: UnitOfWork, draft: HouseholdDraft) -> Changed:
    """Make a household without anybody in it yet. Raises InvalidInputError."""
    scope = uow.scope
    scope.require(Permission.PERSON_WRITE)
    household = scope.new_id()
    await insert(
        Household(
            tenant_id=scope.tenant, id=household, name=need_text(draft.name, "input", "name"),
            note=maybe_text(draft.note, "input", "note", longest=2000),
            created_at=scope.clock(), created_by=scope.actor.id,
        )
    )  # fmt: skip
    uow.touched("Household", household)
    return {"household": household}


async def join_household(uow: UnitOfWork, draft: StayDraft) -> Changed:
    """Record that the person is in the household; a person may be in several.

    Raises:
        InvalidInputError: the person is in it already, or the day lies ahead.
        NotFoundError: there is no such household or person.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_WRITE)
    await find(Household, draft.household, lock=True)
    person = await find(Person, draft.person)
    if await current_stay(draft.household, draft.person):
        raise problem(
            ("input", "personId"),
            "the person is in this household already",
            "la personne fait déjà partie de ce ménage",
        )
    stay = scope.new_id()
    await insert(
        HouseholdMember(
            tenant_id=scope.tenant, id=stay, household_id=draft.household,
            person_id=draft.person, protected=person["protected"],
            role=need_one_of(draft.role, ROLES, "input", "role"),
            starts_on=need_past(draft.starts_on, scope.clock().date(), "input", "startsOn"),
            recorded_by=scope.actor.id, recorded_at=scope.clock(),
        )
    )  # fmt: skip
    uow.touched("HouseholdMember", stay, person=draft.person)
    return {"household": draft.household, "stay": stay}


async def leave_household(uow: UnitOfWork, draft: LeaveDraft) -> Changed:
    """End a person's time in a household; it stays on record.

    Raises:
        InvalidInputError: it ended before, or the day is before its beginning or lies ahead.
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such stay.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_WRITE)
    stay = await find(HouseholdMember, draft.stay, lock=True)
    ends_on = need_past(draft.ends_on, scope.clock().date(), "input", "endsOn")
    need_end(stay["starts_on"], stay["ends_on"], ends_on, "input", "endsOn")
    await change(HouseholdMember, draft.stay, draft.row_version, {"ends_on": ends_on})
    uow.touched("HouseholdMember", draft.stay, person=stay["person_id"], fields=("ends_on",))
    return {"household": stay["household_id"], "stay": draft.stay}
