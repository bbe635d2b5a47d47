"""Instruments, rules and services: what can be asked, evaluated and referred to."""

import datetime
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from cordee_core.access.permissions import Permission
from cordee_core.errors import NotFoundError
from cordee_core.services.queries import ServiceQuery, services_like
from cordee_core.validation import problem
from cordee_graphql.context import Info
from cordee_graphql.planner.declare import by_id
from cordee_graphql.types.catalog import enabled_content
from cordee_graphql.types.declaring import field
from cordee_graphql.types.eligibility import EligibilityPreview, preview
from cordee_graphql.types.filters import ServiceFilter
from cordee_graphql.types.instrument import Instrument
from cordee_graphql.types.lists import root_pages
from cordee_graphql.types.rule import Rule
from cordee_graphql.types.service import Service

_Code = Annotated[str, strawberry.argument(description="Its code.")]
_RuleCode = Annotated[str, strawberry.argument(description="Code of the rule.")]
_Facts = Annotated[
    JSON, strawberry.argument(description="The facts known, by name; what is absent is not known.")
]
_On = Annotated[
    datetime.date | None,
    strawberry.argument(description="The date whose law and amounts count; without it, today."),
]


@strawberry.type
class CatalogQueries:
    """Root fields about what enabled plugins and the organisation offer."""

    @field
    def instruments(self, info: Info) -> list[Instrument]:
        """The instruments of enabled plugins."""
        return [
            Instrument(plugin=plugin, own=one)
            for plugin, content in enabled_content(info.context.operation.scope)
            for one in content.instruments.values()
        ]

    @field
    def instrument(self, info: Info, code: _Code) -> Instrument | None:
        """An instrument by its code. Null with `NOT_FOUND` where no enabled plugin has it."""
        for plugin, content in enabled_content(info.context.operation.scope):
            if code in content.instruments:
                return Instrument(plugin=plugin, own=content.instruments[code])
        raise NotFoundError(path=("code",))

    @field
    def rules(self, info: Info) -> list[Rule]:
        """The eligibility rules of enabled plugins."""
        return [
            Rule(plugin=plugin, own=one)
            for plugin, content in enabled_content(info.context.operation.scope)
            for one in content.rules.values()
        ]

    @field
    def eligibility(
        self, info: Info, rule: _RuleCode, facts: _Facts, on: _On = None
    ) -> EligibilityPreview | None:
        """What a rule says of facts that belong to nobody; nothing is kept.

        Null with `UNKNOWN_RULE` where no enabled plugin has the rule.
        """
        if not isinstance(facts, dict):
            raise problem(("facts",), "a JSON object is needed", "un objet JSON est attendu")
        return preview(info.context.operation, rule, facts, on)

    services = root_pages(
        "The services that fit, in the order they were added. "
        "Null with `FORBIDDEN` without `service.read`.",
        Service,
        "services",
        lambda wanted, _: services_like(wanted.query() if wanted else ServiceQuery()),
        Permission.SERVICE_READ,
        given=Annotated[ServiceFilter | None, strawberry.argument(description="Which services.")],
    )
    service = by_id("A service by its id.", Service)
