"""Puts plans into the execution of an operation: a planned field's JSON passes as it is."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import msgspec
from graphql import GraphQLObjectType, default_field_resolver, default_type_resolver
from graphql.execution.collect_fields import FieldDetails, FieldDetailsList
from graphql.execution.values import VariableValues
from graphql.pyutils import Path
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from cordee_graphql.context import Context
from cordee_graphql.planner.binding import Asked
from cordee_graphql.planner.compile import Document
from cordee_graphql.planner.road import travel

if TYPE_CHECKING:
    from cordee_graphql.planner.plans import Planner
    from cordee_graphql.prepared import Prepared
    from cordee_graphql.schema import CordeeSchema

_JSON = msgspec.json.Encoder(enc_hook=str)


Found = bytes | Exception | None
"""What a root field's statement gave: its JSON, an error, or nothing that could be used."""


class Execution(StrawberryGraphQLCoreExecutionContext):
    """Executes an operation field by field; what statements gave already passes as it is."""

    planner: "Planner | None"
    found: Mapping[str, Found]

    @classmethod
    def of(
        cls,
        schema: "CordeeSchema",
        prepared: "Prepared",
        variables: VariableValues,
        context: Context,
        *,
        found: Mapping[str, Found],
        extensions: dict[str, Any] | None = None,
    ) -> "Execution":
        """Return the execution of an operation that was read and coerced already."""
        made = cls(
            schema._schema, prepared.definitions, prepared.fragments, None, context, prepared.node,
            variables, default_field_resolver, default_type_resolver, default_field_resolver,
            is_awaitable=optimized_is_awaitable, operation_extensions=extensions,
        )  # fmt: skip
        made.planner, made.found = schema.planner, found
        return made

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: FieldDetailsList,
        path: Path,
        position_context: Any,
    ) -> Any:
        """Give a root field what was found for it; else resolve it."""
        given = self.found.get(cast("str", path.key)) if path.prev is None else None
        if given is None:
            return super().execute_field(
                parent_type, source, field_details_list, path, position_context
            )
        if isinstance(given, bytes):
            return msgspec.Raw(given)
        kind = self.schema.get_field(parent_type, field_details_list[0].node.name.value)
        assert kind is not None
        self.handle_field_error(given, kind.type, field_details_list, path)
        return None

    @property
    def _context(self) -> Context:
        return cast("Context", self.context_value)

    def _document(self, planner: "Planner") -> Document:
        scope = self._context.operation.scope
        return Document(planner.schema, self.operation, self.fragments, self.variable_values, scope)

    async def changed(self, info: Any, cls: type, uuid: UUID) -> msgspec.Raw | None:
        """Return the `cls` with that id for a payload's field; None for any other field."""
        raw, planner = info._raw_info, self.planner
        if planner is None or raw.path.prev is None or raw.path.prev.prev is not None:
            return None
        details = [FieldDetails(node, None) for node in raw.field_nodes]
        keys = (str(raw.path.prev.key), str(raw.path.key))
        document, operation = self._document(planner), self._context.operation
        root = planner.plan_changed(document, cls, (keys, raw.parent_type), details)
        operation.plans[".".join(keys)] = (root.statement, root.reason)
        if not root.planned:
            return None
        asked = Asked(operation.scope, operation.language, self.variable_values, uuid)
        values = root.bind(asked)
        if values is None:
            return None
        answer = await travel(operation, root.statement, values, alone=root.alone)
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
