"""The fields at the root: one row by its global id, any node, a list with its filter."""

from typing import Any
from uuid import UUID

from graphql import GraphQLObjectType, get_named_type

from cordee_core.access.permissions import Reach
from cordee_core.access.scope import Scope
from cordee_core.database.lists import RowList
from cordee_core.errors import CordeeError
from cordee_graphql import ids
from cordee_graphql.planner import binding, pages
from cordee_graphql.planner.binding import Asked
from cordee_graphql.planner.compile import Chosen, Compiler
from cordee_graphql.planner.fields import WRITERS
from cordee_graphql.planner.shapes import CASE_ID, Pages, RootOne, RootPages, RootTallies, Shape
from cordee_graphql.planner.sql import Unplannable
from cordee_graphql.planner.tallied import compile_tallies

ALL_WRITERS = {**WRITERS, Pages: pages.nested_pages}
"""How a field of each shape is written that stands in an object."""


def compile_root(compiler: Compiler, chosen: Chosen) -> str:
    """Return the select for a root field.

    Raises:
        Unplannable: something in it is not declared, or the caller may not read it.
    """
    shape: Shape = chosen.shape
    if isinstance(shape, RootOne):
        return _one(compiler, chosen, shape)
    if isinstance(shape, RootPages):
        return _pages(compiler, chosen, shape)
    if isinstance(shape, RootTallies):
        return compile_tallies(compiler, chosen)
    raise Unplannable("it stands in an object only")


def compile_changed(compiler: Compiler, cls: type, chosen: Chosen) -> str:
    """Return the select for the row of the type `cls` that a mutation has just written."""
    return _by_id(compiler, cls, binding.changed, chosen)


def _one(compiler: Compiler, chosen: Chosen, shape: RootOne) -> str:
    site = chosen.site
    if shape.target is None:
        given = site.arguments(compiler.document.variables)["id"]
        cls = _class_of(compiler, given)
    else:
        cls = shape.target()
    name = compiler.kind_of(cls).name

    def uuid(asked: Asked) -> UUID:
        return ids.uuid_of(asked.arguments(site)["id"], name)

    return _by_id(compiler, cls, uuid, chosen)


def _by_id(compiler: Compiler, cls: type, uuid: binding.Value, chosen: Chosen) -> str:
    row = compiler.row(cls)
    where = [f"{row.column('id')} = {compiler.parameter(uuid, 'uuid')}"]
    where += compiler.reach(row.source.needs, row)
    if row.source.below:  # a case that the caller may not know of hides what is below it
        case = compiler.alias("t")
        where.append(
            f"EXISTS (SELECT FROM core.cases {case} WHERE {compiler.tenant(case)}"
            f" AND {case}.id = {row.column(CASE_ID)})"
        )
    compiler.note_subject(row)
    return compiler.select_one(row, chosen.details, where)


def _class_of(compiler: Compiler, gid: str) -> type:
    """Return the type whose name stands in a global id."""
    try:
        name, _ = ids.decode(gid)
    except CordeeError:
        raise Unplannable("it is no global id") from None
    definition = compiler.document.schema.get_type_by_name(name)
    origin = getattr(definition, "origin", None)
    if not isinstance(origin, type):
        raise Unplannable(f"{name} is no type of ours")
    return origin


def _pages(compiler: Compiler, chosen: Chosen, shape: RootPages) -> str:
    site = chosen.site
    own = reach_of(compiler.document.scope, shape)
    limited = own is not None

    def rows(asked: Asked) -> RowList:
        def make() -> RowList:
            person = asked.own if limited else None
            return shape.rows(asked.arguments(site).get("filter"), person)

        found: RowList = asked.once((site, "rows"), make)
        return found

    given = site.arguments(compiler.document.variables)
    try:
        found = shape.rows(given.get("filter"), own)
    except CordeeError as error:
        raise Unplannable(f"the filter is refused: {error.code}") from None
    row = compiler.row(shape.target())
    compiler.note_subject(row)
    page = pages.page_of(compiler, row, chosen, shape.order, shape.key, found.newest_first)
    page.at_root = True
    pages.conditions(page, rows, found)
    kind: Any = get_named_type(chosen.definition.type)
    if not isinstance(kind, GraphQLObjectType):
        raise Unplannable(f"{kind} is no connection")
    return pages.compile_page(page, kind, chosen.details)


def reach_of(scope: Scope, shape: RootPages) -> UUID | None:
    """Return the person to whose record the list is limited; None where it is not.

    Raises:
        Unplannable: the caller may not list; ordinary execution says so.
    """
    reach = scope.permissions.get(shape.needs)
    if reach is Reach.TENANT:
        return None
    own = scope.member.person_id if scope.member is not None else None
    if reach is not Reach.SELF or own is None or not shape.own:
        raise Unplannable(f"{shape.needs} is not granted for the whole tenant")
    return own
