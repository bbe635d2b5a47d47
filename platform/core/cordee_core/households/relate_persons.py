"""Relations between persons: typed, directed, dated."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import change, find
from cordee_core.database.turns import take_turn
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.households.queries import ANCESTRY, descends, write_relation
from cordee_core.households.tables import Relation
from cordee_core.people.tables import Person
from cordee_core.validation import maybe_text, need_end, need_one_of, need_past, problem

KINDS = (
    *("parent", "step_parent", "foster_parent", "grandparent", "guardian", "sibling", "spouse"),
    *("partner", "former_partner", "carer", "friend", "neighbour", "other"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RelationDraft:
    """`person` is the `kind` of `other`."""

    person: UUID
    other: UUID
    kind: str
    detail: str | None = None
    starts_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RelationEndDraft:
    """The day on which a relation ended; `row_version` is the relation's as it was read."""

    relation: UUID
    row_version: int
    ends_on: date


async def relate_persons(uow: UnitOfWork, draft: RelationDraft) -> Changed:
    """Record the relation.

    Raises:
        InvalidInputError: a person is related to itself, would be an ancestor of its own
            ancestor, or the relation is recorded already.
        NotFoundError: one of the two is not a person of the tenant.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_WRITE)
    path = ("input", "otherId")
    person, other = await find(Person, draft.person), await find(Person, draft.other)
    if draft.person == draft.other:
        raise problem(
            path, "nobody is related to themselves", "personne n'est en relation avec soi-même"
        )
    kind = need_one_of(draft.kind, KINDS, "input", "kind")
    await _need_no_circle(scope.tenant, draft, kind)
    relation = scope.new_id()
    starts = draft.starts_on
    if starts is not None:
        need_past(starts, scope.clock().date(), "input", "startsOn")
    row = {
        "id": relation, "person_id": draft.person, "person_protected": person["protected"],
        "other_id": draft.other, "other_protected": other["protected"], "kind": kind,
        "detail": maybe_text(draft.detail, "input", "detail"), "starts_on": starts,
        "recorded_by": scope.actor.id, "recorded_at": scope.clock(),
    }  # fmt: skip
    try:
        await write_relation(scope.tenant, row)
    except asyncpg.UniqueViolationError as error:
        raise problem(path, "this relation is recorded", "cette relation existe déjà") from error
    uow.touched("Relation", relation, person=draft.person)
    uow.touched("Relation", relation, person=draft.other)
    return {"relation": relation, "person": draft.person}


async def _need_no_circle(tenant: UUID, draft: RelationDraft, kind: str) -> None:
    """Refuse a relation that would make somebody their own ancestor."""
    # Two that close a circle together wait for each other here.
    await take_turn(tenant, "kin")
    if kind in ANCESTRY and await descends(draft.person, draft.other):
        raise problem(
            ("input", "otherId"),
            "the relations would go round in a circle: nobody is their own ancestor",
            "les relations formeraient une boucle : personne n'est son propre ancêtre",
        )


async def end_relation(uow: UnitOfWork, draft: RelationEndDraft) -> Changed:
    """End a relation on a day; it stays on record.

    Raises:
        InvalidInputError: it ended before, or the day is before its beginning or lies ahead.
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such relation.
    """
    scope = uow.scope
    scope.require(Permission.PERSON_WRITE)
    relation = await find(Relation, draft.relation, lock=True)
    ends_on = need_past(draft.ends_on, scope.clock().date(), "input", "endsOn")
    need_end(relation["starts_on"], relation["ends_on"], ends_on, "input", "endsOn")
    await change(Relation, draft.relation, draft.row_version, {"ends_on": ends_on})
    uow.touched("Relation", draft.relation, person=relation["person_id"], fields=("ends_on",))
    return {"relation": draft.relation, "person": relation["person_id"]}
