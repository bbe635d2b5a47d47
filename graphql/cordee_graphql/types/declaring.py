"""Shorthands to declare types: descriptions come from docstrings, texts in two languages.

``@described`` makes a Strawberry type and ``@field`` a field with a resolver, each described by
its docstring; `localised` makes a field with the optional argument ``language``.
"""

import inspect
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any, TypeVar, dataclass_transform

import strawberry
from strawberry.types.field import StrawberryField

from cordee_core.languages import Language as LanguageCode
from cordee_core.languages import Text, pick
from cordee_graphql.context import Info
from cordee_graphql.enums import Language
from cordee_graphql.guards import PUBLIC

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

InLanguage = Annotated[
    Language | None,
    strawberry.argument(description="Language of the text; without it, that of the operation."),
]


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field, StrawberryField))
def described(cls: type[T]) -> type[T]:
    """Make `cls` an object type, described by its docstring."""
    return strawberry.type(cls, description=summary(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field, StrawberryField))
def described_interface(cls: type[T]) -> type[T]:
    """Make `cls` an interface, described by its docstring."""
    return strawberry.interface(cls, description=summary(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field, StrawberryField))
def described_input(cls: type[T]) -> type[T]:
    """Make `cls` an input type, described by its docstring."""
    return strawberry.input(cls, description=summary(cls))


def field(resolver: Callable[..., Any]) -> StrawberryField:
    """Make the method a field, described by its docstring."""
    return made_of(resolver, summary(resolver))


def public(resolver: Callable[..., Any]) -> StrawberryField:
    """Make the method a root field that needs no token, described by its docstring."""
    return made_of(resolver, summary(resolver), metadata=PUBLIC)


def localised(description: str, text: Callable[[Any], Text]) -> StrawberryField:
    """Make a field that gives `text(self)` in the language asked for."""

    def resolve(self: Any, info: Info, language: InLanguage = None) -> str:
        return pick(text(self), chosen(info, language))

    return made_of(resolve, description)


def maybe_localised(description: str, text: Callable[[Any], Text | None]) -> StrawberryField:
    """Make a nullable field that gives `text(self)` in the language asked for."""

    def resolve(self: Any, info: Info, language: InLanguage = None) -> str | None:
        found = text(self)
        return None if found is None else pick(found, chosen(info, language))

    return made_of(resolve, description)


def made_of(resolver: Callable[..., Any], description: str, **options: Any) -> StrawberryField:
    """Make a field of a resolver, to be assigned to its name in the class."""
    made: StrawberryField = strawberry.field(resolver=resolver, description=description, **options)
    return made


def chosen(info: Info, language: Language | None) -> LanguageCode:
    """Return the language asked for by the field's argument, else the operation's."""
    return info.context.operation.language if language is None else language.value


def summary(documented: object) -> str:
    """Return a docstring on one line."""
    return " ".join((inspect.getdoc(documented) or "").split())
