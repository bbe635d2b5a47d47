"""The root types of the core, collected from the modules that declare their fields.

A module in ``queries_root`` declares Strawberry types whose names end in ``Queries``, one in
``mutations`` types whose names end in ``Mutations``, one in ``subscriptions`` types whose names end
in ``Subscriptions``. Adding a module edits no other file.
"""

import pkgutil
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec

import strawberry
from strawberry.schema.name_converter import NameConverter
from strawberry.types.base import get_object_definition, has_object_definition
from strawberry.types.field import StrawberryField

from cordee_graphql.guards import is_public
from cordee_graphql.nodes import NodeQueries

Roots = tuple[type, ...]
_ABOUT = {
    "Query": "What can be read. A field that the caller may not read is null, with a coded error.",
    "Mutation": "What can be changed: one act a field, each done whole or not at all.",
    "Subscription": "What is told as it happens.",
}
_NAMES = NameConverter()


class DuplicateFieldError(TypeError):
    """Two root types declare the same field; which one would win is nobody's to guess."""

    def __init__(self, name: str, first: type, second: type) -> None:
        super().__init__(
            f"the root field {name} is declared by {first.__qualname__} and {second.__qualname__}"
        )


def core_queries() -> Roots:
    """Return the types that hold the core's query fields."""
    return (NodeQueries, *_declared("cordee_graphql.queries_root", "Queries"))


def core_mutations() -> Roots:
    """Return the types that hold the core's mutation fields."""
    return _declared("cordee_graphql.mutations", "Mutations")


def core_subscriptions() -> Roots:
    """Return the types that hold the core's subscription fields."""
    return _declared("cordee_graphql.subscriptions", "Subscriptions")


def _declared(package: str, suffix: str) -> Roots:
    if find_spec(package) is None:
        return ()
    found: list[type] = []
    for info in sorted(pkgutil.iter_modules(import_module(package).__path__), key=lambda m: m.name):
        module = import_module(f"{package}.{info.name}")
        found += [
            value
            for name, value in vars(module).items()
            if isinstance(value, type)
            and name.endswith(suffix)
            and value.__module__ == module.__name__
            and has_object_definition(value)
        ]
    return tuple(found)


def fields_of(root: type) -> list[StrawberryField]:
    """Return the fields of the Strawberry type `root`."""
    return list(get_object_definition(root, strict=True).fields)


def merge_roots(name: str, roots: Iterable[type]) -> type | None:
    """Return one type called `name` with the fields of all `roots`; None where there are none.

    Raises:
        DuplicateFieldError: two of them declare the same field.
    """
    parts = tuple(roots)
    owners: dict[str, type] = {}
    for part in parts:
        for field in fields_of(part):
            name_in_api = name_of(field)
            if name_in_api in owners:
                raise DuplicateFieldError(name_in_api, owners[name_in_api], part)
            owners[name_in_api] = part
    return strawberry.type(type(name, parts, {}), description=_ABOUT.get(name)) if parts else None


def public_fields(roots: Iterable[type]) -> frozenset[str]:
    """Return the names in the API of the root fields that need no token."""
    return frozenset(
        name_of(field) for root in roots for field in fields_of(root) if is_public(field)
    )


def name_of(field: StrawberryField) -> str:
    """Return the name of `field` in the API."""
    return _NAMES.get_graphql_name(field)
