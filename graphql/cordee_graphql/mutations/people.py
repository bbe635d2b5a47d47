# mypy: disable-error-code="untyped-decorator"
"""Persons are registered; what is known of them changes."""

from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry

from cordee_core.access.permissions import Permission
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
from cordee_graphql.inputs import INPUT, camel, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.person import Person


@strawberry.input(description="What is known of a person who is registered.")
class PersonRegisterInput:
    """A new person."""

    family_name: str = strawberry.field(description="Family name, at most 200 characters.")
    given_names: str = strawberry.field(default="", description="Given names.")
    birth_date: date | None = strawberry.field(
        default=None, description="Birth date as exactly as it is known; see the precision."
    )
    birth_date_precision: BirthDatePrecision = strawberry.field(
        default=BirthDatePrecision.UNKNOWN,
        description="`DAY`, `MONTH` or `YEAR` with a birth date, else `UNKNOWN` or `REFUSED`.",
    )
    sex: Sex = strawberry.field(default=Sex.UNKNOWN, description="Sex as the person says it.")
    languages: list[str] = strawberry.field(
        default_factory=list, description="ISO 639 codes of the languages spoken, best first."
    )
    interpreter_needed: bool = strawberry.field(
        default=False, description="Whether an interpreter is needed."
    )
    phone: str | None = strawberry.field(default=None, description="Telephone number.")
    email: str | None = strawberry.field(default=None, description="E-mail address.")
    safe_contact: str | None = strawberry.field(
        default=None, description="How and when it is safe to reach the person."
    )

    def draft(self) -> PersonDraft:
        """Return what the use case takes."""
        return PersonDraft(
            family_name=self.family_name, given_names=self.given_names,
            birth_date=self.birth_date, birth_date_precision=self.birth_date_precision.value,
            sex=self.sex.value, languages=tuple(self.languages),
            interpreter_needed=self.interpreter_needed, phone=self.phone, email=self.email,
            safe_contact=self.safe_contact,
        )  # fmt: skip


_PATCHED = (
    *("family_name", "given_names", "birth_date", "birth_date_precision", "sex", "languages"),
    *("interpreter_needed", "phone", "email", "safe_contact"),
)
_EMPTIED = frozenset({"birth_date", "phone", "email", "safe_contact"})


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
    birth_date: strawberry.Maybe[date | None] = strawberry.field(description="Birth date.")
    birth_date_precision: strawberry.Maybe[BirthDatePrecision | None] = strawberry.field(
        description="`DAY`, `MONTH` or `YEAR` with a birth date, else `UNKNOWN` or `REFUSED`."
    )
    sex: strawberry.Maybe[Sex | None] = strawberry.field(description="Sex as the person says it.")
    languages: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="ISO 639 codes of the languages spoken, best first."
    )
    interpreter_needed: strawberry.Maybe[bool | None] = strawberry.field(
        description="Whether an interpreter is needed."
    )
    phone: strawberry.Maybe[str | None] = strawberry.field(description="Telephone number.")
    email: strawberry.Maybe[str | None] = strawberry.field(description="E-mail address.")
    safe_contact: strawberry.Maybe[str | None] = strawberry.field(
        description="How and when it is safe to reach the person."
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
    if value is None and name not in _EMPTIED:
        raise problem(
            ("input", camel(name)), "this can't be emptied", "cette valeur ne peut pas être vidée"
        )
    return value.value if isinstance(value, Enum) else value


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
