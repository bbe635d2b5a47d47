# ruff: noqa: S608 -- the SQL is made of declarations; what a request gives is a parameter
"""Connections: a page of rows with its cursors, counted and marked in the same statement."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLObjectType, get_named_type
from graphql.execution.collect_fields import FieldDetailsList
from piccolo.columns import UUID, Array, Boolean, Column, Text
from piccolo.columns.operators.comparison import ArrayAny, Equal

from cordee_core.database.lists import RowList
from cordee_graphql.connection import page_size
from cordee_graphql.cursors import read_cursor
from cordee_graphql.planner import sql
from cordee_graphql.planner.binding import Asked
from cordee_graphql.planner.compile import Chosen, Compiler, Row
from cordee_graphql.planner.shapes import Pages
from cordee_graphql.planner.sql import Literal, Piece, Unplannable

_KINDS: dict[type[Column], str] = {UUID: "uuid", Text: "text", Boolean: "boolean"}
_TYPES = {"UUID": "uuid", "int": "bigint"}
_LARGEST = 2**63 - 1


@dataclass
class Page:
    """A page that is being compiled: a row of it, and the columns that its parts need."""

    compiler: Compiler
    row: Row
    order: str
    key: tuple[str, type]
    arguments: Callable[[Asked], dict[str, Any]]
    given: dict[str, Any]
    newest_first: bool
    where: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    alias: str = ""
    size: str = ""

    @property
    def reverse(self) -> bool:
        """Whether the page is read from the list's end."""
        return self.given.get("last") is not None

    def add(self, expression: str) -> str:
        """Give each row of the page a further column; return its name."""
        name = f"c{len(self.columns) + 1}"
        self.columns.append(f"{expression} AS {name}")
        return f"{self.alias}.{name}"

    def listed(self, expression: str) -> str:
        """Return the SQL for the list of a text of each row."""
        column = self.add(expression)
        order = f"{self.alias}.n DESC" if self.reverse else f"{self.alias}.n"
        kept = f"FILTER (WHERE {self.alias}.n <= {self.size})"
        return f"'[' || coalesce(string_agg({column}, ',' ORDER BY {order}) {kept}, '') || ']'"

    def cursor(self) -> str:
        """Return the SQL for a row's cursor."""
        column, kind = self.key
        return sql.cursor(self.order, self.row.column(column), kind)


def compile_page(page: Page, kind: GraphQLObjectType, details: FieldDetailsList) -> str:
    """Return the select of a connection: its text and its persons."""
    compiler, row = page.compiler, page.row
    page.alias = compiler.alias("q")
    page.size = compiler.parameter(_size(page.arguments), "bigint")
    text = _parts(page, kind, details)
    column, key = page.key
    down = "DESC" if page.newest_first is not page.reverse else "ASC"
    name = row.column(column)
    where = " AND ".join([compiler.tenant(row.alias), *page.where, *_between(page, name, key)])
    columns = ", ".join(
        [
            f"row_number() OVER (ORDER BY {name} {down}) AS n",
            f"{sql.together(row.persons)} AS s",
            *page.columns,
        ]
    )
    inner = (
        f"SELECT {columns} FROM (SELECT * FROM {row.source.name} {row.alias} WHERE {where}"
        f" ORDER BY {name} {down} LIMIT {page.size} + 1) {row.alias}{''.join(row.joins)}"
    )
    return (
        f"SELECT {sql.joined(text)} AS t, string_agg({page.alias}.s, ',')"
        f" FILTER (WHERE {page.alias}.n <= {page.size}) AS s FROM ({inner}) {page.alias}"
    )


def _size(arguments: Callable[[Asked], dict[str, Any]]) -> Callable[[Asked], int]:
    """Return how the size is found. (A plan keeps that, so it holds nothing of a request.)"""

    def value(asked: Asked) -> int:
        given = arguments(asked)
        return page_size(given.get("first"), given.get("last"))

    return value


def _between(page: Page, name: str, kind: type) -> list[str]:
    """Return the conditions that the cursors given set."""
    found = []
    for argument, after in (("after", True), ("before", False)):
        if page.given.get(argument) is None:
            continue
        operator = "<" if page.newest_first is after else ">"
        bound = page.compiler.parameter(_bound(page, argument), _TYPES[kind.__name__])
        found.append(f"{name} {operator} {bound}")
    return found


def _bound(page: Page, argument: str) -> Callable[[Asked], Any]:
    order, kinds, arguments = page.order, (page.key[1],), page.arguments

    def value(asked: Asked) -> Any:
        (key,) = read_cursor(arguments(asked)[argument], order, kinds, argument)
        return max(-_LARGEST - 1, min(key, _LARGEST)) if isinstance(key, int) else key

    return value


def _fields(
    page: Page,
    kind: GraphQLObjectType,
    details: FieldDetailsList,
    write: Callable[[str, FieldDetailsList], list[Piece]],
) -> list[Piece]:
    """Return the text of an object that is no row, its fields written by `write`."""
    pieces: list[Piece] = []
    for key, chosen in page.compiler.document.selected(kind, details).items():
        pieces.append(Literal(f'{"," if pieces else "{"}"{key}":'))
        name = chosen[0].node.name.value
        pieces += [Literal(f'"{kind.name}"')] if name == "__typename" else write(name, chosen)
    return [*pieces, Literal("}")] if pieces else [Literal("{}")]


