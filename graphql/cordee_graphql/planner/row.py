# ruff: noqa: S608 -- the SQL is made of declarations; what a request gives is a parameter
"""A row in a statement: its columns, what is joined to it, whose records are seen in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphql import GraphQLObjectType

from cordee_core.access.scope import Scope
from cordee_graphql.planner import binding
from cordee_graphql.planner.shapes import RowSource
from cordee_graphql.planner.sql import Unplannable, quoted

if TYPE_CHECKING:
    from cordee_graphql.planner.compile import Compiler


@dataclass(slots=True)
class Row:
    """A row in the statement: its type, its alias, and what is joined to it.

    An element of a stored JSON value is read as a row too, its keys as columns.
    """

    compiler: "Compiler"
    kind: GraphQLObjectType
    alias: str
    source: RowSource
    owner: "Row | None" = None
    """The row in whose JSON value this one is an element; None for a row of a table."""
    joins: list[str] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    gathers: bool = False
    """Whether it is a row of a page that may be long: what many of its rows name is read once."""
    gathered: list[str] = field(default_factory=list)

    def column(self, name: str) -> str:
        """Return the SQL for a column of the row.

        Raises:
            Unplannable: the table has no such column.
        """
        if self.owner is not None:
            return f"nullif({self.alias}.v -> {quoted(name)}, 'null')"
        table = self.source.table
        if name not in {one._meta.db_column_name for one in table._meta.columns}:
            raise Unplannable(f"{table._meta.tablename} has no column {name}")
        return f'{self.alias}."{name}"'

    @property
    def scope(self) -> Scope:
        """Who asks; only what `plans.signature` keeps apart may decide what is written."""
        return self.compiler.document.scope

    @property
    def member(self) -> str:
        """The SQL for the id of the member who asks."""
        return self.compiler.parameter(binding.member, "uuid")

    def join(self, select: str) -> str:
        """Join a select of one row; return its alias."""
        alias = self.compiler.alias("j")
        self.joins.append(f" LEFT JOIN LATERAL ({select}) {alias} ON true")
        return alias

    def gather(self, key: str, select: Callable[[str], str]) -> str:
        """Join, by the column `key`, what `select` gives for a key; return its alias.

        Each key of the page is looked up once.
        """
        keys, found, alias = (self.compiler.alias(letter) for letter in "kgj")
        self.gathered.append(
            f"{alias} AS MATERIALIZED (SELECT {keys}.k, {found}.t, {found}.s FROM (SELECT DISTINCT"
            f" {self.column(key)} AS k FROM {self.alias}) {keys}"
            f" CROSS JOIN LATERAL ({select(f'{keys}.k')}) {found})"
        )
        self.joins.append(f" LEFT JOIN {alias} ON {alias}.k = {self.column(key)}")
        return alias
