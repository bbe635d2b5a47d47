# mypy: disable-error-code="untyped-decorator"
"""Objects with a global id, and how they are loaded: once per operation, many at a time."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self, TypeVar, cast
from uuid import UUID

import strawberry
from strawberry.types.base import get_object_definition

from cordee_core.errors import LimitExceededError, NotFoundError
from cordee_graphql import ids
from cordee_graphql.context import Info
from cordee_graphql.operation import Operation
from cordee_graphql.planner.shapes import GlobalId, RootOne, shaped

MAX_IDS = 100
"""Most ids that one `nodes` field takes."""

N = TypeVar("N", bound="Node")


@strawberry.interface(description="An object that can be read again by its global id.")
class Node:
    """Base of every type with an id of its own.

    A subclass sets `uuid` and has a `source`, or defines `load`, which `node`, `nodes`,
    `load_node` and payloads use.
    """

    uuid: strawberry.Private[UUID]

    @strawberry.field(
        description="Global id: opaque, stable, unique across types.", metadata=shaped(GlobalId())
    )
    def id(self) -> strawberry.ID:
        """Return the global id."""
        return strawberry.ID(ids.encode(name_of(type(self)), self.uuid))

    @classmethod
    async def load(cls, operation: Operation, uuids: Sequence[UUID]) -> Mapping[UUID, Self]:
        """Return those of `uuids` that exist and that the caller may see, as `source` says."""
        from cordee_graphql.planner.loading import load_rows
        from cordee_graphql.reach import load_reached, reaches_team

        load = load_reached if reaches_team(cls, operation) else load_rows
        return await load(cls, operation, uuids)


def name_of(cls: type) -> str:
    """Return the GraphQL name of the Strawberry type `cls`."""
    definition = get_object_definition(cls, strict=True)
    return definition.name


async def load_node(info: Info, cls: type[N], uuid: UUID | None) -> N | None:
    """Return the object `uuid` of type `cls`; None where it is absent or not the caller's to see.

    Calls of sibling fields are answered by one `load`. For a field of a payload it may be
    finished JSON, which the resolver returns as it is.
    """
    if uuid is None:
        return None
    operation, planned = info.context.operation, info.context.planned
    if planned is not None:
        finished = await planned.changed(info, cls, uuid)
        if finished is not None:
            return cast("N", finished)
    loader = operation.loader(cls, lambda op, uuids: cls.load(op, uuids))
    return cast("N | None", await loader.load(uuid))


async def find_node(info: Info, cls: type[N], gid: str, *path: str | int) -> N:
    """Return the object with the global id `gid`, which must be of type `cls`.

    Raises:
        NotFoundError: there is none that the caller may see, or the id is malformed.
    """
    found = await load_node(info, cls, ids.uuid_of(gid, name_of(cls), *(path or ("id",))))
    if found is None:
        raise NotFoundError(path=path or ("id",))
    return found


def _class_of(info: Info, type_name: str) -> type[Node] | None:
    definition: Any = info.schema.get_type_by_name(type_name)
    origin = getattr(definition, "origin", None)
    return origin if isinstance(origin, type) and issubclass(origin, Node) else None


async def _any_node(info: Info, gid: str) -> Node | None:
    try:
        type_name, uuid = ids.decode(gid)
    except NotFoundError:
        return None
    cls = _class_of(info, type_name)
    return await load_node(info, cls, uuid) if cls is not None and cls is not Node else None


Gid = Annotated[strawberry.ID, strawberry.argument(description="A global id.")]
Gids = Annotated[
    list[strawberry.ID], strawberry.argument(description=f"Global ids, at most {MAX_IDS}.")
]


@strawberry.type
class NodeQueries:
    """Root fields that read any object again by its id."""

    @strawberry.field(
        description="The object with this global id. Null with `NOT_FOUND` where there is none "
        "that the caller may see.",
        metadata=shaped(RootOne()),
    )
    async def node(self, info: Info, id: Gid) -> Node | None:  # noqa: A002 -- the name in the API
        """Return the object with the global id `id`."""
        found = await _any_node(info, id)
        if found is None:
            raise NotFoundError(path=("id",))
        return found

    @strawberry.field(
        description="The objects with these global ids, in their order; null for each that is "
        "absent or not the caller's to see, with `FORBIDDEN` where the type may not be read at all."
    )
    async def nodes(self, info: Info, ids: Gids) -> list[Node | None]:
        """Return the objects with the global ids `ids`."""
        if len(ids) > MAX_IDS:
            raise LimitExceededError(path=("ids",), limit="ids", value=len(ids), maximum=MAX_IDS)
        # What may not be read is an error of its own place and does not blank the others.
        found = await asyncio.gather(*(_any_node(info, gid) for gid in ids), return_exceptions=True)
        return cast("list[Node | None]", found)
