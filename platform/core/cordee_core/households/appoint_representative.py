"""Representatives: who may act for a person, in what, for how long, by which proof."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.households.tables import Representative
from cordee_core.people.tables import Person
from cordee_core.validation import maybe_text, need_end, need_one_of, need_past, problem

KINDS = ("parent", "guardian", "curator", "mandatary", "trusted_person", "other")
SCOPES = ("consent", "care", "property", "residence", "education", "administration")


@dataclass(frozen=True, kw_only=True, slots=True)
class RepresentativeDraft:
    """A registered person or somebody by name, in what they may act, from when until when."""

    person: UUID
    kind: str
    scopes: tuple[str, ...]
    starts_on: date
    ends_on: date | None = None
    representative: UUID | None = None
    name: str | None = None
    proof: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RepresentativeEndDraft:
    """The day on which it ended; `row_version` is the row's as it was read."""

    representative: UUID
    row_version: int
    ends_on: date


async def appoint_representative(uow: UnitOfWork, draft: RepresentativeDraft) -> Changed:
    """Record who may act for the person.

    Raises:
        InvalidInputError: it is nobody, the person itself, acts in nothing, or the term ends
            before it begins.
        NotFoundError: there is no such person.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_WRITE)
    person = await find(Person, draft.person)
    name = maybe_text(draft.name, "input", "name")
    await _need_somebody(draft, name)
    if not draft.scopes:
        raise problem(("input", "scopes"), "say in what they may act", "dites pour quoi")
    scopes = [need_one_of(one, SCOPES, "input", "scopes") for one in draft.scopes]
    if draft.ends_on is not None:
        need_end(draft.starts_on, None, draft.ends_on, "input", "endsOn")
    identifier = scope.new_id()
    await insert(
        Representative(
            tenant_id=scope.tenant, id=identifier, person_id=draft.person,
            protected=person["protected"], representative_id=draft.representative, name=name,
            kind=need_one_of(draft.kind, KINDS, "input", "kind"), scopes=sorted(set(scopes)),
            proof=maybe_text(draft.proof, "input", "proof", longest=500),
            starts_on=draft.starts_on, ends_on=draft.ends_on, recorded_by=scope.actor.id,
            recorded_at=scope.clock(),
        )
    )  # fmt: skip
    uow.touched("Representative", identifier, person=draft.person)
    return {"representative": identifier, "person": draft.person}


async def _need_somebody(draft: RepresentativeDraft, name: str | None) -> None:
    path = ("input", "representativeId")
    if (draft.representative is None) == (name is None):
        raise problem(
            path,
            "name a registered person or somebody by name, one of the two",
            "indiquez une personne enregistrée ou un nom, l'un des deux",
        )
    if draft.representative == draft.person:
        raise problem(path, "nobody represents themselves", "personne ne se représente soi-même")
    if draft.representative is not None:
        await find(Person, draft.representative)


async def end_representation(uow: UnitOfWork, draft: RepresentativeEndDraft) -> Changed:
    """End it on a day that has come; it stays on record.

    Raises:
        InvalidInputError: the day is before its beginning or lies ahead.
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such row.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_WRITE)
    row = await find(Representative, draft.representative, lock=True)
    ends_on = need_past(draft.ends_on, scope.clock().date(), "input", "endsOn")
    need_end(row["starts_on"], None, ends_on, "input", "endsOn")
    await change(Representative, draft.representative, draft.row_version, {"ends_on": ends_on})
    uow.touched(
        "Representative", draft.representative, person=row["person_id"], fields=("ends_on",)
    )
    return {"representative": draft.representative, "person": row["person_id"]}
