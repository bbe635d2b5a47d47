"""What a programme is, the same for a template, the programme being written, and its versions."""

from datetime import date

import strawberry

from cordee_core.programmes.definition import ProgrammeDefinition
from cordee_graphql.enums import ProgrammeEffect, ProgrammeFinality
from cordee_graphql.planner.declare import localised_column, maybe_localised_column, written_as
from cordee_graphql.planner.written import inside, number_inside, text_inside
from cordee_graphql.types.declaring import (
    described,
    described_interface,
    field,
)
from cordee_graphql.types.enums import ProgrammeType
from cordee_graphql.types.programme_parts import (
    CausalLink,
    Objective,
    Profile,
    ProgrammeMethod,
    Resources,
)


@described
class TargetGroup:
    """For whom a programme is."""

    own: strawberry.Private[ProgrammeDefinition]

    @field
    def profiles(self) -> list[Profile]:
        """The kinds of person, each with its criteria."""
        return [Profile(own=one) for one in self.own.target_group]


@described_interface
class ProgrammeContent:
    """The parts of a programme; a draft may lack any but the title."""

    definition: strawberry.Private[ProgrammeDefinition]
    title = localised_column(
        "Its name.", "definition", "title", text=lambda self: self.definition.title
    )
    motivation = maybe_localised_column(
        "Why it is in the general interest.",
        "definition",
        "motivation",
        text=lambda self: self.definition.motivation,
    )
    funding = maybe_localised_column(
        "Who pays.", "definition", "funding", text=lambda self: self.definition.funding
    )

    @written_as(inside("definition", "domains", empty="[]"))
    def domains(self) -> list[str]:
        """The domains, as names of plugins or words of the organisation."""
        return list(self.definition.domains)

    @field
    def target_group(self) -> TargetGroup:
        """For whom it is."""
        return TargetGroup(own=self.definition)

    @field
    def objectives(self) -> list[Objective]:
        """What it wants to reach."""
        return [Objective(own=one) for one in self.definition.objectives]

    @field
    def methods(self) -> list[ProgrammeMethod]:
        """How support is done."""
        return [ProgrammeMethod(own=one) for one in self.definition.methods]

    @written_as(inside("definition", "services", empty="[]"))
    def services(self) -> list[str]:
        """Codes of the services that it provides."""
        return list(self.definition.services)

    @field
    def links(self) -> list[CausalLink]:
        """Why the methods are thought to lead to the objectives."""
        return [CausalLink(own=one) for one in self.definition.links]

    @field
    def resources(self) -> Resources | None:
        """What it runs on."""
        found = self.definition.resources
        return None if found is None else Resources(own=found)

    @written_as(text_inside("definition", "effect"))
    def effect(self) -> ProgrammeEffect | None:
        """The kind of effect aimed at."""
        found = self.definition.effect
        return None if found is None else ProgrammeEffect(found)

    @written_as(text_inside("definition", "finality"))
    def finality(self) -> ProgrammeFinality | None:
        """What it is for in the end."""
        found = self.definition.finality
        return None if found is None else ProgrammeFinality(found)

    @written_as(text_inside("definition", "type"))
    def type(self) -> ProgrammeType | None:
        """How it reaches its finality."""
        found = self.definition.type
        return None if found is None else ProgrammeType(found)

    @written_as(text_inside("definition", "ends"))
    def ends(self) -> date | None:
        """Its last day, if it ends."""
        return self.definition.ends

    @written_as(number_inside("definition", "places"))
    def places(self) -> int | None:
        """How many persons it takes; admission beyond them waits."""
        return self.definition.places

    @written_as(text_inside("definition", "closure_vocabulary"))
    def closure_vocabulary(self) -> str | None:
        """Code of the vocabulary of closure reasons."""
        return self.definition.closure_vocabulary

    @written_as(text_inside("definition", "model"))
    def model_code(self) -> str | None:
        """Code of the model that carries it out."""
        return self.definition.model
