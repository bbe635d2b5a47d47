"""Shorthands that declare a field once for both roads: what it is, and how it is resolved.

    number: str = column("Its neutral number.")
    person = one("Whose case it is.", Person, "person_id")

A type whose rows are planned has a `source` and keeps its `row`. Its permission counts on both
roads: `loading.load_rows` is the ordinary one.
"""

from collections.abc import Awaitable, Callable
from enum import Enum
from importlib import import_module
from typing import Annotated, Any, TypeVar

import strawberry
from piccolo.table import Table
from strawberry.scalars import JSON
from strawberry.types.field import StrawberryField

from cordee_core.access.permissions import Permission
from cordee_core.languages import Text, pick
from cordee_graphql.context import Info
from cordee_graphql.nodes import Gid, Node, find_node, load_node
from cordee_graphql.planner.loading import load_named, row_belonging, rows_belonging
from cordee_graphql.planner.shapes import (
    CASE_ID,
    Column,
    Expression,
    Linked,
    Localised,
    Many,
    One,
    RootOne,
    RootTallies,
    RowSource,
    Tallied,
    shaped,
)
from cordee_graphql.planner.written import Write
from cordee_graphql.types.declaring import InLanguage, chosen, made_of, summary
from cordee_graphql.types.exact import exact_json

Ref = type | str
"""A type of the API, or ``module:Name`` where the modules import each other."""
N = TypeVar("N", bound=Node)


def column(description: str, **options: Any) -> Any:
    """Make a field that holds the column of its own name."""
    return strawberry.field(description=description, metadata=shaped(Column()), **options)


def column_of(name: str, description: str) -> Any:
    """Make a field that holds the column `name`."""
    return strawberry.field(description=description, metadata=shaped(Column(name)))


def tallied(description: str, target: type, subject: str, words: type[Enum] | None = None) -> Any:
    """Make a field that holds a list made of the tallies of `subject`.

    `words` are the items that count, in their order; without them, all, the most first.
    """
    items = tuple(str(one.value) for one in words or ())
    return strawberry.field(
        description=description, metadata=shaped(Tallied(lambda: target, subject, items))
    )


def expression(description: str, resolver: Callable[..., Any], write: Write) -> StrawberryField:
    """Make a field that `resolver` gives, and that `write` says in SQL."""
    return made_of(resolver, description, metadata=shaped(Expression(write)))


def written_as(write: Write, *, finished: bool = False) -> Callable[..., StrawberryField]:
    """Make the method a field, described by its docstring, that `write` says in SQL.

    `finished` SQL gives JSON text.
    """

    def decorate(resolver: Callable[..., Any]) -> StrawberryField:
        return made_of(resolver, summary(resolver), metadata=shaped(Expression(write, finished)))

    return decorate


def linked(
    target: Ref, link: type[Table], owner: str, other: str, order: str, needs: Permission
) -> Callable[..., StrawberryField]:
    """Make the method a field that gives the rows which the table `link` ties to this one."""

    def decorate(resolver: Callable[..., Any]) -> StrawberryField:
        shape = Linked(lookup(target), RowSource(table=link), owner, other, order, needs)
        return made_of(resolver, summary(resolver), metadata=shaped(shape))

    return decorate


def json_column(description: str, name: str) -> StrawberryField:
    """Make a field that gives a jsonb column, each number that is not whole as a text."""

    def resolve(self: Any) -> JSON:
        return exact_json(self.row[name])

    return made_of(resolve, description, metadata=shaped(Column(name)))


def localised_column(
    description: str, name: str, *path: str, text: Callable[[Any], Text | None] | None = None
) -> StrawberryField:
    """Make a field that gives a column's text (by language) in the language asked for."""
    found = text or (lambda self: self.row[name])

    def resolve(self: Any, info: Info, language: InLanguage = None) -> str:
        return pick(found(self) or {}, chosen(info, language))

    return made_of(resolve, description, metadata=shaped(Localised(name, path)))


def maybe_localised_column(
    description: str, name: str, *path: str, text: Callable[[Any], Text | None]
) -> StrawberryField:
    """Make a nullable field that gives a text in the language asked for."""

    def resolve(self: Any, info: Info, language: InLanguage = None) -> str | None:
        found = text(self)
        return None if found is None else pick(found, chosen(info, language))

    return made_of(resolve, description, metadata=shaped(Localised(name, path)))


