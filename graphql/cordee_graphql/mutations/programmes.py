# mypy: disable-error-code="untyped-decorator"
"""Programmes are copied from a template or written, adapted and activated."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from cordee_core.access.permissions import Permission
from cordee_core.programmes.activate_programme import ActivateDraft, activate_programme
from cordee_core.programmes.copy_programme import CopyDraft, copy_programme
from cordee_core.programmes.edit_programme import (
    NewProgramme,
    ProgrammeEdit,
    create_programme,
    edit_programme,
)
from cordee_graphql.context import Info
from cordee_graphql.enums import ProgrammeEffect, ProgrammeFinality
from cordee_graphql.ids import uuid_of
from cordee_graphql.inputs import INPUT, TextInput, needs, submit
from cordee_graphql.mutation import Payload
from cordee_graphql.nodes import load_node
from cordee_graphql.parts_input import (
    CONSULTED,
    REASON,
    UNVALIDATED,
    ConsultationInput,
    account_of,
    given_parts,
)
from cordee_graphql.types.enums import ProgrammeType
from cordee_graphql.types.programme import Programme

_TEXTS = ("title", "motivation", "funding")
_PLAIN = ("domains", "services", "places", "closure_vocabulary", "model", "ends")
_CHOICES = ("effect", "finality", "type")
_DATA = ("target_group", "objectives", "methods", "links", "resources")


@strawberry.input(
    description="Parts of a programme. A part that is absent stays; null removes it. The parts "
    "given as JSON have the form of the published schema of programmes."
)
class ProgrammePartsInput:
    """The parts that are written."""

    title: strawberry.Maybe[TextInput | None] = strawberry.field(description="Its title.")
    motivation: strawberry.Maybe[TextInput | None] = strawberry.field(
        description="Why there is this programme."
    )
    domains: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="Names of plugins, or the organisation's own words."
    )
    target_group: strawberry.Maybe[JSON | None] = strawberry.field(
        description="An array of profiles: `code`, `name`, `criteria` (code of a rule) or "
        "`own_criteria`, `method`, `intensity`."
    )
    objectives: strawberry.Maybe[JSON | None] = strawberry.field(
        description="An array of objectives: `code`, `name`, `indicators`."
    )
    methods: strawberry.Maybe[JSON | None] = strawberry.field(
        description="An array of methods: `code`, and `uses` (code of a method) or `name`, "
        "`description`, `episodes`."
    )
    services: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="Codes of services of the catalog."
    )
    links: strawberry.Maybe[JSON | None] = strawberry.field(
        description="An array of causal links from a `method` to an `objective`, with a `theory`."
    )
    resources: strawberry.Maybe[JSON | None] = strawberry.field(
        description="An object: what the programme can count on."
    )
    funding: strawberry.Maybe[TextInput | None] = strawberry.field(description="Who pays.")
    effect: strawberry.Maybe[ProgrammeEffect | None] = strawberry.field(
        description="What it works on."
    )
    finality: strawberry.Maybe[ProgrammeFinality | None] = strawberry.field(
        description="What it is there for."
    )
    type: strawberry.Maybe[ProgrammeType | None] = strawberry.field(
        description="How it reaches the finality; each finality has its own types."
    )
    ends: strawberry.Maybe[date | None] = strawberry.field(description="Its last day.")
    places: strawberry.Maybe[int | None] = strawberry.field(description="How many can take part.")
    closure_vocabulary: strawberry.Maybe[str | None] = strawberry.field(
        description="Code of the vocabulary of reasons for closing a case."
    )
    model: strawberry.Maybe[str | None] = strawberry.field(
        description="Code of the model by which it is carried out."
    )

    def parts(self) -> dict[str, object]:
        """Return the parts that were given, as definitions name them."""
        return given_parts(self, texts=_TEXTS, plain=_PLAIN, choices=_CHOICES, data=_DATA)


@strawberry.input(description="A template that is copied.")
class ProgrammeCopyTemplateInput:
    """A template of an enabled plugin."""

    template: str = strawberry.field(
        description="Code of a programme template of an enabled plugin: `<plugin>.<name>`."
    )
    code: str | None = strawberry.field(
        default=None, description="The programme's code here; the template's by default."
    )

    def draft(self) -> CopyDraft:
        """Return what the use case takes."""
        return CopyDraft(template=self.template, code=self.code)


@strawberry.input(description="A programme of the organisation's own.")
class ProgrammeCreateInput:
    """A code and the parts written so far."""

    code: str = strawberry.field(description="Its code, unique in the organisation.")
    parts: ProgrammePartsInput = strawberry.field(
        description="The parts written so far; at least the title."
    )

    def draft(self) -> NewProgramme:
        """Return what the use case takes."""
        parts = {name: part for name, part in self.parts.parts().items() if part is not None}
        return NewProgramme(code=self.code, parts=parts)


@strawberry.input(description="What changes in a programme.")
class ProgrammeUpdateInput:
    """The programme as read, and its new parts."""

    programme_id: strawberry.ID = strawberry.field(description="The programme.")
    row_version: int = strawberry.field(description="The programme's `rowVersion` as you read it.")
    parts: ProgrammePartsInput = strawberry.field(description="The parts that change.")
    reason: str | None = strawberry.field(default=None, description=REASON)
    consulted: list[ConsultationInput] = strawberry.field(
        default_factory=list, description=CONSULTED
    )
    unvalidated_scoring: list[str] = strawberry.field(default_factory=list, description=UNVALIDATED)

    def draft(self) -> ProgrammeEdit:
        """Return what the use case takes."""
        return ProgrammeEdit(
            programme=uuid_of(self.programme_id, "Programme", "input", "programmeId"),
            row_version=self.row_version,
            parts=self.parts.parts(),
            account=account_of(self),
        )


@strawberry.input(description="A programme that is activated.")
class ProgrammeActivateInput:
    """The programme as read."""

    programme_id: strawberry.ID = strawberry.field(description="The programme.")
    row_version: int = strawberry.field(description="The programme's `rowVersion` as you read it.")

    def draft(self) -> ActivateDraft:
        """Return what the use case takes."""
        programme = uuid_of(self.programme_id, "Programme", "input", "programmeId")
        return ActivateDraft(programme=programme, row_version=self.row_version)


@strawberry.type
class ProgrammePayload(Payload):
    """Base of payloads about a programme."""

    @strawberry.field(description="The programme.")
    async def programme(self, info: Info) -> Programme | None:
        """Return the programme."""
        return await load_node(info, Programme, self.changed.get("programme"))


@strawberry.type(description="The programme that was made from the template.")
class ProgrammeCopyTemplatePayload(ProgrammePayload):
    """Payload of ``programmeCopyTemplate``."""


@strawberry.type(description="The new programme.")
class ProgrammeCreatePayload(ProgrammePayload):
    """Payload of ``programmeCreate``."""


@strawberry.type(description="The changed programme.")
class ProgrammeUpdatePayload(ProgrammePayload):
    """Payload of ``programmeUpdate``."""


@strawberry.type(description="The activated programme.")
class ProgrammeActivatePayload(ProgrammePayload):
    """Payload of ``programmeActivate``."""


@strawberry.type
class ProgrammeMutations:
    """Mutations of programmes."""

    @strawberry.mutation(
        description=needs(
            Permission.PROGRAMME_MANAGE,
            "Make a draft programme from a template, with a copy of its model.",
        )
    )
    async def programme_copy_template(
        self, info: Info, given: Annotated[ProgrammeCopyTemplateInput, INPUT]
    ) -> ProgrammeCopyTemplatePayload | None:
        """Copy a template."""
        return await submit(
            info, ProgrammeCopyTemplatePayload, "programmeCopyTemplate", copy_programme, given
        )

    @strawberry.mutation(
        description=needs(Permission.PROGRAMME_MANAGE, "Make a draft programme without a template.")
    )
    async def programme_create(
        self, info: Info, given: Annotated[ProgrammeCreateInput, INPUT]
    ) -> ProgrammeCreatePayload | None:
        """Make a programme."""
        return await submit(
            info, ProgrammeCreatePayload, "programmeCreate", create_programme, given
        )

    @strawberry.mutation(
        description=needs(
            Permission.PROGRAMME_MANAGE,
            "Change parts of a programme. Open cases keep the version they were opened under; an "
            "active programme takes the change over when it is activated again.",
        )
    )
    async def programme_update(
        self, info: Info, given: Annotated[ProgrammeUpdateInput, INPUT]
    ) -> ProgrammeUpdatePayload | None:
        """Change a programme."""
        return await submit(info, ProgrammeUpdatePayload, "programmeUpdate", edit_programme, given)

    @strawberry.mutation(
        description=needs(
            Permission.PROGRAMME_MANAGE,
            "Activate a programme as it is written now: a new version, in which cases are opened. "
            "Where parts are missing, `PROGRAMME_INCOMPLETE` lists all of them.",
        )
    )
    async def programme_activate(
        self, info: Info, given: Annotated[ProgrammeActivateInput, INPUT]
    ) -> ProgrammeActivatePayload | None:
        """Activate a programme."""
        return await submit(
            info, ProgrammeActivatePayload, "programmeActivate", activate_programme, given
        )
