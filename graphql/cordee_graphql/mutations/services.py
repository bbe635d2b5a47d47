# mypy: disable-error-code="untyped-decorator"
"""The tenant's catalog of services."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.services.create_service import (
    ProviderDraft,
    ServiceDraft,
    create_service,
    set_provider,
)
from cordee_graphql.context import Info
from cordee_graphql.enums import ServiceKind
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, TextInput, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.types.service import Service


@strawberry.input(description="A service of the organisation's own.")
class ServiceCreateInput:
    """A new service."""

    code: str = strawberry.field(
        description="3 to 40 lower-case letters, digits or hyphens; kept as `own.<code>`."
    )
    name: TextInput = strawberry.field(description="Its name.")
    description: TextInput = strawberry.field(description="What it offers.")
    kind: ServiceKind = strawberry.field(description="What kind of service it is.")
    provider: str | None = strawberry.field(default=None, description="Who offers it here.")

    def draft(self) -> ServiceDraft:
        """Return what the use case takes."""
        return ServiceDraft(
            code=self.code,
            name=self.name.texts(),
            description=self.description.texts(),
            kind=self.kind.value,
            provider=self.provider,
        )


@strawberry.input(description="Who offers a service here.")
class ServiceProviderSetInput:
    """The service as read, and its provider."""

    service_id: strawberry.ID = strawberry.field(description="The service.")
    row_version: int = strawberry.field(description="The service's `rowVersion` as you read it.")
    provider: str = strawberry.field(description="Who offers it here.")
    active: bool = strawberry.field(
        default=True, description="Whether it is offered: false takes no further referral."
    )

    def draft(self) -> ProviderDraft:
        """Return what the use case takes."""
        return ProviderDraft(
            service=uuid_of(self.service_id, "Service", "input", "serviceId"),
            row_version=self.row_version,
            provider=self.provider,
            active=self.active,
        )


@strawberry.type
class ServicePayload(Payload):
    """Base of payloads about a service."""

    @strawberry.field(description="The service.")
    async def service(self, info: Info) -> Service | None:
        """Return the service."""
        return await load_node(info, Service, self.changed.get("service"))


@strawberry.type(description="The new service.")
class ServiceCreatePayload(ServicePayload):
    """Payload of ``serviceCreate``."""


@strawberry.type(description="The service with its provider.")
class ServiceProviderSetPayload(ServicePayload):
    """Payload of ``serviceProviderSet``."""


@strawberry.type
class ServiceMutations:
    """Mutations of services."""

    @strawberry.mutation(
        description=needs(
            Permission.SERVICE_MANAGE, "Add a service of the organisation's own to the catalog."
        )
    )
    async def service_create(
        self, info: Info, given: Annotated[ServiceCreateInput, INPUT]
    ) -> ServiceCreatePayload | None:
        """Add a service."""
        return await submit(info, ServiceCreatePayload, "serviceCreate", create_service, given)

    @strawberry.mutation(
        description=needs(
            Permission.SERVICE_MANAGE, "Say who offers a service here, or that it is not offered."
        )
    )
    async def service_provider_set(
        self, info: Info, given: Annotated[ServiceProviderSetInput, INPUT]
    ) -> ServiceProviderSetPayload | None:
        """Set a service's provider."""
        return await submit(
            info, ServiceProviderSetPayload, "serviceProviderSet", set_provider, given
        )
