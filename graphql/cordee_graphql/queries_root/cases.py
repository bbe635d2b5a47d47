"""Persons, cases, referrals."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.cases.queries import CaseQuery
from cordee_core.people.queries import all_persons
from cordee_graphql.connection import After, Before, Connection, First, Last, connect
from cordee_graphql.context import Info
from cordee_graphql.nodes import Gid, find_node
from cordee_graphql.types.case import Case, list_cases
from cordee_graphql.types.declaring import field
from cordee_graphql.types.filters import CaseFilter
from cordee_graphql.types.lists import listing
from cordee_graphql.types.person import Person
from cordee_graphql.types.referral import Referral
from cordee_graphql.types.rows import from_row

_Cases = Annotated[CaseFilter | None, strawberry.argument(description="Which cases.")]


@strawberry.type
class CaseQueries:
    """Root fields about persons and their cases."""

    @field
    async def persons(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Person] | None:
        """The persons registered, newest first. Null with `FORBIDDEN` without `person.read`."""
        own = info.context.operation.scope.own_only(Permission.PERSON_READ)
        rows = listing("persons.newest", all_persons(own), subject=lambda row: row["id"])

        def person(row: dict[str, object]) -> Person:
            return from_row(Person, row)

        return await connect(info, rows, person, first=first, after=after, last=last, before=before)

    @field
    async def person(self, info: Info, id: Gid) -> Person | None:  # noqa: A002 -- the name in the API
        """A person by their id.

        Null with `NOT_FOUND` where there is none that the caller may see.
        """
        return await find_node(info, Person, id)

    @field
    async def cases(
        self,
        info: Info,
        filter: _Cases = None,  # noqa: A002 -- the name in the API
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Case] | None:
        """The cases that fit, newest first. Null with `FORBIDDEN` without `case.read`."""
        wanted = filter.query() if filter else CaseQuery()
        return await list_cases(info, wanted, first=first, after=after, last=last, before=before)

    @field
    async def case(self, info: Info, id: Gid) -> Case | None:  # noqa: A002 -- the name in the API
        """A case by its id.

        Null with `NOT_FOUND` where there is none that the caller may see.
        """
        return await find_node(info, Case, id)

    @field
    async def referral(self, info: Info, id: Gid) -> Referral | None:  # noqa: A002 -- the name in the API
        """A referral by its id.

        Null with `NOT_FOUND` where there is none that the caller may see.
        """
        return await find_node(info, Referral, id)
