"""Puts plans into the execution of an operation: a planned field's JSON passes as it is."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

import msgspec
from graphql import GraphQLObjectType, OperationType
from graphql.execution.collect_fields import FieldDetails, FieldDetailsList
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

        if path.prev is not None:
            return usual()
        if self.operation.operation is not OperationType.QUERY:
            writes = self.operation.operation is OperationType.MUTATION
            self._context.planned = self if writes else None
            return usual()
        plan = self._planned()
        root = plan.roots.get(str(path.key)) if plan is not None else None
        if root is None:
            return usual()
        if not root.planned:
            self._note(path, root, root.reason)
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
                self._note(path, root, "")
                return msgspec.Raw(answer)
            self._note(path, root, "nothing was found, or a value that only a resolver can give")
            found = usual()
            return await found if self.is_awaitable(found) else found

        return planned()

    @property
    def _context(self) -> Context:
        return cast("Context", self.context_value)

    def _note(self, path: Path, root: RootPlan, reason: str) -> None:
        self._context.operation.plans[str(path.key)] = (root.statement, reason)

    def _document(self) -> Document:
        scope = self._context.operation.scope
        return Document(
            self.planner.schema, self.operation, self.fragments, self.variable_values, scope
        )

    def _planned(self) -> Plan | None:
        if self._plan is _UNSET:
            operation = self._context.operation
            self._plan = None
            if not operation.anonymous:
                self._plan = self.planner.plan(self._document())
                self._asked = Asked(operation.scope, operation.language, self.variable_values)
        return self._plan

    async def _travel(self, root: RootPlan) -> bytes | None:
        assert self._asked is not None
        values = root.bind(self._asked)
        if values is None:
            return None
        return await travel(self._context.operation, root.statement, values)

    async def changed(self, info: Any, cls: type, uuid: UUID) -> msgspec.Raw | None:
        """Return the `cls` with that id for a payload's field; None for any other field."""
        raw = info._raw_info
        if raw.path.prev is None or raw.path.prev.prev is not None:
            return None
        details = [FieldDetails(node, None) for node in raw.field_nodes]
        keys = (str(raw.path.prev.key), str(raw.path.key))
        document, operation = self._document(), self._context.operation
        root = self.planner.plan_changed(document, cls, (keys, raw.parent_type), details)
        operation.plans[".".join(keys)] = (root.statement, root.reason)
        if not root.planned:
            return None
        asked = Asked(operation.scope, operation.language, self.variable_values, uuid)
        values = root.bind(asked)
        answer = None if values is None else await travel(operation, root.statement, values)
        return None if answer is None else msgspec.Raw(answer)

    def complete_value(
        self,
        return_type: Any,
        field_details_list: FieldDetailsList,
        info: Any,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Let finished JSON pass."""
        if type(result) is msgspec.Raw:
            return result
        return super().complete_value(
            return_type, field_details_list, info, path, result, position_context
        )


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
