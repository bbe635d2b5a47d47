# ruff: noqa: S608 -- the SQL is made of declarations; what a request gives is a parameter
"""How the fields of an object are written: columns, texts, relations, lists, facets."""

from collections.abc import Mapping
from typing import Any

from graphql.execution.collect_fields import FieldDetailsList

from cordee_graphql.planner import sql
from cordee_graphql.planner.compile import Chosen, Compiler, Row, Writer
from cordee_graphql.planner.shapes import (
    CASE_ID,
    Column,
    Expression,
    Facets,
    GlobalId,
    Localised,
    Many,
    One,
    Shape,
)
from cordee_graphql.planner.sql import Literal, Piece


def _column(compiler: Compiler, row: Row, chosen: Chosen) -> list[Piece]:
    name = chosen.shape.name or chosen.site.declared.python_name
    return [sql.leaf(row.column(name), chosen.definition.type)]


def _expression(compiler: Compiler, row: Row, chosen: Chosen) -> list[Piece]:
    return [sql.leaf(chosen.shape.write(row, chosen), chosen.definition.type)]


def _localised(compiler: Compiler, row: Row, chosen: Chosen) -> list[Piece]:
    value = row.column(chosen.shape.column)
    for step in chosen.shape.path:
        value = f"({value} -> {sql.quoted(step)})"
    return [sql.localised(value, chosen.language(row), chosen.definition.type)]


def _global_id(compiler: Compiler, row: Row, chosen: Chosen) -> list[Piece]:
    return [sql.global_id(row.kind.name, row.column("id"))]


def _one(compiler: Compiler, row: Row, chosen: Chosen) -> list[Piece]:
    shape: One = chosen.shape
    target = compiler.row(shape.target())
    key = row.column(shape.key)
    if shape.through is not None:
        find, column = shape.through
        between = compiler.row(find())
        where = [compiler.tenant(between.alias), f"{between.column('id')} = {key}"]
        where += compiler.reach(between.source.needs, between)
        key = (
            f"(SELECT {between.column(column)} FROM {between.source.name} {between.alias}"
            f" WHERE {' AND '.join(where)})"
        )
    elif shape.checked and (row.source.subject_column, target.source.subject_column) != (
        shape.key,
        shape.by,
    ):
        compiler.note_subject(target)
    where = [f"{target.column(shape.by)} = {key}"]
    if shape.checked:
        where += compiler.reach(target.source.needs, target)
    alias = row.join(compiler.select_one(target, chosen.details, where))
    if target.persons:
        row.persons.append(f"{alias}.s")
    return [sql.or_null(f"{alias}.t", chosen.definition.type)]


def _many(compiler: Compiler, row: Row, chosen: Chosen) -> list[Piece]:
    shape: Many = chosen.shape
    target = compiler.row(shape.target())
    alias = join_rows(compiler, row, target, chosen.details, shape.owner, shape.order)
    return [Literal("["), f"{alias}.t", Literal("]")]


def _facets(compiler: Compiler, row: Row, chosen: Chosen) -> list[Piece]:
    schema: Any = compiler.document.schema
    lists = []
    for plugin, cls in schema.facets:
        if plugin in compiler.document.scope.enabled:
            target = compiler.row(cls)
            alias = join_rows(compiler, row, target, chosen.details, CASE_ID, "id")
            lists.append(f"{alias}.t")
    return [Literal("["), f"concat_ws(',', {', '.join(lists)})" if lists else "''", Literal("]")]


def join_rows(
    compiler: Compiler, row: Row, target: Row, details: FieldDetailsList, owner: str, order: str
) -> str:
    """Join the rows of `target` that belong to `row`; return the alias of their text."""
    text = compiler.object(target, details)
    inner = compiler.alias("q")
    alias = row.join(
        f"SELECT string_agg({inner}.t, ',' ORDER BY {inner}.n) AS t, string_agg({inner}.s, ',')"
        f" AS s FROM (SELECT {sql.joined(text)} AS t, {sql.together(target.persons)} AS s,"
        f" row_number() OVER (ORDER BY {target.column(order)}, {target.column('id')}) AS n"
        f" FROM {target.source.name} {target.alias}{''.join(target.joins)}"
        f" WHERE {compiler.tenant(target.alias)} AND {target.column(owner)} = {row.column('id')}"
        f") {inner}"
    )
    if target.persons:
        row.persons.append(f"{alias}.s")
    return alias


WRITERS: Mapping[type[Shape], Writer] = {
    Column: _column,
    Expression: _expression,
    Localised: _localised,
    GlobalId: _global_id,
    One: _one,
    Many: _many,
    Facets: _facets,
}
"""How a field of each shape is written, connections aside."""
