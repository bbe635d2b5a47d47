# mypy: disable-error-code="untyped-decorator"
"""Persons are registered; what is known of them changes."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from cordee_core.access.permissions import Permission
from cordee_core.people import names
from cordee_core.people.register_person import (
    PersonChange,
    PersonDraft,
    register_person,
    update_person,
)
from cordee_core.validation import problem
from cordee_graphql.context import Info
from cordee_graphql.enums import BirthDatePrecision, Sex
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, camel, json_object, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.person import Person
from cordee_graphql.types.person_enums import ContactKind, Gender, NameKind, Unanswered

_EXTRA = (
    'Values of the organisation\'s own fields by code: `{school: "none"}`; null empties one, '
    '`{unanswered: "refused"}` or `{unanswered: "unknown"}` is an answer. See `personFields`.'
)
_UNANSWERED = (
    "Why fields are empty that have no such value of their own: `languages`, `languagesRead`, "
    "`interpreterNeeded`, `phone`, `email`, `contactPoints`, `safeContact`, `givenNames`, `names`."
)


@strawberry.input(description="A further name of a person.")
class PersonNameInput:
    """A further name."""

    kind: NameKind = strawberry.field(description="What the name is.")
    family_name: str = strawberry.field(description="Family name, in any script.")
    given_names: str = strawberry.field(default="", description="Given names.")

    def draft(self) -> names.FurtherName:
        """Return what the use case takes."""
        return names.FurtherName(
            kind=self.kind.value, family_name=self.family_name, given_names=self.given_names
        )


@strawberry.input(description="A further way to reach a person.")
class ContactPointInput:
    """A further contact point."""

    kind: ContactKind = strawberry.field(description="What it is.")
    value: str = strawberry.field(description="Number, address or account.")
    note: str | None = strawberry.field(default=None, description="Whose it is, or when to use it.")
    safe: bool = strawberry.field(default=True, description="Whether it is safe to use.")

    def draft(self) -> names.ContactPoint:
        """Return what the use case takes."""
        return names.ContactPoint(
            kind=self.kind.value, value=self.value, note=self.note, safe=self.safe
        )


@strawberry.input(description="Why a field is empty.")
class UnansweredInput:
    """A field that is empty for a reason."""

    field: str = strawberry.field(description="The field, as `phone`.")
    reason: Unanswered | None = strawberry.field(
        default=None, description="Why it is empty; null takes a former reason away."
    )


@strawberry.input(description="What is known of a person who is registered.")
class PersonRegisterInput:
    """A new person."""

    family_name: str | None = strawberry.field(
        default=None, description="Family name, at most 200 characters; none for a coded person."
    )
    given_names: str = strawberry.field(default="", description="Given names.")
    names: list[PersonNameInput] = strawberry.field(
        default_factory=list, description="Further names: in other scripts, at birth, as used."
    )
    birth_date: date | None = strawberry.field(
        default=None, description="Birth date as exactly as it is known; see the precision."
    )
    birth_date_precision: BirthDatePrecision | None = strawberry.field(
        default=None,
        description="`DAY`, `MONTH` or `YEAR` with a birth date, else `UNKNOWN` or `REFUSED`; "
        "none where nobody asked.",
    )
    sex: Sex | None = strawberry.field(default=None, description="Sex as the person says it.")
    gender: Gender | None = strawberry.field(
        default=None, description="Gender as the person says it."
    )
    languages: list[str] = strawberry.field(
        default_factory=list, description="ISO 639 codes of the languages spoken, best first."
    )
    languages_read: list[str] = strawberry.field(
        default_factory=list, description="ISO 639 codes of the languages read, best first."
    )
    interpreter_needed: bool | None = strawberry.field(
        default=None, description="Whether an interpreter is needed."
    )
    phone: str | None = strawberry.field(default=None, description="Telephone number.")
    email: str | None = strawberry.field(default=None, description="E-mail address.")
    contact_points: list[ContactPointInput] = strawberry.field(
        default_factory=list, description="Further ways to reach the person."
    )
    safe_contact: str | None = strawberry.field(
        default=None, description="How and when it is safe to reach the person."
    )
    extra: JSON | None = strawberry.field(default=None, description=_EXTRA)
    unanswered: list[UnansweredInput] = strawberry.field(
        default_factory=list, description=_UNANSWERED
    )
    coded: bool = strawberry.field(
        default=False,
        description="Whether the person stays anonymous: no name, a reference that tells nothing, "
        "known to you alone until you grant access.",
    )

    def draft(self) -> PersonDraft:
        """Return what the use case takes."""
        return PersonDraft(
            family_name=self.family_name, given_names=self.given_names,
            names=_drafts(self.names), birth_date=self.birth_date,
            birth_date_precision=_word(self.birth_date_precision), sex=_word(self.sex),
            gender=_word(self.gender), languages=tuple(self.languages),
            languages_read=tuple(self.languages_read), interpreter_needed=self.interpreter_needed,
            phone=self.phone, email=self.email, contact_points=_drafts(self.contact_points),
            safe_contact=self.safe_contact, extra=_extra(self.extra),
            unanswered=_reasons(self.unanswered), coded=self.coded,
        )  # fmt: skip


_PATCHED = (
    *("family_name", "given_names", "names", "birth_date", "birth_date_precision", "sex"),
    *("gender", "languages", "languages_read", "interpreter_needed", "phone", "email"),
    *("contact_points", "safe_contact", "extra", "unanswered"),
)
_KEPT = frozenset({"family_name"})
_EMPTY: Mapping[str, Any] = {
    "given_names": "", "names": (), "languages": (), "languages_read": (), "contact_points": (),
}  # fmt: skip


@strawberry.input(
    description="What changes about a person. A field that is absent stays; null empties it, "
    "where it can be empty."
)
class PersonUpdateInput:
    """The values that change."""

    person_id: strawberry.ID = strawberry.field(description="The person.")
    row_version: int = strawberry.field(description="The person's `rowVersion` as you read it.")
    family_name: strawberry.Maybe[str | None] = strawberry.field(description="Family name.")
    given_names: strawberry.Maybe[str | None] = strawberry.field(description="Given names.")
    names: strawberry.Maybe[list[PersonNameInput] | None] = strawberry.field(
        description="Further names; those that stand there now are replaced."
    )
    birth_date: strawberry.Maybe[date | None] = strawberry.field(description="Birth date.")
    birth_date_precision: strawberry.Maybe[BirthDatePrecision | None] = strawberry.field(
        description="`DAY`, `MONTH` or `YEAR` with a birth date, else `UNKNOWN` or `REFUSED`."
    )
    sex: strawberry.Maybe[Sex | None] = strawberry.field(description="Sex as the person says it.")
    gender: strawberry.Maybe[Gender | None] = strawberry.field(
        description="Gender as the person says it."
    )
    languages: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="ISO 639 codes of the languages spoken, best first."
    )
    languages_read: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="ISO 639 codes of the languages read, best first."
    )
    interpreter_needed: strawberry.Maybe[bool | None] = strawberry.field(
        description="Whether an interpreter is needed."
    )
    phone: strawberry.Maybe[str | None] = strawberry.field(description="Telephone number.")
    email: strawberry.Maybe[str | None] = strawberry.field(description="E-mail address.")
    contact_points: strawberry.Maybe[list[ContactPointInput] | None] = strawberry.field(
        description="Further ways to reach the person; those that stand there now are replaced."
    )
    safe_contact: strawberry.Maybe[str | None] = strawberry.field(
        description="How and when it is safe to reach the person."
    )
    extra: strawberry.Maybe[JSON | None] = strawberry.field(
        description=f"{_EXTRA} Fields that are absent stay."
    )
    unanswered: strawberry.Maybe[list[UnansweredInput] | None] = strawberry.field(
        description=f"{_UNANSWERED} Fields that are absent stay."
    )

    def draft(self) -> PersonChange:
        """Return what the use case takes."""
        given = {name: getattr(self, name) for name in _PATCHED}
        return PersonChange(
            person=uuid_of(self.person_id, "Person", "input", "personId"),
            row_version=self.row_version,
            values={name: _changed(name, some.value) for name, some in given.items() if some},
        )


def _changed(name: str, value: Any) -> Any:
    if value is None and name in _KEPT:
        raise problem(
            ("input", camel(name)), "this can't be emptied", "cette valeur ne peut pas être vidée"
        )
    if value is None:
        return _EMPTY.get(name)
    if name == "extra":
        return _extra(value)
    if name == "unanswered":
        return _reasons(value)
    return _drafts(value) if name in ("names", "contact_points") else _word(value)


def _word(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _drafts(values: Any) -> Any:
    return tuple(one.draft() for one in values)


def _extra(value: Any) -> dict[str, object] | None:
    return None if value is None else json_object(value, "input", "extra")


def _reasons(given: list[UnansweredInput]) -> dict[str, Any]:
    return {_snake(one.field): _word(one.reason) for one in given}


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)


@strawberry.type
class PersonPayload(Payload):
    """Base of payloads about a person."""

    @strawberry.field(description="The person.")
    async def person(self, info: Info) -> Person | None:
        """Return the person."""
        return await load_node(info, Person, self.changed.get("person"))


@strawberry.type(description="The registered person.")
class PersonRegisterPayload(PersonPayload):
    """Payload of ``personRegister``."""


@strawberry.type(description="The person as they are known now.")
class PersonUpdatePayload(PersonPayload):
    """Payload of ``personUpdate``."""


@strawberry.type
class PersonMutations:
    """Mutations of persons."""

    @strawberry.mutation(description=needs(Permission.PERSON_WRITE, "Register a person."))
    async def person_register(
        self, info: Info, given: Annotated[PersonRegisterInput, INPUT]
    ) -> PersonRegisterPayload | None:
        """Register a person."""
        return await submit(info, PersonRegisterPayload, "personRegister", register_person, given)

    @strawberry.mutation(
        description=needs(
            Permission.PERSON_WRITE,
            "Change what is known of a person: absent fields stay as they are.",
        )
    )
    async def person_update(
        self, info: Info, given: Annotated[PersonUpdateInput, INPUT]
    ) -> PersonUpdatePayload | None:
        """Change a person."""
        return await submit(info, PersonUpdatePayload, "personUpdate", update_person, given)
