"""Hooks of the housing plugin. What is data lies in ``content``; here is what data can't say."""

from cordee_core import (
    CaseView,
    Content,
    Effects,
    GraphQLPart,
    ReferralView,
    hookimpl,
)

from .followup import KIND, HousingSettings, label


class Plugin:
    """What core calls."""

    @hookimpl
    def cordee_settings(self) -> type:
        """Return what a tenant may set for this plugin."""
        return HousingSettings

    @hookimpl
    def cordee_graphql(self, content: Content) -> GraphQLPart:
        """Return this plugin's part of the schema."""
        from .api import housing_query  # workers and commands never pay for Strawberry

        return GraphQLPart(query=housing_query(content))

    @hookimpl
    async def cordee_case_referred(
        self, case: CaseView, referral: ReferralView, effects: Effects
    ) -> None:
        """Remind the case's team to check the answer to a request of this plugin's catalog."""
        if referral.service_code.startswith("housing."):
            days = effects.settings(HousingSettings).referral_followup_days
            await effects.timeline(case.id, KIND, label(days))


plugin = Plugin()
