# ruff: noqa: S608 -- the SQL is made of declarations; what a request gives is a parameter
"""Objects that are made of tallies: all lists of one from one look at the table."""

from graphql.execution.collect_fields import FieldDetailsList

from cordee_graphql.planner import sql
from cordee_graphql.planner.compile import Chosen, Compiler
from cordee_graphql.planner.row import Row
from cordee_graphql.planner.shapes import RootTallies, Tallied, shape_of
from cordee_graphql.planner.sql import Piece, Unplannable


def compile_tallies(compiler: Compiler, chosen: Chosen) -> str:
    """Return the select of an object whose fields are lists of tallies.

    Raises:
        Unplannable: the permission does not reach the whole tenant; ordinary execution says so.
    """
    shape: RootTallies = chosen.shape
    if compiler.limited(shape.needs):
        raise Unplannable(f"{shape.needs} reaches the own record only")
    kind = compiler.kind_of(shape.target())
    row: Row | None = None

    def write(name: str, details: FieldDetailsList) -> list[Piece]:
        nonlocal row
        found = shape_of(compiler.declared(kind, name)[1].metadata)
        if not isinstance(found, Tallied):
            raise Unplannable(f"{kind.name}.{name}")
        made = compiler.row(found.target())
        if row is None:
            row = made
        made.alias, made.joins, made.persons = row.alias, row.joins, row.persons
        return [_list(compiler, made, found, details)]

    text = sql.joined(compiler.fields(kind, chosen.details, write))
    if row is None:
        raise Unplannable("no tally is asked for")
    where = f"{compiler.tenant(row.alias)} AND {row.column('number')} <> 0"
    return (
        f"SELECT {text} AS t, NULL::text AS s"
        f" FROM {row.source.name} {row.alias}{''.join(row.joins)} WHERE {where}"
    )


def _list(compiler: Compiler, row: Row, shape: Tallied, details: FieldDetailsList) -> str:
    """Return the SQL for the list of one subject's tallies, each as the object selected."""
    text = sql.joined(compiler.object(row, details))
    item, number = row.column("item"), row.column("number")
    kept, order = f"{row.column('subject')} = {sql.quoted(shape.subject)}", ""
    if shape.words:
        place = f"array_position(ARRAY[{', '.join(map(sql.quoted, shape.words))}], {item})"
        kept, order = f"{kept} AND {place} IS NOT NULL", place
    else:
        order = f'{number} DESC, {item} COLLATE "C"'
    found = f"string_agg({text}, ',' ORDER BY {order}) FILTER (WHERE {kept})"
    return f"'[' || coalesce({found}, '') || ']'"
