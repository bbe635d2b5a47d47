"""Shorthands for fields that hold what stands in a JSON value of a row, declared for both roads.

A type of what stands there has no `source`: `planner.declare.column` is a key of its own, and
`told` whatever SQL makes of the element.
"""

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.types.field import StrawberryField

from cordee_core.languages import Text, pick
from cordee_graphql.context import Info
from cordee_graphql.planner.declare import Ref, lookup
from cordee_graphql.planner.shapes import Expression, Form, Inside, shaped
from cordee_graphql.planner.written import Write
from cordee_graphql.types.declaring import InLanguage, chosen, made_of, summary


def objects_inside(
    target: Ref,
    column: str,
    *path: str,
    form: Form = Form.LIST,
    without: tuple[str, ...] = (),
) -> Callable[..., StrawberryField]:
    """Make the method a field that gives objects in a jsonb column, described by its docstring."""

    def decorate(resolver: Callable[..., Any]) -> StrawberryField:
        shape = Inside(lookup(target), column, path, form, without)
        return made_of(resolver, summary(resolver), metadata=shaped(shape))

    return decorate


def stored(description: str, target: Ref, form: Form = Form.LIST) -> Any:
    """Make a field that holds objects which stand under its name in a stored JSON value."""
    return strawberry.field(
        description=description, metadata=shaped(Inside(lookup(target), form=form))
    )


def told(description: str, write: Write, *, finished: bool = False) -> Any:
    """Make a field that holds its value, and that `write` says in SQL; `finished`: as JSON."""
    return strawberry.field(description=description, metadata=shaped(Expression(write, finished)))


def localised_as(description: str, write: Write, text: Callable[[Any], Text]) -> StrawberryField:
    """Make a field that gives `text(self)` in the language asked for; `write` says it in SQL."""

    def resolve(self: Any, info: Info, language: InLanguage = None) -> str:
        return pick(text(self), chosen(info, language))

    return made_of(resolve, description, metadata=shaped(Expression(write)))
