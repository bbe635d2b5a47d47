"""Inputs of mutations: made drafts of use cases, and the place in them where an id led nowhere."""

import dataclasses
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.definitions import DefinitionError, storable
from cordee_core.errors import InvalidTextError, NotFoundError
from cordee_core.validation import problem
from cordee_graphql import ids
from cordee_graphql.context import Info
from cordee_graphql.mutation import Payload, attempt

D = TypeVar("D")
D_co = TypeVar("D_co", covariant=True)
P = TypeVar("P", bound=Payload)
Path = tuple[str | int, ...]

INPUT: Any = strawberry.argument(name="input", description="What is asked for.")
"""How the one argument of every mutation is called."""


class Input(Protocol[D_co]):
    """The input of a mutation."""

    def draft(self) -> D_co:
        """Return what the use case takes; raise InputError where a value is malformed."""
        ...


def needs(permission: Permission, text: str) -> str:
    """Return the description of a mutation that needs `permission`."""
    return f"{text}\n\nNeeds the permission `{permission}`."


async def submit(
    info: Info,
    payload: type[P],
    action: str,
    use_case: Callable[[UnitOfWork, D], Awaitable[Changed]],
    given: Input[D],
    *,
    scope: Scope | None = None,
) -> P:
    """Run the use case with the draft of `given`; see `attempt`.

    An id that leads nowhere, absent or foreign, is told at the place where it was given.
    """

    async def located(uow: UnitOfWork, draft: D) -> Changed:
        try:
            return await use_case(uow, draft)
        except NotFoundError as error:
            if error.path:
                raise
            path = next(_places(given, error.params.get("identifier")), ())
            raise NotFoundError(path=path) from error

    return await attempt(info, payload, action, located, given.draft, scope=scope)


def _places(given: object, identifier: object) -> Iterator[Path]:
    """Yield where in `given` the global id of `identifier` stands."""
    for field in dataclasses.fields(given):  # type: ignore[arg-type]  # every input is one
        value = getattr(given, field.name)
        if isinstance(value, strawberry.Some):
            value = value.value
        for place, one in enumerate(value if isinstance(value, list) else [value]):
            if _uuid(one) == identifier is not None:
                index = (place,) if isinstance(value, list) else ()
                yield ("input", camel(field.name), *index)


def _uuid(value: object) -> UUID | None:
    try:
        return ids.decode(value)[1] if isinstance(value, str) else None
    except NotFoundError:
        return None


def camel(name: str) -> str:
    """Return the name that the API gives to a field."""
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)


def json_object(value: object, *path: str | int) -> dict[str, object]:
    """Return a JSON object that the database can hold.

    Raises:
        InvalidInputError: it is none.
        InvalidTextError: a text in it can't be stored.
    """
    if not isinstance(value, dict):
        raise problem(path, "a JSON object is needed", "un objet JSON est attendu")
    return cast("dict[str, object]", json_value(value, *path))


def json_value(value: object, *path: str | int) -> object:
    """Return a JSON value that the database can hold. Raises InvalidTextError."""
    try:
        storable({"value": value}, "")
    except DefinitionError as error:
        raise InvalidTextError(path=path) from error
    return value


@strawberry.input(description="One text in every language of the API.")
class TextInput:
    """A text in English and French."""

    en: str = strawberry.field(description="In English.")
    fr: str = strawberry.field(description="In French.")

    def texts(self) -> dict[str, str]:
        """Return the text by language."""
        return {"en": self.en, "fr": self.fr}
