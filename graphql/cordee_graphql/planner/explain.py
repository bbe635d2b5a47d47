"""Says what becomes of a document: each root field's statement and PostgreSQL's plan for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from graphql import GraphQLError, OperationDefinitionNode
from graphql.execution.values import get_variable_values

from cordee_core.access.context import ContextKeys
from cordee_core.access.permissions import ROLES, grants
from cordee_core.access.scope import Actor, Scope
from cordee_core.access.tokens import authenticate
from cordee_core.database.engine import CordeeEngine, Row, bind
from cordee_core.database.tables import DECLARED
from cordee_core.errors import ConfigurationError
from cordee_core.plugins.host import PluginHost
from cordee_core.settings import Settings
from cordee_graphql.planner.binding import Asked
from cordee_graphql.planner.plans import RootPlan
from cordee_graphql.schema import CordeeSchema, build_schema

_NOBODY = UUID(int=0)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be explained: a document, its variables, and for whom.

    With `token` it is explained as that member, with the values; else for a member of `role`,
    without.
    """

    document: str
    name: str | None = None
    variables: Mapping[str, Any]
    role: str
    token: str | None = None

    @classmethod
    def of(cls, file: Path, variables: Mapping[str, Any], role: str, token: Path | None) -> "Wish":
        """Return the wish to have the document in `file` explained."""
        if role not in ROLES:
            raise ConfigurationError(f"there is no role {role!r}, only {', '.join(ROLES)}")
        given = token.read_text(encoding="utf-8").strip() if token else None
        return cls(
            document=file.read_text(encoding="utf-8"), variables=variables, role=role, token=given
        )


async def explain(wish: Wish, settings: Settings, host: PluginHost) -> list[str]:
    """Return the explanation in lines. Without a database, the statements only.

    Raises:
        ConfigurationError: the document does not fit the schema, or a token is given without
            the database's address.
    """
    schema = build_schema(host)
    if not settings.has("CORDEE_DATABASE_URL"):
        if wish.token:
            raise ConfigurationError("a token needs CORDEE_DATABASE_URL and CORDEE_CONTEXT_KEY")
        asked, roots = _plan(schema, wish, _member_of(wish.role, host))
        return list(_told(roots, {}))
    engine = CordeeEngine(settings.database_url)
    await engine.start_connection_pool(max_size=1)
    bind(engine, list(DECLARED.values()))
    try:
        scope = _member_of(wish.role, host)
        if wish.token:
            keys = ContextKeys(settings.context_keys)
            scope = await authenticate(engine, host, keys, wish.token)
        asked, roots = _plan(schema, wish, scope)
        return list(_told(roots, await _plans(engine, asked, roots, generic=not wish.token)))
    finally:
        await engine.close_connection_pool()


def _member_of(role: str, host: PluginHost) -> Scope:
    member = Actor(id=_NOBODY, roles=(role,), display_name=role, person_id=_NOBODY)
    return Scope(
        tenant=_NOBODY,
        keys=ContextKeys({"none": bytes(32)}),
        host=host,
        member=member,
        permissions=grants([role]),
        enabled=frozenset(host.manifests),
    )


def _plan(schema: CordeeSchema, wish: Wish, scope: Scope) -> tuple[Asked, Mapping[str, RootPlan]]:
    document, errors = schema.documents.read(wish.document)
    if errors:
        raise ConfigurationError(f"the document does not fit the schema: {errors[0].message}")
    operation = next(
        one for one in document.definitions if isinstance(one, OperationDefinitionNode)
    )
    variables = get_variable_values(
        schema._schema, operation.variable_definitions or (), dict(wish.variables)
    )
    if isinstance(variables, list):
        problem: GraphQLError = variables[0]
        raise ConfigurationError(problem.message)
    assert schema.planner is not None
    plan = schema.planner.plan_for(document, wish.name, scope, variables)
    return Asked(scope, "en", variables), plan.roots if plan else {}


async def _plans(
    engine: CordeeEngine, asked: Asked, roots: Mapping[str, RootPlan], *, generic: bool
) -> dict[str, Sequence[str]]:
    """Return PostgreSQL's plan of each statement, in lines; `generic` is that for any values."""
    found: dict[str, Sequence[str]] = {}
    settings = {} if generic else {"cordee__context": asked.scope.signed()}
    async with engine.transaction(**settings):
        for key, root in roots.items():
            values = None if generic else root.bind(asked)
            if not root.planned:
                continue
            if values is not None:
                rows = await engine.fetch(f"EXPLAIN {root.statement}", *values)
            else:
                rows = await _generic(engine, f"explained_{len(found)}", root)
            found[key] = [row[0] for row in rows]
    return found


async def _generic(engine: CordeeEngine, name: str, root: RootPlan) -> list[Row]:
    """Return the plan for any values: a driver would ask for them, a prepared statement not."""
    nothing = ", ".join(["NULL"] * len(root.values))
    await engine.fetch("SET LOCAL plan_cache_mode = force_generic_plan")
    await engine.fetch(f"PREPARE {name} AS {root.statement}")
    return await engine.fetch(f"EXPLAIN EXECUTE {name}{f'({nothing})' if nothing else ''}")


def _told(roots: Mapping[str, RootPlan], plans: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for key, root in roots.items():
        if not root.planned:
            yield f"# {key}: the ordinary way ({root.reason})"
            continue
        yield f"# {key}: one statement"
        yield root.statement
        yield from (f"  {line}" for line in plans.get(key, ()))
    if not roots:
        yield "# nothing to plan: no query"
