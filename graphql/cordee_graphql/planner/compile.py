# ruff: noqa: S608 -- the SQL is made of declarations; what a request gives is a parameter
"""Compiles the selection of a root field to one SQL statement.

An object is a text made of its fields. What belongs to it is joined LATERAL, so that each object
is written where its row is read and large tables are entered by index.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import (
    FieldDetailsList,
    FragmentDetails,
    GroupedFieldSet,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from strawberry.schema import Schema
from strawberry.types.field import StrawberryField

from cordee_core.access.permissions import Permission, Reach
from cordee_core.access.scope import Scope
from cordee_core.languages import Language
from cordee_graphql.planner import binding, sql
from cordee_graphql.planner.binding import Asked, Parameters, Site
from cordee_graphql.planner.row import Row
from cordee_graphql.planner.shapes import (
    CASE_ID,
    Shape,
    shape_of,
    source_of,
)
from cordee_graphql.planner.sql import Literal, Piece, Unplannable

MOST_ALIASES = 120
"""Most tables and subqueries of a statement: PostgreSQL plans each anew in every connection."""
_DEFINITION = "strawberry-definition"


@dataclass(frozen=True, slots=True)
class Document:
    """What is compiled: an operation with its fragments, for whom, with which variables."""

    schema: Schema
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDetails]
    variables: VariableValues
    scope: Scope

    def selected(self, kind: GraphQLObjectType, details: FieldDetailsList) -> GroupedFieldSet:
        """Return what `details` select of an object of the type `kind`, by response key."""
        found = collect_subfields(
            self.schema._schema, self.fragments, self.variables, self.operation, kind, details, True
        )
        return found.grouped_field_set


class Compiler:
    """Compiles one root field. Made anew for each."""

    def __init__(self, document: Document, writers: "Mapping[type[Shape], Writer]") -> None:
        self.document = document
        self._writers = writers
        self.parameters = Parameters()
        self._aliases = 0

    def alias(self, letter: str) -> str:
        """Return a new alias.

        Raises:
            Unplannable: there are more than PostgreSQL plans in a reasonable time.
        """
        self._aliases += 1
        if self._aliases > MOST_ALIASES:
            raise Unplannable("it has too many parts for one statement")
        return f"{letter}{self._aliases}"

    def parameter(self, value: binding.Value, kind: str, key: object = None) -> str:
        """Return the SQL for a value that each request gives."""
        return self.parameters.add(value, kind, key)

    def kind_of(self, cls: type) -> GraphQLObjectType:
        """Return the GraphQL type of the Strawberry type `cls`."""
        schema = self.document.schema
        definition: Any = getattr(cls, "__strawberry_definition__", None)
        found = schema._schema.type_map.get(schema.config.name_converter.from_type(definition))
        if not isinstance(found, GraphQLObjectType):
            raise Unplannable(f"{cls.__name__} is no object type")
        return found

    def row(self, cls: type) -> Row:
        """Return a row of the type `cls`, with an alias of its own."""
        source = source_of(cls)
        if source is None:
            raise Unplannable(f"{cls.__name__} is no row of a table")
        return Row(self, self.kind_of(cls), self.alias("t"), source)

    def declared(self, kind: GraphQLObjectType, name: str) -> tuple[GraphQLField, StrawberryField]:
        """Return the field `name` of `kind` as the schema has it and as it was declared.

        Raises:
            Unplannable: something looks at the field before its resolver runs.
        """
        definition = kind.fields[name]
        declared = (definition.extensions or {}).get(_DEFINITION)
        if not isinstance(declared, StrawberryField):
            raise Unplannable(f"{kind.name}.{name} is not declared")
        if declared.extensions or declared.permission_classes:
            raise Unplannable(f"{kind.name}.{name} is guarded")
        return definition, declared

    def limited(self, permission: Permission | None) -> bool:
        """Return whether `permission` reaches only the caller's own record.

        Raises:
            Unplannable: it is not granted; ordinary execution says so.
        """
        if permission is None:
            return False
        reach = self.document.scope.permissions.get(permission)
        if reach is Reach.TENANT:
            return False
        member = self.document.scope.member
        if reach is not Reach.SELF or member is None or member.person_id is None:
            raise Unplannable(f"{permission} is not granted for the whole tenant")
        return True

    def reach(self, permission: Permission | None, row: Row) -> list[str]:
        """Return the conditions under which the caller may read `row` with `permission`."""
        if not self.limited(permission):
            return []
        return [self._own(row, f"{permission} reaches the own record only")]

    def _own(self, row: Row, problem: str) -> str:
        own = self.parameter(binding.own_person, "uuid")
        if row.source.subject is not None:
            return f"{row.column(row.source.subject)} = {own}"
        if not row.source.below:
            raise Unplannable(problem)
        case = self.alias("t")
        return (
            f"EXISTS (SELECT FROM core.cases {case} WHERE {self.tenant(case)}"
            f" AND {case}.id = {row.column(CASE_ID)} AND {case}.person_id = {own})"
        )

    def tenant(self, alias: str) -> str:
        """Return the condition that a row is of the acting tenant: the planner sees its size."""
        return f"{alias}.tenant_id = {self.parameter(binding.tenant, 'uuid')}"

    def note_subject(self, row: Row) -> None:
        """Have the person whose record `row` is put among those that were read."""
        if row.source.subject is not None:
            row.persons.append(f"{row.column(row.source.subject)}::text")
        elif row.source.below:
            case = self.alias("t")
            row.persons.append(
                f"(SELECT {case}.person_id::text FROM core.cases {case}"
                f" WHERE {self.tenant(case)} AND {case}.id = {row.column(CASE_ID)})"
            )

    def object(self, row: Row, details: FieldDetailsList) -> list[Piece]:
        """Return the text of `row` with what `details` select."""
        return self.fields(
            row.kind, details, lambda name, chosen: self._field(row, name, chosen)
        )  # fmt: skip

    def fields(
        self,
        kind: GraphQLObjectType,
        details: FieldDetailsList,
        write: Callable[[str, FieldDetailsList], list[Piece]],
    ) -> list[Piece]:
        """Return the text of an object of the type `kind`, its fields written by `write`."""
        pieces: list[Piece] = []
        for key, chosen in self.document.selected(kind, details).items():
            pieces.append(Literal(f'{"," if pieces else "{"}"{key}":'))
            name = chosen[0].node.name.value
            typename = name == "__typename"
            pieces += [Literal(f'"{kind.name}"')] if typename else write(name, chosen)
        return [*pieces, Literal("}")] if pieces else [Literal("{}")]

    def _field(self, row: Row, name: str, details: FieldDetailsList) -> list[Piece]:
        shape = shape_of(self.declared(row.kind, name)[1].metadata)
        if shape is None:
            raise Unplannable(f"{row.kind.name}.{name}")
        write = self._writers.get(type(shape))
        if write is None:
            raise Unplannable(f"{row.kind.name}.{name} stands at the root only")
        return write(self, row, chosen_field(self, row.kind, details, shape))

    def select_one(self, row: Row, details: FieldDetailsList, where: list[str]) -> str:
        """Return the select of the one row that meets `where`: its text and its persons."""
        text = self.object(row, details)
        conditions = " AND ".join([self.tenant(row.alias), *where])
        return (
            f"SELECT {sql.joined(text)} AS t, {sql.together(row.persons)} AS s"
            f" FROM {row.source.name} {row.alias}{''.join(row.joins)} WHERE {conditions} LIMIT 1"
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """A field that is selected: what it is, its arguments, what is selected below it."""

    shape: Any
    definition: GraphQLField
    site: Site
    details: FieldDetailsList

    def asked_language(self) -> Callable[[Asked], Language]:
        """Return how the language is found that the field is asked for in."""
        site = self.site
        if not site.node.arguments:
            return binding.language

        def found(asked: Asked) -> Language:
            wanted = asked.arguments(site).get("language")
            return asked.language if wanted is None else wanted.value

        return found

    def language(self, row: Row) -> str:
        """Return the SQL for the language that the field is asked for in."""
        return row.compiler.parameter(self.asked_language(), "text", (self.site, "language"))

    def texts(self, row: Row, make: Callable[[Scope, Language], object]) -> str:
        """Return the SQL (jsonb) for what `make` gives in the language asked for."""
        language = self.asked_language()

        def found(asked: Asked) -> object:
            return make(asked.scope, language(asked))

        return row.compiler.parameter(found, "jsonb", (self.site, make))


Writer = Callable[[Compiler, Row, Chosen], list[Piece]]
"""How a field of a shape is written."""


def chosen_field(
    compiler: Compiler, kind: GraphQLObjectType, details: FieldDetailsList, shape: Shape | None
) -> Chosen:
    """Return the field of `kind` that `details` select, which is `shape`."""
    node = details[0].node
    definition, declared = compiler.declared(kind, node.name.value)
    site = Site(compiler.document.schema, definition, declared, node)
    return Chosen(shape, definition, site, details)
