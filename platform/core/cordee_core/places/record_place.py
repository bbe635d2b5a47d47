"""Where a person lives is recorded; a move ends the place before."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.people.tables import Person
from cordee_core.places.queries import end_open_place, stays_of
from cordee_core.places.stays import KINDS, overlaps
from cordee_core.places.tables import PlaceOfLiving, Territory
from cordee_core.validation import maybe_text, need_end, need_one_of, need_past, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceDraft:
    """Where, since when, how long it is meant to last; `ends_on` for one that is over."""

    person: UUID
    kind: str
    starts_on: date
    detail: str | None = None
    territory: UUID | None = None
    planned_end: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceEndDraft:
    """The day on which it ended; `row_version` is the row's as it was read."""

    place: UUID
    row_version: int
    ends_on: date


async def record_place(uow: UnitOfWork, draft: PlaceDraft) -> Changed:
    """Record a place of living; where the person lives now ends with a later beginning.

    Raises:
        InvalidInputError: the days overlap another place's, lie ahead or are in the wrong order.
        NotFoundError: there is no such person or territory.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_WRITE)
    today = scope.clock().date()
    person = await find(Person, draft.person, lock=True)
    if draft.territory is not None:
        await find(Territory, draft.territory)
    need_past(draft.starts_on, today, "input", "startsOn")
    _need_order(draft, today)
    await _make_room(uow, draft)
    place = scope.new_id()
    await insert(
        PlaceOfLiving(
            tenant_id=scope.tenant, id=place, person_id=draft.person,
            protected=person["protected"], kind=need_one_of(draft.kind, KINDS, "input", "kind"),
            detail=maybe_text(draft.detail, "input", "detail", longest=500),
            territory_id=draft.territory, starts_on=draft.starts_on,
            planned_end=draft.planned_end, ends_on=draft.ends_on, recorded_by=scope.actor.id,
            recorded_at=scope.clock(),
        )
    )  # fmt: skip
    uow.touched("PlaceOfLiving", place, person=draft.person)
    return {"place": place, "person": draft.person}


async def end_place(uow: UnitOfWork, draft: PlaceEndDraft) -> Changed:
    """End a place of living without another one being known.

    Raises:
        InvalidInputError: it ended before, or the day is before its beginning or lies ahead.
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such row.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_WRITE)
    row = await find(PlaceOfLiving, draft.place, lock=True)
    path = ("input", "endsOn")
    need_past(draft.ends_on, scope.clock().date(), *path)
    need_end(row["starts_on"], row["ends_on"], draft.ends_on, *path)
    await change(PlaceOfLiving, draft.place, draft.row_version, {"ends_on": draft.ends_on})
    uow.touched("PlaceOfLiving", draft.place, person=row["person_id"], fields=("ends_on",))
    return {"place": draft.place, "person": row["person_id"]}


def _need_order(draft: PlaceDraft, today: date) -> None:
    if draft.ends_on is not None:
        need_past(draft.ends_on, today, "input", "endsOn")
    for name, day in (("endsOn", draft.ends_on), ("plannedEnd", draft.planned_end)):
        if day is not None:
            need_end(draft.starts_on, None, day, "input", name)


async def _make_room(uow: UnitOfWork, draft: PlaceDraft) -> None:
    """End the open place if this is a move out of it. Raises where days would overlap."""
    stays = await stays_of(draft.person)
    current = next((one for one in stays if one.ends_on is None), None)
    moved = current is not None and draft.ends_on is None and current.starts_on < draft.starts_on
    others = [one for one in stays if one is not current] if moved else stays
    if overlaps(others, draft.starts_on, draft.ends_on):
        raise problem(
            ("input", "startsOn"),
            "the days overlap those of another place of living",
            "ces jours chevauchent ceux d'un autre lieu de vie",
        )
    if moved:
        await end_open_place(uow.scope.tenant, draft.person, draft.starts_on)
