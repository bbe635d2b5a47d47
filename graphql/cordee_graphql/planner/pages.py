# ruff: noqa: S608 -- the SQL is made of declarations; what a request gives is a parameter
"""Connections: a page of rows with its cursors, counted and marked in the same statement."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLObjectType, get_named_type
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from piccolo.columns import UUID, Array, Boolean, Column, Text
from piccolo.columns.operators.comparison import ArrayAny, Equal

from cordee_core.database.lists import RowList
from cordee_graphql.connection import most_of, only_counted, page_size
from cordee_graphql.cursors import read_cursor
from cordee_graphql.planner import sql
from cordee_graphql.planner.binding import Asked
from cordee_graphql.planner.compile import Chosen, Compiler
from cordee_graphql.planner.row import Row
from cordee_graphql.planner.shapes import Pages
from cordee_graphql.planner.sql import Literal, Piece, Unplannable

_KINDS: dict[type[Column], str] = {UUID: "uuid", Text: "text", Boolean: "boolean"}
_TYPES = {"UUID": "uuid", "int": "bigint"}
_LARGEST = 2**63 - 1
_COUNTED = {"totalCount", "__typename"}
_MORE = {"hasNextPage", "hasPreviousPage"}
_PLACE = "page_place"
"""The column with a row's number in its page, in the order in which it is read."""


@dataclass
class Page:
    """A page that is being compiled: a row of it, and what its parts need.

    `marked` says that one row more is read, to tell whether there is more; it is not shown.
    """

    compiler: Compiler
    row: Row
    order: str
    key: tuple[str, type]
    arguments: Callable[[Asked], dict[str, Any]]
    given: dict[str, Any]
    newest_first: bool
    where: list[str] = field(default_factory=list)
    at_root: bool = False
    size: str = ""
    marked: bool = False

    @property
    def reverse(self) -> bool:
        """Whether the page is read from the list's end."""
        return self.given.get("last") is not None

    @property
    def whole(self) -> bool:
        """Whether no argument says which part of the list is asked for."""
        return all(self.given.get(one) is None for one in ("first", "last", "after", "before"))

    @property
    def sort_key(self) -> str:
        """The SQL for the key that orders the list."""
        return self.row.column(self.key[0])

    def ordered(self, *, backwards: bool = False) -> str:
        """Return the order of the list in SQL, or the other way round."""
        return f"{self.sort_key} {'DESC' if self.newest_first is not backwards else 'ASC'}"

    @property
    def shown(self) -> str:
        """The SQL that leaves out the row that only tells that there is more."""
        return f" FILTER (WHERE {self.row.alias}.{_PLACE} <= {self.size})" if self.marked else ""

    def listed(self, expression: str) -> str:
        """Return the SQL for the list of a text of each row."""
        texts = f"string_agg({expression}, ',' ORDER BY {self.ordered()}){self.shown}"
        return f"'[' || coalesce({texts}, '') || ']'"

    def cursor(self, key: str) -> str:
        """Return the SQL for the cursor of the row with a key."""
        return sql.cursor(self.order, key, self.key[1])

    def conditions(self) -> str:
        """Return the SQL for what a row of the list fulfils."""
        return " AND ".join([self.compiler.tenant(self.row.alias), *self.where])


def compile_page(page: Page, kind: GraphQLObjectType, details: FieldDetailsList) -> str:
    """Return the select of a connection: its text and its persons."""
    row, chosen = page.row, page.compiler.document.selected(kind, details)
    names = {one[0].node.name.value for one in chosen.values()}
    if only_counted([one.node for one in details]):
        row.persons.clear()  # as the other road: a number is nobody's record
    if "totalCount" in names <= _COUNTED and page.whole and not row.persons:
        return _counted(page, kind, details)
    page.size = page.compiler.parameter(_size(page.arguments), "bigint")
    page.marked = _asks_more(page, kind, chosen)
    row.gathers = page.at_root
    text = sql.joined(_parts(page, kind, details))
    persons = sql.together(row.persons)
    if row.persons:
        persons = f"string_agg({persons}, ','){page.shown}"
    rest = f"{''.join(row.joins)} HAVING true"  # one row, whatever is selected
    if not row.gathered:
        return f"SELECT {text} AS t, {persons} AS s FROM ({_rows(page)}) {row.alias}{rest}"
    parts = ", ".join([f"{row.alias} AS MATERIALIZED ({_rows(page)})", *row.gathered])
    return f"WITH {parts} SELECT {text} AS t, {persons} AS s FROM {row.alias}{rest}"


