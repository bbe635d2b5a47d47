"""Puts plans into the execution of an operation: a planned field's JSON passes as it is."""

from collections.abc import Mapping
from typing import Any, cast

import msgspec
from graphql import GraphQLObjectType, OperationType
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from cordee_graphql.context import Context
from cordee_graphql.planner.binding import Asked
from cordee_graphql.planner.compile import Document
from cordee_graphql.planner.plans import Plan, Planner, RootPlan
from cordee_graphql.planner.road import travel

_UNSET: Any = object()
_JSON = msgspec.json.Encoder(enc_hook=str)


class PlannedExecution(StrawberryGraphQLCoreExecutionContext):
    """Executes a query's root fields by their plans, and the rest as usual."""

    planner: Planner
    _plan: Plan | None = _UNSET
    _asked: Asked | None = None

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: FieldDetailsList,
        path: Path,
        position_context: Any,
    ) -> Any:
        """Give a root field by its plan; without one, or where it finds nothing, as usual."""

        def usual() -> Any:
            return super(PlannedExecution, self).execute_field(
                parent_type, source, field_details_list, path, position_context
            )

        if path.prev is not None or self.operation.operation is not OperationType.QUERY:
            return usual()
        plan = self._planned()
        root = plan.roots.get(str(path.key)) if plan is not None else None
        if root is None:
            return usual()
        note = _noter(cast("Context", self.context_value), str(path.key), root)
        if not root.planned:
            note(root.reason)
            return usual()

        async def planned() -> Any:
            answer = None
            try:
                answer = await self._travel(root)
            except Exception as error:
                kind = self.schema.get_field(parent_type, root.field)
                assert kind is not None
                self.handle_field_error(error, kind.type, field_details_list, path)
                return None
            if answer is not None:
                note("")
                return msgspec.Raw(answer)
            note("nothing was found, or a value that only a resolver can give")
            found = usual()
            return await found if self.is_awaitable(found) else found

        return planned()

    def _planned(self) -> Plan | None:
        if self._plan is _UNSET:
            operation = cast("Context", self.context_value).operation
            self._plan = None
            if not operation.anonymous:
                scope = operation.scope
                document = Document(
                    self.planner.schema, self.operation, self.fragments, self.variable_values, scope
                )
                self._plan = self.planner.plan(document)
                self._asked = Asked(scope, operation.language, self.variable_values)
        return self._plan

    async def _travel(self, root: RootPlan) -> bytes | None:
        assert self._asked is not None
        values = root.bind(self._asked)
        if values is None:
            return None
        operation = cast("Context", self.context_value).operation
        return await travel(operation, root.statement, values)


def _noter(context: Context, key: str, root: RootPlan) -> Any:
    def note(reason: str) -> None:
        context.operation.plans[key] = (root.statement, reason)

    return note


def execution_of(planner: Planner) -> type[PlannedExecution]:
    """Return the execution that uses the plans of `planner`."""
    return type("Execution", (PlannedExecution,), {"planner": planner})


def parsed(data: object) -> object:
    """Return the data of an answer with each finished JSON in it parsed."""
    if isinstance(data, msgspec.Raw):
        return msgspec.json.decode(data)
    if isinstance(data, Mapping):
        found = cast("Mapping[str, object]", data)
        return {
            name: parsed(value) if isinstance(value, msgspec.Raw | Mapping) else value
            for name, value in found.items()
        }
    return data


def written(answer: object) -> bytes:
    """Return an answer as JSON, each finished JSON in it as it is."""
    return _JSON.encode(answer)
