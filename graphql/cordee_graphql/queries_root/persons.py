"""Finding persons, and what the organisation defined for their records."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import Found, find_many
from cordee_core.people import tables
from cordee_core.people.identifiers import KNOWN
from cordee_core.people.queries import identifier_kinds, person_fields
from cordee_core.people.search import Match, Matches, SearchDraft, Term, find_matches, parse_search
from cordee_core.validation import maybe_text
from cordee_graphql.connection import After, Before, Connection, First, Last, Listing, connect
from cordee_graphql.context import Info
from cordee_graphql.cursors import Key
from cordee_graphql.operation import Operation, Reading
from cordee_graphql.planner.loading import made
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.person import Person
from cordee_graphql.types.person_parts import IdentifierKind, PersonField

Words = Annotated[
    str,
    strawberry.argument(
        description="Words of names, in any order, with or without accents, the last one perhaps "
        "begun only; also a birth date, the person's number, an identifier."
    ),
]
Birth = Annotated[
    str | None,
    strawberry.argument(description="Birth date: `1990`, `1990-02` or `1990-02-01`."),
]
Phone = Annotated[str | None, strawberry.argument(description="A telephone number.")]


@described
class PersonSearch:
    """Who was found. Protected persons and merged records are never among them."""

    terms: strawberry.Private[tuple[Term, ...]]

    @field
    async def complete(self, info: Info) -> bool:
        """Whether these are all; if not, the words fit very many: give a further one."""
        return (await _found(info.context.operation, self.terms)).complete

    @field
    async def persons(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Person]:
        """The persons found: whole words before beginnings, the name shown before others."""
        listing = _listing(await _found(info.context.operation, self.terms))
        return await connect(
            info, listing, lambda one: made(Person, one[1]),
            first=first, after=after, last=last, before=before,
        )  # fmt: skip


@strawberry.type
class PersonQueries:
    """Root fields about persons."""

    @strawberry.field(
        description="Persons by words of their record. Null with `FORBIDDEN` without `person.read`."
    )
    async def person_search(
        self, info: Info, text: Words, birth_date: Birth = None, phone: Phone = None
    ) -> PersonSearch | None:
        """Return who was found."""
        info.context.operation.scope.require(Permission.PERSON_READ)
        draft = SearchDraft(
            maybe_text(text, "text") or "",
            maybe_text(birth_date, "birthDate"),
            maybe_text(phone, "phone"),
        )
        return PersonSearch(terms=tuple(parse_search(draft)))

    @field
    async def person_fields(self, info: Info) -> list[PersonField]:
        """The fields that the organisation added to the record of its persons, retired ones too."""
        async with info.context.operation.read():
            return [PersonField(row=one) for one in await person_fields(active=False)]

    @field
    async def identifier_kinds(self, info: Info) -> list[IdentifierKind]:
        """The kinds of identifiers: those that every organisation has, then its own."""
        async with info.context.operation.read():
            own = await identifier_kinds()
        known = [
            IdentifierKind(code=code, system=one.system, has_checksum=True, titled=one.title)
            for code, one in KNOWN.items()
        ]
        return known + [
            IdentifierKind(code=one["code"], system=None, has_checksum=False, titled=one["title"])
            for one in own
        ]


async def _found(operation: Operation, terms: tuple[Term, ...]) -> Matches:
    """Return who was found, searched once for each operation."""

    async def load(op: Operation, keys: Sequence[tuple[Term, ...]]) -> Mapping[Any, Matches]:
        async with op.read():
            return {key: await find_matches(op.scope.tenant, key) for key in keys}

    found: Matches = await operation.loader("person search", load).load(terms)
    return found


def _listing(found: Matches) -> Listing[tuple[Match, Found]]:
    async def page(
        reading: Reading, after: Key | None, before: Key | None, limit: int, reverse: bool
    ) -> list[tuple[Match, Found]]:
        matches = found.page(_place(after), _place(before), limit, reverse=reverse)
        rows = {
            row["id"]: row
            for row in await find_many(tables.Person, (one.person for one in matches))
        }
        kept = [(one, rows[one.person]) for one in matches if one.person in rows]
        # The last of `limit` rows only tells that there is more: nobody is shown it.
        reading.saw(one.person for one, _ in kept[: limit - 1])
        return kept

    async def count(reading: Reading) -> int:
        return len(found.persons)

    return Listing(
        order="persons.search", page=page, key=lambda one: one[0].place,
        key_types=(int, UUID), count=count,
    )  # fmt: skip


def _place(key: Key | None) -> tuple[int, UUID] | None:
    return None if key is None else (key[0], key[1])