def _rows(page: Page) -> str:
    """Return the select of the page's rows."""
    row, down = page.row, page.ordered(backwards=page.reverse)
    where = " AND ".join([page.conditions(), *_between(page)])
    more = " + 1" if page.marked else ""
    rows = (
        f"SELECT * FROM {row.source.name} {row.alias} WHERE {where}"
        f" ORDER BY {down} LIMIT {page.size}{more}"
    )
    if not page.marked:
        return rows
    return (
        f"SELECT {row.alias}.*, row_number() OVER (ORDER BY {down}) AS {_PLACE}"
        f" FROM ({rows}) {row.alias}"
    )


def _counted(page: Page, kind: GraphQLObjectType, details: FieldDetailsList) -> str:
    """Return the select of a connection of which only the number of rows is asked for."""

    def write(name: str, chosen: FieldDetailsList) -> list[Piece]:
        return ["count(*)::text"]

    text = page.compiler.fields(kind, details, write)
    return (
        f"SELECT {sql.joined(text)} AS t, NULL::text AS s"
        f" FROM {page.row.source.name} {page.row.alias} WHERE {page.conditions()}"
    )


def _size(arguments: Callable[[Asked], dict[str, Any]]) -> Callable[[Asked], int]:
    """Return how the size is found. (A plan keeps that, so it holds nothing of a request.)"""

    def value(asked: Asked) -> int:
        given = arguments(asked)
        return page_size(given.get("first"), given.get("last"), most_of(asked.scope))

    return value


def _between(page: Page) -> list[str]:
    """Return the conditions that the cursors given set."""
    found = []
    for argument, after in (("after", True), ("before", False)):
        if page.given.get(argument) is None:
            continue
        operator = "<" if page.newest_first is after else ">"
        bound = page.compiler.parameter(_bound(page, argument), _TYPES[page.key[1].__name__])
        found.append(f"{page.sort_key} {operator} {bound}")
    return found


def _bound(page: Page, argument: str) -> Callable[[Asked], Any]:
    order, kinds, arguments = page.order, (page.key[1],), page.arguments

    def value(asked: Asked) -> Any:
        (key,) = read_cursor(arguments(asked)[argument], order, kinds, argument)
        return max(-_LARGEST - 1, min(key, _LARGEST)) if isinstance(key, int) else key

    return value


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

    return page.compiler.fields(kind, details, write)


def _edge(page: Page, kind: GraphQLObjectType, details: FieldDetailsList) -> list[Piece]:
    def write(name: str, chosen: FieldDetailsList) -> list[Piece]:
        if name == "cursor":
            return [Literal('"'), page.cursor(page.sort_key), Literal('"')]
        if name == "node":
            return page.compiler.object(page.row, chosen)
        raise Unplannable(f"{kind.name}.{name}")

    return page.compiler.fields(kind, details, write)


def _asks_more(page: Page, kind: GraphQLObjectType, chosen: GroupedFieldSet) -> bool:
    """Return whether the page tells if there is more in the direction in which it is read."""
    wanted = "hasPreviousPage" if page.reverse else "hasNextPage"
    infos = [one for one in chosen.values() if one[0].node.name.value == "pageInfo"]
    below: Any = get_named_type(kind.fields["pageInfo"].type)
    return any(
        one[0].node.name.value == wanted
        for info in infos
        for one in page.compiler.document.selected(below, info).values()
    )


def _page_info(page: Page, kind: GraphQLObjectType, details: FieldDetailsList) -> list[Piece]:
    limited = Literal("true" if page.given.get("before" if page.reverse else "after") else "false")

    def write(name: str, chosen: FieldDetailsList) -> list[Piece]:
        if name in _MORE:
            told = (name == "hasNextPage") is not page.reverse
            return [f"(count(*) > {page.size})::text" if told else limited]
        if name in ("startCursor", "endCursor"):
            return [_end(page, backwards=name == "endCursor")]
        raise Unplannable(f"{kind.name}.{name}")

    return page.compiler.fields(kind, details, write)


def _end(page: Page, *, backwards: bool) -> str:
    """Return the SQL for the cursor of the page's first row, or of its last."""
    order = page.ordered(backwards=backwards)
    found = f"(array_agg({page.sort_key} ORDER BY {order}){page.shown})[1]"
    return f"coalesce('\"' || {page.cursor(found)} || '\"', 'null')"


def _total(page: Page) -> str:
    rows = f"{page.row.source.name} {page.row.alias}"
    return f"(SELECT count(*)::text FROM {rows} WHERE {page.conditions()})"


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