def _parts(page: Page, kind: GraphQLObjectType, details: FieldDetailsList) -> list[Piece]:
    def write(name: str, chosen: FieldDetailsList) -> list[Piece]:
        below: Any = get_named_type(kind.fields[name].type)
        if name == "nodes":
            return [page.listed(sql.joined(page.compiler.object(page.row, chosen)))]
        if name == "edges":
            return [page.listed(sql.joined(_edge(page, below, chosen)))]
        if name == "pageInfo":
            return _page_info(page, below, chosen)
        if name == "totalCount":
            return [_total(page)]
        raise Unplannable(f"{kind.name}.{name}")

    return _fields(page, kind, details, write)


def _edge(page: Page, kind: GraphQLObjectType, details: FieldDetailsList) -> list[Piece]:
    def write(name: str, chosen: FieldDetailsList) -> list[Piece]:
        if name == "cursor":
            return [Literal('"'), page.cursor(), Literal('"')]
        if name == "node":
            return page.compiler.object(page.row, chosen)
        raise Unplannable(f"{kind.name}.{name}")

    return _fields(page, kind, details, write)


def _page_info(page: Page, kind: GraphQLObjectType, details: FieldDetailsList) -> list[Piece]:
    more = f"(count({page.alias}.n) > {page.size})::text"
    limited = Literal("true" if page.given.get("before" if page.reverse else "after") else "false")

    def write(name: str, chosen: FieldDetailsList) -> list[Piece]:
        if name in ("hasNextPage", "hasPreviousPage"):
            return [more if (name == "hasNextPage") is not page.reverse else limited]
        if name in ("startCursor", "endCursor"):
            return [_end(page, first=(name == "startCursor") is not page.reverse)]
        raise Unplannable(f"{kind.name}.{name}")

    return _fields(page, kind, details, write)


def _end(page: Page, *, first: bool) -> str:
    """Return the SQL for the cursor of the row that was read first, or last."""
    column, kind = page.key
    key = page.add(page.row.column(column))
    order = f"{page.alias}.n" if first else f"{page.alias}.n DESC"
    kept = f"FILTER (WHERE {page.alias}.n <= {page.size})"
    found = f"(array_agg({key} ORDER BY {order}) {kept})[1]"
    return f"coalesce('\"' || {sql.cursor(page.order, found, kind)} || '\"', 'null')"


def _total(page: Page) -> str:
    compiler, row = page.compiler, page.row
    where = " AND ".join([compiler.tenant(row.alias), *page.where])
    return f"(SELECT count(*)::text FROM {row.source.name} {row.alias} WHERE {where})"


def nested_pages(compiler: Compiler, row: Row, chosen: Chosen) -> list[Piece]:
    """Write a connection over the rows that belong to `row`."""
    shape: Pages = chosen.shape
    target = compiler.row(shape.target())
    owner = shape.lists.owner._meta.db_column_name
    if compiler.limited(shape.needs) and not compiler.limited(row.source.needs):
        raise Unplannable(f"{shape.needs} reaches the own record only")
    if target.source.subject_column != owner:
        compiler.note_subject(target)
    page = page_of(compiler, target, chosen, shape.order, shape.key, shape.lists.newest_first)
    page.where.append(f"{target.column(owner)} = {row.column('id')}")
    kind: Any = get_named_type(chosen.definition.type)
    alias = row.join(compile_page(page, kind, chosen.details))
    if target.persons:
        row.persons.append(f"{alias}.s")
    return [f"{alias}.t"]


def page_of(
    compiler: Compiler,
    row: Row,
    chosen: Chosen,
    order: str,
    key: tuple[str, type],
    newest_first: bool,
) -> Page:
    """Return the page that a connection field asks for."""
    site = chosen.site
    given = site.arguments(compiler.document.variables)
    return Page(compiler, row, order, key, lambda asked: asked.arguments(site), given, newest_first)


def conditions(page: Page, rows: Callable[[Asked], RowList], found: RowList) -> None:
    """Put the conditions of the list `found` into the page; `rows` gives it for each request."""
    for at, condition in enumerate(found.conditions):
        column = page.row.column(condition.column._meta.db_column_name)
        kind = _kind(condition.column)
        if condition.operator not in (Equal, ArrayAny):
            raise Unplannable(f"the condition {condition.operator.__name__}")

        def value(asked: Asked, at: int = at) -> Any:
            return rows(asked).conditions[at].value

        bound = page.compiler.parameter(value, kind)
        page.where.append(condition.operator.template.format(name=column, value=bound))


def _kind(column: Column) -> str:
    """Return the PostgreSQL type that a column of a condition is compared as."""
    element = column.base_column if isinstance(column, Array) else column
    found = next((name for kind, name in _KINDS.items() if isinstance(element, kind)), None)
    if found is None:
        raise Unplannable(f"a condition on the column {column._meta.name}")
    return found
