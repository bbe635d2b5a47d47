"""What is known of a person, each field from its level of disclosure on."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.people.find_duplicates import find_duplicates
from cordee_core.people.identifiers import KNOWN
from cordee_core.people.queries import (
    CHANGES_OF_PERSON,
    access_to,
    identifier_kinds,
    identifiers_of,
    person_fields,
)
from cordee_graphql.context import Info
from cordee_graphql.enums import BirthDatePrecision, Sex
from cordee_graphql.operation import Operation
from cordee_graphql.planner.declare import column, one
from cordee_graphql.types import disclosed as disclosing
from cordee_graphql.types.declaring import described, field
from cordee_graphql.types.disclosed import disclosed, need_level
from cordee_graphql.types.lists import pages
from cordee_graphql.types.person_enums import Gender, Protection, Unanswered
from cordee_graphql.types.person_parts import (
    ContactPoint,
    DuplicateCandidate,
    PersonAccess,
    PersonChange,
    PersonFieldValue,
    PersonIdentifier,
    PersonName,
    UnansweredField,
)
from cordee_graphql.types.rows import from_row


@described
class PersonRecord:
    """What is known of a person."""

    row: strawberry.Private[Mapping[str, Any]]

    number: str = column(
        "The organisation's number, as `2026-000001`; a coded person's tells nothing, as "
        "`C-7K3QX9MB`."
    )
    created_at: datetime = column("When the person was registered.")
    row_version: int = column("Raised by each change.")
    protection = disclosed("How the person is protected.", Protection, "secrecy")
    disclosure = disclosing.disclosure
    family_name = disclosed(
        "Family name, in any script; null for a coded person.", str, "family_name"
    )
    given_names = disclosed("Given names; may be empty.", str, "given_names")
    birth_date = disclosed("Birth date, as exact as it is known.", date, "birth_date")
    birth_date_precision = disclosed(
        "How exact the birth date is, or why there is none; null where nobody asked.",
        BirthDatePrecision,
        "birth_date_precision",
    )
    sex = disclosed("Sex as the person says it; null where nobody asked.", Sex, "sex")
    gender = disclosed("Gender as the person says it; null where nobody asked.", Gender, "gender")
    languages = disclosed(
        "Languages that the person speaks and understands (ISO 639), the best first.",
        list[str],
        "languages",
    )
    languages_read = disclosed(
        "Languages that the person reads (ISO 639), the best first.", list[str], "languages_read"
    )
    interpreter_needed = disclosed(
        "Whether an interpreter is needed; null where nobody asked.", bool, "interpreter_needed"
    )
    phone = disclosed("Telephone number.", str, "phone")
    email = disclosed("Address for mail.", str, "email")
    safe_contact = disclosed(
        "How the person can be reached without danger. Read it before any contact.",
        str,
        "safe_contact",
    )
    merged_into = one(
        "The record that this one was merged into: that is the one to work on.",
        "cordee_graphql.types.person:Person",
        "merged_into",
    )
    changes = pages(
        "What changed in the record, newest first: which fields, who, when.",
        PersonChange,
        CHANGES_OF_PERSON,
        order="person.changes",
        needs=Permission.PERSON_READ,
    )

    @field
    async def names(self, info: Info) -> list[PersonName] | None:
        """Further names. Null with `NOT_DISCLOSED` below the level `NAME`."""
        await need_level(info, self.row, "names")
        return [from_row(PersonName, one) for one in self.row["names"]]

    @field
    async def contact_points(self, info: Info) -> list[ContactPoint] | None:
        """Further ways to reach them. Null with `NOT_DISCLOSED` below the level `FULL`."""
        await need_level(info, self.row, "contact_points")
        return [from_row(ContactPoint, one) for one in self.row["contact_points"]]

    @field
    async def unanswered(self, info: Info) -> list[UnansweredField] | None:
        """Fields that are empty for a reason. Null with `NOT_DISCLOSED` below `FULL`."""
        await need_level(info, self.row, "unanswered")
        found = sorted(self.row["unanswered"].items())
        return [UnansweredField(field=_camel(name), reason=Unanswered(why)) for name, why in found]

    @field
    async def extra(self, info: Info) -> list[PersonFieldValue] | None:
        """Values of the organisation's own fields. Null with `NOT_DISCLOSED` below `FULL`."""
        await need_level(info, self.row, "extra")
        given = self.row["extra"]
        if not given:
            return []
        labels = await info.context.operation.loader("person fields", _labels).load("")
        ordered = [code for code in labels if code in given]
        return [
            PersonFieldValue(code=code, given=given[code], labelled=labels.get(code))
            for code in (*ordered, *sorted(given.keys() - labels.keys()))
        ]

    @field
    async def identifiers(self, info: Info) -> list[PersonIdentifier] | None:
        """Numbers and codes of other systems. Null with `NOT_DISCLOSED` below `FULL`."""
        await need_level(info, self.row, "identifiers")
        found = await info.context.operation.loader("identifiers", _identifiers).load(
            self.row["id"]
        )
        return found or []

    @field
    async def access(self, info: Info) -> list[PersonAccess] | None:
        """Who has access to a protected person. Null with `NOT_DISCLOSED` below `FULL`."""
        await need_level(info, self.row, "access")
        if not self.row["protected"]:
            return []
        async with info.context.operation.read():
            return [from_row(PersonAccess, one) for one in await access_to(self.row["id"])]

    @field
    async def duplicates(self, info: Info) -> list[DuplicateCandidate] | None:
        """Records that may be of the same person. Null with `NOT_DISCLOSED` below `FULL`."""
        await need_level(info, self.row, "identifiers")
        operation = info.context.operation
        async with operation.read():
            own = await identifiers_of([self.row["id"]])
            found = await find_duplicates(operation.scope, self.row, own)
        return [DuplicateCandidate.of(one) for one in found]


async def _labels(operation: Operation, _: Sequence[str]) -> Mapping[str, Any]:
    async with operation.read():
        rows = await person_fields(active=False)
    return {"": {one["code"]: one["definition"]["label"] for one in rows}}


async def _identifiers(operation: Operation, persons: Sequence[UUID]) -> Mapping[UUID, Any]:
    found: dict[UUID, list[PersonIdentifier]] = {}
    async with operation.read():
        titles = {one["code"]: one["title"] for one in await identifier_kinds()}
        titles |= {code: kind.title for code, kind in KNOWN.items()}
        for row in await identifiers_of(persons):
            made = from_row(PersonIdentifier, row, titled=titles[row["kind"]])
            found.setdefault(row["person_id"], []).append(made)
    return found


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)
