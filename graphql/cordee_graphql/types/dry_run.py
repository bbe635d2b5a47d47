"""Dry runs of a programme's profiles and criteria: sizes, overlaps, who would change."""

from typing import Any

import strawberry

from cordee_core.languages import say
from cordee_core.selection import dry_run as core
from cordee_graphql.context import Info
from cordee_graphql.enums import Admission
from cordee_graphql.nodes import load_node
from cordee_graphql.planner.declare import annotated, lookup
from cordee_graphql.types.declaring import InLanguage, chosen, described, field, made_of

_CASE = "cordee_graphql.types.case:Case"


@described
class ProfileSize:
    """How many persons a profile would select."""

    code: str = strawberry.field(description="Code of the profile.")
    selected: int = strawberry.field(description="Persons whom it would select.")
    unknown: int = strawberry.field(description="Persons of whom more must be known.")
    not_selected: int = strawberry.field(description="Persons whom it would not select.")


@described
class ProfileOverlap:
    """How many persons two profiles would both select."""

    first: str = strawberry.field(description="Code of one profile.")
    second: str = strawberry.field(description="Code of the other.")
    persons: int = strawberry.field(description="How many persons.")


@described
class DryRunWarning:
    """Something to beware of."""

    code: str = strawberry.field(description="`nothing_excluded`, `nobody_known` or `no_profile`.")

    @field
    def label(self, info: Info, language: InLanguage = None) -> str:
        """The same in a sentence."""
        return say("dry_run", self.code, chosen(info, language))


@described
class TargetGroupRun:
    """What the profiles, as they are written now, say of the persons of whom facts are recorded."""

    persons: int = strawberry.field(description="Persons of whom facts are recorded.")
    profiles: list[ProfileSize] = strawberry.field(description="The size of each profile.")
    overlaps: list[ProfileOverlap] = strawberry.field(description="Who is in two profiles.")
    in_none: int = strawberry.field(description="Persons whom no profile selects, now or ever.")
    undecided: int = strawberry.field(
        description="Persons whom none selects and of whom more must be known."
    )
    warnings: list[DryRunWarning] = strawberry.field(description="What to beware of.")

    @classmethod
    def of(cls, own: core.TargetGroupRun) -> "TargetGroupRun":
        """Return the run for the API."""
        return cls(
            persons=own.persons,
            profiles=[
                ProfileSize(
                    code=one.code,
                    selected=one.selected,
                    unknown=one.unknown,
                    not_selected=one.not_selected,
                )
                for one in own.profiles
            ],
            overlaps=[
                ProfileOverlap(first=one.first, second=one.second, persons=one.persons)
                for one in own.overlaps
            ],
            in_none=own.in_none,
            undecided=own.undecided,
            warnings=[DryRunWarning(code=code) for code in own.warnings],
        )


async def _case(self: "CriteriaChange", info: Info) -> Any:
    return await load_node(info, lookup(_CASE)(), self.own.case)


_case.__annotations__["return"] = annotated(_CASE) | None


@described
class CriteriaChange:
    """A case of which the criteria would say something else."""

    own: strawberry.Private[core.CaseChange]

    case = made_of(_case, "The case.")

    @field
    def before(self) -> str:
        """The outcome when it was decided."""
        return self.own.before

    @field
    def after(self) -> str:
        """The outcome by these criteria, on the facts kept with the decision."""
        return self.own.after

    @field
    def selected_before(self) -> bool | None:
        """Whether the outcome selected; null where it was unknown."""
        return self.own.selected_before

    @field
    def selected_after(self) -> bool | None:
        """Whether it would select; null where it would be unknown."""
        return self.own.selected_after

    @field
    def decision(self) -> Admission:
        """What a person decided then; a dry run changes nothing of it."""
        return Admission(self.own.decision)


@described
class CriteriaRun:
    """What other criteria would say of the cases decided so far; nothing is changed."""

    cases: int = strawberry.field(description="Cases that were decided by the profile's criteria.")
    changes: list[CriteriaChange] = strawberry.field(
        description="Those of which they would say something else, newest decision first."
    )

    @classmethod
    def of(cls, own: core.CriteriaRun) -> "CriteriaRun":
        """Return the run for the API."""
        return cls(cases=own.cases, changes=[CriteriaChange(own=one) for one in own.changes])
