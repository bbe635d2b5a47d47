"""What an event hook may do to the core's records, in the transaction of its delivery."""

from collections.abc import Mapping
from typing import TypeVar, cast
from uuid import UUID

from cordee_core.access.scope import Scope
from cordee_core.cases.timeline import add_entry
from cordee_core.database.engine import CordeeEngine
from cordee_core.database.unit_of_work import journal
from cordee_core.errors import PluginError
from cordee_core.languages import LANGUAGES, Text
from cordee_core.outbox.queries import person_of_case
from cordee_core.plugins.settings import build_settings

S = TypeVar("S")


class DeliveryEffects:
    """The `Effects` of one delivery to one plugin.

    Each effect is a savepoint of the delivery's transaction: one that fails leaves nothing, and a
    hook that catches its error may go on.
    """

    def __init__(
        self, engine: CordeeEngine, scope: Scope, plugin: str, settings: Mapping[str, object]
    ) -> None:
        self._engine = engine
        self._scope = scope
        self._plugin = plugin
        self._settings = settings
        self._cases: dict[UUID, UUID | None] = {}

    async def timeline(self, case_id: UUID, kind: str, label: Text) -> None:
        """Add an entry to the case's timeline; `kind` starts with ``<plugin>.``.

        Raises:
            PluginError: the kind belongs to another plugin, or a language is missing in the label.
            NotFoundError: the tenant has no such case.
        """
        if not kind.startswith(f"{self._plugin}.") or kind == f"{self._plugin}.":
            raise PluginError(self._plugin, f"timeline kind {kind!r} is not its own")
        missing = [one for one in LANGUAGES if not label.get(one)]
        if missing:
            raise PluginError(self._plugin, f"label of {kind!r} is missing in {', '.join(missing)}")
        async with self._engine.transaction():
            await add_entry(self._scope, case_id, kind, plugin=self._plugin, label=label)
            self._cases[case_id] = await person_of_case(self._scope.tenant, case_id)

    def settings(self, kind: type[S]) -> S:
        """Return the tenant's settings of this plugin, as the type that the plugin declared."""
        return cast("S", self.declared(kind))

    def declared(self, kind: type | None) -> object:
        """Return the settings as a `kind`, and None where the plugin declares no settings.

        Raises:
            PluginError: `kind` is not the type that the plugin declared.
        """
        declared = self._scope.host.settings_types.get(self._plugin)
        if kind is not declared:
            raise PluginError(self._plugin, "it asks for settings of a type it did not declare")
        return None if declared is None else build_settings(declared, self._settings)

    async def record(self, event: str) -> None:
        """Journal what the plugin wrote, if it wrote anything."""
        if self._cases:
            await journal(
                self._scope, "write", event,
                subjects={person for person in self._cases.values() if person is not None},
                objects=[("Case", case) for case in self._cases],
                fields={"timeline"}, plugin=self._plugin,
            )  # fmt: skip
