"""Shorthands that declare a field once for both roads: what it is, and how it is resolved.

    number: str = column("Its neutral number.")
    person = one("Whose case it is.", Person, "person_id")

A type whose rows are planned has a `source` and keeps its `row`. Its permission counts on both
roads: `load_rows` is the ordinary one.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry
from strawberry.scalars import JSON
from strawberry.types.field import StrawberryField

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import Found, among
from cordee_core.languages import Text, pick
from cordee_graphql.context import Info
from cordee_graphql.nodes import Gid, Node, find_node, load_node
from cordee_graphql.operation import Operation
from cordee_graphql.planner.shapes import (
    CASE_ID,
    Column,
    Expression,
    Localised,
    Many,
    One,
    RootOne,
    RowSource,
    shaped,
    source_of,
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


def expression(description: str, resolver: Callable[..., Any], write: Write) -> StrawberryField:
    """Make a field that `resolver` gives, and that `write` says in SQL."""
    return made_of(resolver, description, metadata=shaped(Expression(write)))


def written_as(write: Write) -> Callable[..., StrawberryField]:
    """Make the method a field, described by its docstring, that `write` says in SQL."""

    def decorate(resolver: Callable[..., Any]) -> StrawberryField:
        return made_of(resolver, summary(resolver), metadata=shaped(Expression(write)))

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
    description: str, target: Ref, key: str, *, through: Ref | None = None, by: str = "id"
) -> StrawberryField:
    """Make a nullable field: the `target` whose id is the row's column `key`.

    The target's own permission counts. With `through`, `key` is the id of a row of that type,
    and the target's id is in its column `by`.
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
    shape = One(cls, key, through=None if between is None else (between, by))
    return made_of(resolve, description, metadata=shaped(shape))


def belonging(description: str, target: Ref, owner: str) -> StrawberryField:
    """Make a nullable field: the one row of `target` whose column `owner` is this row's id."""
    cls = lookup(target)

    async def resolve(self: Any, info: Info) -> Any:
        return await _belonging(info, cls(), owner, None).load(self.row["id"])

    resolve.__annotations__["return"] = annotated(target) | None
    return made_of(resolve, description, metadata=shaped(One(cls, "id", owner, checked=False)))


def named(description: str, target: Ref, key: str) -> StrawberryField:
    """Make a nullable field: the `target` that the row names.

    Who may read the row may know who that is, whatever the target's own permission.
    """
    cls = lookup(target)

    async def resolve(self: Any, info: Info) -> Any:
        return await load_named(info, cls(), self.row[key])

    resolve.__annotations__["return"] = annotated(target) | None
    return made_of(resolve, description, metadata=shaped(One(cls, key, checked=False)))


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


async def load_named(info: Info, cls: type, uuid: UUID | None) -> Any:
    """Return the `cls` that a record names. Who may read the record may know which that is."""
    if uuid is None:
        return None

    async def load(operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, Any]:
        async with operation.read():
            return {row["id"]: made(cls, row) for row in await _rows(cls, "id", uuids)}

    return await info.context.operation.loader((cls, "named"), load).load(uuid)


async def rows_belonging(
    info: Info, cls: type, owner: str, identifier: UUID, order: str = "id"
) -> list[Any]:
    """Return all rows of `cls` whose column `owner` is the id given, by `order`."""
    found: list[Any] = await _belonging(info, cls, owner, order).load(identifier) or []
    return found


def made(cls: Any, row: Mapping[str, Any]) -> Any:
    """Return the `cls` in a row."""
    from cordee_graphql.types.rows import from_row

    return cls.of(row) if hasattr(cls, "of") else from_row(cls, row)


def _belonging(info: Info, cls: type, owner: str, order: str | None) -> Any:
    """Return the loader of the rows by `owner`: all of each, or without `order` the one."""

    async def load(operation: Operation, keys: Sequence[UUID]) -> Mapping[UUID, Any]:
        found: dict[UUID, list[Any]] = {}
        async with operation.read():
            for row in await _rows(cls, owner, keys, order):
                found.setdefault(row[owner], []).append(made(cls, row))
        return found if order else {key: rows[0] for key, rows in found.items()}

    return info.context.operation.loader((cls, owner, order), load)


async def _rows(
    cls: type, column: str, keys: Sequence[UUID], order: str | None = None
) -> list[Found]:
    source = source_of(cls)
    if source is None:
        raise TypeError(f"{cls.__name__} has no source")
    table = source.table
    query = table.select().where(among(getattr(table, column), keys))
    if order is not None:
        query = query.order_by(getattr(table, order)).order_by(table._meta.primary_key)
    return list(await query)


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
    "Permission",
    "RowSource",
    "annotated",
    "belonging",
    "by_id",
    "column",
    "expression",
    "json_column",
    "load_named",
    "localised_column",
    "lookup",
    "made",
    "many",
    "maybe_localised_column",
    "named",
    "one",
    "rows_belonging",
    "written_as",
]