def one(
    description: str, target: Ref, key: str, *, through: Ref | None = None, by: str = "id",
    few: bool = False,
) -> StrawberryField:  # fmt: skip
    """Make a nullable field: the `target` whose id is the row's column `key`.

    The target's own permission counts. With `through`, `key` is the id of a row of that type,
    and the target's id is in its column `by`. `few` says that many rows name the same target.
    """
    cls = lookup(target)
    between = None if through is None else lookup(through)

    async def resolve(self: Any, info: Info) -> Any:
        identifier = self.row[key]
        if between is not None:
            found: Any = await load_node(info, between(), identifier)
            identifier = found.row[by] if found else None
        return await load_node(info, cls(), identifier)

    resolve.__annotations__["return"] = annotated(target) | None
    shape = One(cls, key, through=None if between is None else (between, by), few=few)
    return made_of(resolve, description, metadata=shaped(shape))


def belonging(description: str, target: Ref, owner: str) -> StrawberryField:
    """Make a nullable field: the one row of `target` whose column `owner` is this row's id."""
    cls = lookup(target)

    async def resolve(self: Any, info: Info) -> Any:
        return await row_belonging(info, cls(), owner, self.row["id"])

    resolve.__annotations__["return"] = annotated(target) | None
    return made_of(resolve, description, metadata=shaped(One(cls, "id", owner, checked=False)))


def named(description: str, target: Ref, key: str, *, as_text: bool = False) -> StrawberryField:
    """Make a nullable field: the `target` that the row names, in SQL `as_text` where it is so.

    Who may read the row may know who that is, whatever the target's own permission.
    """
    cls = lookup(target)

    async def resolve(self: Any, info: Info) -> Any:
        return await load_named(info, cls(), self.row[key])

    resolve.__annotations__["return"] = annotated(target) | None
    shape = One(cls, key, checked=False, few=True, as_text=as_text)
    return made_of(resolve, description, metadata=shaped(shape))


def many(description: str, target: Ref, owner: str, order: str = "id") -> StrawberryField:
    """Make a field: all rows of `target` whose column `owner` is this row's id, by `order`."""
    cls = lookup(target)

    async def resolve(self: Any, info: Info) -> Any:
        return await rows_belonging(info, cls(), owner, self.row["id"], order)

    resolve.__annotations__["return"] = list[annotated(target)]  # type: ignore[misc]
    return made_of(resolve, description, metadata=shaped(Many(cls, owner, order)))


def by_id(description: str, target: type[N]) -> StrawberryField:
    """Make a root field: the `target` with the global id in the argument ``id``."""

    async def resolve(self: Any, info: Info, id: Gid) -> Any:  # noqa: A002 -- the name in the API
        return await find_node(info, target, id)

    resolve.__annotations__["return"] = target | None
    text = f"{description} Null with `NOT_FOUND` where there is none that the caller may see."
    return made_of(resolve, text, metadata=shaped(RootOne(lambda: target)))


def root_tallies(
    description: str, target: type, make: Callable[[Info], Awaitable[Any]], needs: Permission
) -> StrawberryField:
    """Make a root field: the `target` that `make` gives, whose fields are `tallied`."""

    async def resolve(self: Any, info: Info) -> Any:
        return await make(info)

    resolve.__annotations__["return"] = target | None
    return made_of(resolve, description, metadata=shaped(RootTallies(lambda: target, needs)))


def lookup(target: Ref) -> Callable[[], type]:
    """Return how the type `target` is found, once all modules are there."""
    if isinstance(target, type):
        return lambda: target
    module, _, name = target.partition(":")

    def find() -> type:
        found: type = getattr(import_module(module), name)
        return found

    return find


def annotated(target: Ref) -> Any:
    """Return the type `target` as an annotation."""
    if isinstance(target, type):
        return target
    module, _, name = target.partition(":")
    return Annotated[name, strawberry.lazy(module)]


__all__ = [
    "CASE_ID",
    "RowSource",
    "annotated",
    "belonging",
    "by_id",
    "column",
    "column_of",
    "expression",
    "json_column",
    "linked",
    "localised_column",
    "lookup",
    "many",
    "maybe_localised_column",
    "named",
    "one",
    "root_tallies",
    "tallied",
    "written_as",
]
