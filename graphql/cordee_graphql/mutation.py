"""Mutations: a payload with the changed object and what in the input stood in the way."""

import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

import strawberry

from cordee_core.access.scope import Scope
from cordee_core.database.unit_of_work import Outcome
from cordee_core.errors import InputError
from cordee_graphql.context import Info
from cordee_graphql.failures import UserError, user_error
from cordee_graphql.operation import Operation

D = TypeVar("D")
P = TypeVar("P", bound="Payload")


@strawberry.type
class Payload:
    """Base of every payload. Subclasses add a nullable field for each changed object.

    `changed` holds the ids that the use case returned, `once` what is shown only now (a new token).
    """

    user_errors: list[UserError] = strawberry.field(
        description="What in the input stood in the way; empty where the change was made.",
        default_factory=list,
    )
    changed: strawberry.Private[Mapping[str, UUID]] = dataclasses.field(default_factory=dict)
    once: strawberry.Private[Mapping[str, str]] = dataclasses.field(default_factory=dict)


async def attempt(
    info: Info,
    payload: type[P],
    action: str,
    use_case: Callable[[Any, D], Awaitable[Mapping[str, UUID]]],
    draft: Callable[[], D],
    *,
    scope: Scope | None = None,
) -> P:
    """Run `use_case(uow, draft())` in a unit of work of its own and return the payload.

    The unit of work commits before the payload's fields are read. `draft` is a function so that
    an id or a value it can't take is a user error too. What the input caused goes to
    ``userErrors``; token, permission, limits and faults are raised and go to ``errors``.
    """
    operation = info.context.operation

    async def run() -> Outcome:
        return await operation.write(
            action, use_case, draft(), response_key=_root_key(info), scope=scope
        )

    return await refusable(operation, payload, run)


async def refusable(
    operation: Operation, payload: type[P], run: Callable[[], Awaitable[Outcome]]
) -> P:
    """Return the payload of `run()`, with what the input caused as user errors."""
    try:
        outcome = await run()
    except InputError as error:
        return payload(user_errors=[user_error(error, operation.language)])
    return payload(changed=outcome.changed, once=outcome.once)


def _root_key(info: Info) -> str:
    path = info.path
    while path.prev is not None:
        path = path.prev
    return str(path.key)
