# ruff: noqa: S608 -- the SQL is made of declarations; what a request gives is a parameter
"""How the fields of an object are written: columns, texts, relations, lists, facets."""

from collections.abc import Mapping
from typing import Any

from graphql.execution.collect_fields import FieldDetailsList

from cordee_graphql.planner import sql
from cordee_graphql.planner.compile import Chosen, Compiler, Writer
from cordee_graphql.planner.row import Row
from cordee_graphql.planner.shapes import (
    CASE_ID,
    Column,
    Expression,
    Facets,
    Form,
    GlobalId,
    Inside,
    Linked,
    Localised,
    Many,
    One,
    Shape,
)
from cordee_graphql.planner.sql import Literal, Piece, Unplannable


def _column(compiler: Compiler, row: Row, chosen: Chosen) -> list[Piece]:
    name, kind = chosen.shape.name or chosen.site.declared.python_name, chosen.definition.type
    column = row.column(name)
    return [sql.leaf(sql.stored(column, kind) if row.owner is not None else column, kind)]


def _expression(compiler: Compiler, row: Row, chosen: Chosen) -> list[Piece]:
    if chosen.shape.finished:
        return [sql.or_null(chosen.shape.write(row, chosen), chosen.definition.type)]
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
    if shape.checked and shape.through is None:
        ours, theirs = row.source.subject_column, target.source.subject_column
        if (ours, theirs) != (shape.key, shape.by):
            compiler.note_subject(target)

    def select(key: str) -> str:
        where = [f"{target.column(shape.by)} = {_through(compiler, shape, key)}"]
        if shape.checked:
            where += compiler.reach(target.source.needs, target)
        return compiler.select_one(target, chosen.details, where)

    if shape.few and row.gathers:
        alias = row.gather(shape.key, select)
    else:
        key = row.column(shape.key)
        alias = row.join(select(sql.id_in(key) if shape.as_text else key))
    if target.persons:
        row.persons.append(f"{alias}.s")
    return [sql.or_null(f"{alias}.t", chosen.definition.type)]


def _through(compiler: Compiler, shape: One, key: str) -> str:
    """Return the SQL for the target's key: `key`, or what stands in the row between."""
    if shape.through is None:
        return key
    find, column = shape.through
    between = compiler.row(find())
    where = [compiler.tenant(between.alias), f"{between.column('id')} = {key}"]
    where += compiler.reach(between.source.needs, between)
    return (
        f"(SELECT {between.column(column)} FROM {between.source.name} {between.alias}"
        f" WHERE {' AND '.join(where)})"
    )


def _many(compiler: Compiler, row: Row, chosen: Chosen) -> list[Piece]:
    shape: Many = chosen.shape
    target = compiler.row(shape.target())
    if target.source.subject is not None:
        compiler.note_subject(target)
    alias = join_rows(compiler, row, target, chosen.details, shape.owner, shape.order)
    return [Literal("["), f"{alias}.t", Literal("]")]


def _linked(compiler: Compiler, row: Row, chosen: Chosen) -> list[Piece]:
    shape: Linked = chosen.shape
    if compiler.limited(shape.needs):
        raise Unplannable(f"{shape.needs} reaches the own record only")
    target, link = compiler.row(shape.target()), compiler.alias("l")
    text = sql.joined(compiler.object(target, chosen.details))
    found = row.join(
        f"SELECT string_agg({text}, ',' ORDER BY {link}.{shape.order}) AS t"
        f" FROM {shape.link.name} {link} JOIN {target.source.name} {target.alias}"
        f" ON {compiler.tenant(target.alias)} AND {target.column('id')} = {link}.{shape.other}"
        f"{''.join(target.joins)}"
        f" WHERE {compiler.tenant(link)} AND {link}.{shape.owner} = {row.column('id')}"
    )
    return [Literal("["), f"{found}.t", Literal("]")]


def _inside(compiler: Compiler, row: Row, chosen: Chosen) -> list[Piece]:
    shape: Inside = chosen.shape
    value = row.column(shape.column or chosen.site.declared.python_name)
    for step in shape.path:
        value = f"({value} -> {sql.quoted(step)})"
    target = Row(
        compiler, compiler.kind_of(shape.target()), compiler.alias("e"), row.source, owner=row
    )
    text, alias = sql.joined(compiler.object(target, chosen.details)), target.alias
    joins = "".join(target.joins)
    if shape.form is Form.ONE:
        found = row.join(
            f"SELECT {text} AS t FROM (SELECT {value} AS v) {alias}{joins}"
            f" WHERE jsonb_typeof({alias}.v) = 'object'"
        )
        return [sql.or_null(f"{found}.t", chosen.definition.type)]
    elements = f"jsonb_array_elements({value}) WITH ORDINALITY {alias} (v, n)"
    if shape.form is Form.BY_NAME:
        names = ", ".join(map(sql.quoted, shape.without))
        kept = f" WHERE m.key <> ALL (ARRAY[{names}])" if names else ""
        elements = (
            "(SELECT jsonb_build_object('key', m.key, 'value', m.value) AS v, m.n"
            f" FROM jsonb_each({value}) WITH ORDINALITY m (key, value, n){kept}) {alias}"
        )
    found = row.join(
        f"SELECT string_agg({text}, ',' ORDER BY {alias}.n) AS t FROM {elements}{joins}"
    )
    return [Literal("["), f"{found}.t", Literal("]")]


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
    Linked: _linked,
    Inside: _inside,
    Facets: _facets,
}
"""How a field of each shape is written, connections aside."""
