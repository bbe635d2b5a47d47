"""The hooks. This file is the contract: each docstring is the reference documentation.

For all of them: arguments are passed by name and have no defaults, a plugin asks for those that it
needs and leaves the others out; values in both directions are frozen dataclasses. There are no
wrappers, no ordering flags and no ``firstresult``.
"""

import inspect
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from cordee_core.contracts import (
    AssessmentView,
    CaseView,
    ConsentView,
    Effects,
    GraphQLPart,
    MemberView,
    Objection,
    ObligationView,
    Permission,
    PersonView,
    PlanView,
    PluginTables,
    ReferralView,
    TenantView,
    TransitionRequest,
)
from cordee_core.markers import hookspec

if TYPE_CHECKING:
    from cordee_core.instruments.definition import Instrument
    from cordee_core.plugins.content import Content
    from cordee_core.programmes.definition import ModelTemplate, ProgrammeTemplate
    from cordee_core.programmes.method import MethodTemplate
    from cordee_core.rules.definition import Rule
    from cordee_core.services.definition import ServiceEntry
    from cordee_core.vocabularies import Vocabulary


class RegistrationSpecs:
    """Called at start-up for every installed plugin. Synchronous; no I/O.

    An exception or an item that is not what it should be refuses the whole plugin.
    """

    @hookspec
    def cordee_instruments(self) -> "Iterable[Instrument]":
        """Return the instruments that the plugin's data files can't express."""
        return ()

    @hookspec
    def cordee_eligibility_rules(self) -> "Iterable[Rule]":
        """Return the eligibility rules that the plugin's data files can't express."""
        return ()

    @hookspec
    def cordee_services(self) -> "Iterable[ServiceEntry]":
        """Return the catalog entries that the plugin's data files can't express."""
        return ()

    @hookspec
    def cordee_programme_templates(self) -> "Iterable[ProgrammeTemplate]":
        """Return the programme templates that the plugin's data files can't express."""
        return ()

    @hookspec
    def cordee_models(self) -> "Iterable[ModelTemplate]":
        """Return the models that the plugin's data files can't express."""
        return ()

    @hookspec
    def cordee_methods(self) -> "Iterable[MethodTemplate]":
        """Return the methods that the plugin's data files can't express."""
        return ()

    @hookspec
    def cordee_vocabularies(self) -> "Iterable[Vocabulary]":
        """Return the vocabularies that the plugin's data files can't express."""
        return ()

    @hookspec
    def cordee_settings(self) -> type | None:
        """Return a frozen dataclass, each field with a default: what a tenant may set."""

    @hookspec
    def cordee_permissions(self) -> Iterable[Permission]:
        """Return the permissions that the plugin's own fields ask for."""
        return ()

    @hookspec
    def cordee_tables(self) -> PluginTables | None:
        """Return the plugin's tables and migrations; import the table classes inside."""

    @hookspec
    def cordee_graphql(self, content: "Content") -> GraphQLPart | None:
        """Return the plugin's part of the GraphQL schema; import its types inside.

        `content` is the plugin's own: data files and registration hooks together. Only the
        processes that serve GraphQL ask, so that no other pays for the import.
        """


class DecisionSpecs:
    """Asynchronous, inside the request, only plugins that the tenant enabled.

    Every answer is collected; each plugin has the same short time. Core features register here too.
    """

    @hookspec
    async def cordee_check_transitions(
        self, tenant: TenantView, requests: Sequence[TransitionRequest], actor: MemberView
    ) -> Iterable[Objection]:
        """Return what stands against the `requests`: many cases and stages in one call.

        An objection names the stage that it stands against (``target``), or stands against all.
        A plugin that fails or takes too long counts as an objection that names it.
        """
        return ()


class EventSpecs:
    """Asynchronous, by the worker, after the change is committed; for enabled plugins only.

    Each event is delivered to each plugin at least once and in order for one case: a hook must be
    safe to run twice. What it does through `effects` is committed together with the mark that
    the delivery is done. A hook that raises is tried again later and harms nobody else.
    """

    @hookspec
    async def cordee_case_opened(
        self, tenant: TenantView, case: CaseView, actor: MemberView, effects: Effects
    ) -> None:
        """React to a case that exists now."""

    @hookspec
    async def cordee_referent_assigned(
        self,
        tenant: TenantView,
        case: CaseView,
        referent: MemberView,
        previous: MemberView | None,
        effects: Effects,
    ) -> None:
        """React to `referent` being responsible for the case, in the place of `previous`."""

    @hookspec
    async def cordee_assessment_completed(
        self, tenant: TenantView, case: CaseView, assessment: AssessmentView, effects: Effects
    ) -> None:
        """React to an assessment that was scored and stored."""

    @hookspec
    async def cordee_obligation_opened(
        self, tenant: TenantView, case: CaseView, obligation: ObligationView, effects: Effects
    ) -> None:
        """React to something being due: a safety flag, a schedule, an act that a rule follows.

        By the time of the call it may be done or cancelled; `obligation` says how it stands.
        """

    @hookspec
    async def cordee_plan_agreed(
        self, tenant: TenantView, case: CaseView, plan: PlanView, effects: Effects
    ) -> None:
        """React to a version of the plan that the person agreed to, the first or a revision."""

    @hookspec
    async def cordee_case_referred(
        self, tenant: TenantView, case: CaseView, referral: ReferralView, effects: Effects
    ) -> None:
        """React to a request that was sent to a service, of this plugin's catalog or another."""

    @hookspec
    async def cordee_consent_changed(
        self, tenant: TenantView, person: PersonView, consent: ConsentView, effects: Effects
    ) -> None:
        """React to a consent that was given or withdrawn."""

    @hookspec
    async def cordee_plugin_enabled(
        self, tenant: TenantView, settings: object, effects: Effects
    ) -> None:
        """React to the tenant having enabled this very plugin, with its `settings`."""

    @hookspec
    async def cordee_plugin_disabled(self, tenant: TenantView, effects: Effects) -> None:
        """React to the tenant having disabled this very plugin; nothing is deleted."""


def _hooks(specs: type) -> Mapping[str, tuple[str, ...]]:
    return {
        name: tuple(inspect.signature(function).parameters)[1:]
        for name, function in vars(specs).items()
        if name.startswith("cordee_")
    }


REGISTRATION = _hooks(RegistrationSpecs)
"""Registration hooks and the names of their arguments; likewise the next two."""
DECISION = _hooks(DecisionSpecs)
EVENT = _hooks(EventSpecs)
HOOKS: Mapping[str, tuple[str, ...]] = {**REGISTRATION, **DECISION, **EVENT}
SPECS = (RegistrationSpecs, DecisionSpecs, EventSpecs)
