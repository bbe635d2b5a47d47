"""Defaults that say nothing, taken out of the schema.

Strawberry gives an argument that may be left out the default ``null``. GraphQL tells "absent" from
"null" (specification of October 2021, §3.6.1), and the API gives them the same meaning wherever
null is allowed and stands for nothing else: the default would only repeat that.
"""

from collections.abc import Iterable, Iterator

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
)


def forget_null_defaults(schema: GraphQLSchema) -> None:
    """Leave no argument and no input field of `schema` with the default ``null``."""
    for value in _inputs(schema):
        if value.default_value is None:
            value.default_value = Undefined


def _inputs(schema: GraphQLSchema) -> Iterator[GraphQLArgument | GraphQLInputField]:
    for kind in schema.type_map.values():
        if kind.name.startswith("__"):
            continue
        if isinstance(kind, GraphQLInputObjectType):
            yield from kind.fields.values()
        elif isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)):
            yield from _arguments(field.args for field in kind.fields.values())


def _arguments(of_fields: Iterable[dict[str, GraphQLArgument]]) -> Iterator[GraphQLArgument]:
    for arguments in of_fields:
        yield from arguments.values()
