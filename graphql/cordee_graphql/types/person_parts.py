"""Parts of a person's record: names, contact points, identifiers, own fields, changes, access."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON
from strawberry.types.field import StrawberryField

from cordee_core.languages import Text, catalogue
from cordee_core.people import tables
from cordee_core.people.find_duplicates import Candidate
from cordee_graphql.context import Info
from cordee_graphql.nodes import load_node
from cordee_graphql.planner.declare import RowSource, annotated, column, lookup, named
from cordee_graphql.types.declaring import described, field, localised, made_of, maybe_localised
from cordee_graphql.types.exact import exact_json
from cordee_graphql.types.member import Member
from cordee_graphql.types.person_enums import (
    AccessSource,
    ContactKind,
    DisclosureLevel,
    NameKind,
    PersonChangeKind,
    PersonFieldType,
    Unanswered,
)

_PERSON = "cordee_graphql.types.person:Person"


def _candidate() -> StrawberryField:
    """Make the field that gives the other person of a `DuplicateCandidate`."""

    async def resolve(self: Any, info: Info) -> Any:
        return await load_node(info, lookup(_PERSON)(), self.candidate)

    resolve.__annotations__["return"] = annotated(_PERSON) | None
    return made_of(resolve, "The other person.")


@described
class PersonName:
    """A further name of a person, in the script it is written in."""

    kind: NameKind = strawberry.field(description="What the name is.")
    family_name: str = strawberry.field(description="Family name.")
    given_names: str = strawberry.field(description="Given names; may be empty.")
    script: str = strawberry.field(description="Its script in the words of Unicode, as `arabic`.")


@described
class ContactPoint:
    """A further way to reach a person."""

    kind: ContactKind = strawberry.field(description="What it is.")
    value: str = strawberry.field(description="Number, address or account.")
    note: str | None = strawberry.field(description="Whose it is, or when to use it.")
    safe: bool = strawberry.field(description="Whether it is safe to use.")


@described
class UnansweredField:
    """A field that is empty for a reason."""

    field: str = strawberry.field(description="The field, as `phone`.")
    reason: Unanswered = strawberry.field(description="Why it is empty.")


@described
class PersonIdentifier:
    """A number or code by which some system knows a person."""

    kind: str = strawberry.field(description="The code of its kind.")
    system: str = strawberry.field(description="Who issued it; empty where nobody said.")
    value: str = strawberry.field(description="Its letters and digits, in capitals.")
    added_at: datetime = strawberry.field(description="When it was recorded.")
    titled: strawberry.Private[Text]
    title = localised("What its kind is called.", lambda self: self.titled)


@described
class IdentifierKind:
    """A kind of identifier: of every organisation, or defined by this one."""

    code: str = strawberry.field(description="Its code.")
    system: str | None = strawberry.field(description="Who issues it, where that is one body.")
    has_checksum: bool = strawberry.field(
        description="Whether a value's check digits are verified."
    )
    titled: strawberry.Private[Text]
    title = localised("What it is called.", lambda self: self.titled)


@described
class PersonFieldOption:
    """One of the values that a field of type choice takes."""

    code: str = strawberry.field(description="Its code, which is the value.")
    labelled: strawberry.Private[Text]
    label = localised("What it is called.", lambda self: self.labelled)


@described
class PersonField:
    """A field that the organisation added to the record of its persons."""

    row: strawberry.Private[Mapping[str, Any]]
    label = localised("What it is called.", lambda self: self.row["definition"]["label"])

    @field
    def code(self) -> str:
        """Its code."""
        return str(self.row["code"])

    @field
    def type(self) -> PersonFieldType:
        """What its value is."""
        return PersonFieldType(self.row["definition"]["type"])

    @field
    def required(self) -> bool:
        """Whether it needs an answer; unknown and refused are answers."""
        return bool(self.row["definition"]["required"])

    @field
    def least(self) -> str | None:
        """The least value, or the fewest characters of a text."""
        found: str | None = self.row["definition"].get("least")
        return found

    @field
    def most(self) -> str | None:
        """The greatest value, or the most characters of a text."""
        found: str | None = self.row["definition"].get("most")
        return found

    @field
    def options(self) -> list[PersonFieldOption]:
        """The values it takes, where its type is choice."""
        options = self.row["definition"]["options"]
        return [PersonFieldOption(code=code, labelled=text) for code, text in options.items()]

    @field
    def place(self) -> int:
        """Its place among the fields."""
        return int(self.row["place"])

    @field
    def active(self) -> bool:
        """Whether it still takes values."""
        return bool(self.row["active"])

    @field
    def row_version(self) -> int:
        """Raised by each change."""
        return int(self.row["row_version"])


@described
class PersonFieldValue:
    """The value of a field that the organisation added."""

    code: str = strawberry.field(description="The field's code.")
    given: strawberry.Private[Any]
    labelled: strawberry.Private[Text | None]
    label = maybe_localised("What the field is called.", lambda self: self.labelled)

    @field
    def value(self) -> JSON | None:
        """The value: a text, a whole number, true or false; decimals and dates are texts."""
        return None if isinstance(self.given, Mapping) else exact_json(self.given)

    @field
    def unanswered(self) -> Unanswered | None:
        """Why there is none, where the answer was unknown or refused."""
        return Unanswered(self.given["unanswered"]) if isinstance(self.given, Mapping) else None


@described
class PersonChange:
    """One change of a person's record: which fields, who, when; never values."""

    source = RowSource(table=tables.PersonChange, subject="person_id")
    kind: PersonChangeKind = column("What happened.")
    fields: list[str] = column("The fields that changed.")
    reason: str | None = column("Why, where a reason is asked for.")
    changed_at: datetime = column("When.")
    row: strawberry.Private[Mapping[str, Any]]
    member = named("Who changed it; null where the system did.", Member, "changed_by")


@described
class PersonAccess:
    """A member who has access to a protected person."""

    source: AccessSource = strawberry.field(description="By what they have it.")
    level: DisclosureLevel = strawberry.field(description="How much they are shown.")
    reason: str | None = strawberry.field(description="Why it was granted.")
    granted_at: datetime = strawberry.field(description="Since when.")
    row: strawberry.Private[Mapping[str, Any]]
    member = named("Who has it.", Member, "member_id")
    granted_by = named("Who granted it; null where it follows from a role.", Member, "granted_by")


@described
class DuplicateReason:
    """One reason why two records may, or may not, be of one person."""

    code: str = strawberry.field(description="Its code.")
    points: int = strawberry.field(description="What it counts; below zero it speaks against.")
    text = localised("The same in words.", lambda self: catalogue("persons")[self.code])


@described
class DuplicateCandidate:
    """A record that may be of the same person. Nothing is ever merged by itself."""

    score: int = strawberry.field(description="How likely it is, 0 to 100.")
    reasons: list[DuplicateReason] = strawberry.field(description="Why, the weightiest first.")
    candidate: strawberry.Private[UUID]

    person = _candidate()

    @classmethod
    def of(cls, found: Candidate) -> "DuplicateCandidate":
        """Return the candidate that was found."""
        reasons = [
            DuplicateReason(code=one.code, points=one.points) for one in found.likeness.reasons
        ]
        return cls(score=found.likeness.score, reasons=reasons, candidate=found.person)
