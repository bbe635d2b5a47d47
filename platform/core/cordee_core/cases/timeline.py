"""The timeline of a case: what happened, in order, readable at once."""

from collections.abc import Mapping
from uuid import UUID

from cordee_core.access.scope import Scope
from cordee_core.cases.queries import raise_timeline
from cordee_core.cases.tables import TimelineEntry
from cordee_core.database.engine import note_change
from cordee_core.database.rows import insert
from cordee_core.errors import NotFoundError
from cordee_core.languages import Language, Text, catalogue, pick, say


async def add_entry(
    scope: Scope,
    case_id: UUID,
    kind: str,
    *,
    params: Mapping[str, object] | None = None,
    plugin: str | None = None,
    label: Text | None = None,
) -> int:
    """Add an entry and return its number in the case, raised under the case's row lock.

    Kinds of the core have their text in ``messages/timeline.toml``; a plugin gives its `label`.

    Raises:
        NotFoundError: the tenant has no such case.
    """
    number = await raise_timeline(scope.tenant, case_id)
    if number is None:
        raise NotFoundError
    await insert(
        TimelineEntry(
            tenant_id=scope.tenant, id=scope.new_id(), case_id=case_id, seq=number,
            kind=kind, at=scope.clock(), member_id=scope.member.id if scope.member else None,
            plugin=plugin, params=dict(params or {}), label=dict(label) if label else None,
        )
    )  # fmt: skip
    note_change(scope.tenant, case_id)
    return number


def describe(entry: Mapping[str, object], language: Language) -> str:
    """Return the text of a timeline row in `language`."""
    label, params, kind = entry["label"], entry["params"], str(entry["kind"])
    if isinstance(label, Mapping):
        return pick(label, language)
    if kind not in catalogue("timeline"):
        return kind
    given = params if isinstance(params, Mapping) else {}
    return say("timeline", kind, language, **{
        name: pick(value, language) if isinstance(value, Mapping) else value
        for name, value in given.items()
    })  # fmt: skip
