"""The timeline of a case: what happened, in order, readable at once."""

from collections.abc import Mapping
from uuid import UUID

from cordee_core.access.scope import Scope
from cordee_core.cases.queries import Along, entry_parts, write_entry
from cordee_core.database.engine import note_change
from cordee_core.database.records import Last
from cordee_core.database.unit_of_work import UnitOfWork
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
    number = await write_entry(_values(scope, case_id, kind, params, plugin, label))
    if number is None:
        raise NotFoundError(identifier=case_id)
    note_change(scope.tenant, case_id)
    return number


def add_last(uow: UnitOfWork, case_id: UUID, kind: str, along: Along, *path: str) -> None:
    """Have a row of a case and the entry about it written by the end of the unit of work.

    Whom the case is about is journalled. The unit of work fails with NotFoundError where the
    tenant has no such case; `path` is where the input names it.
    """
    if uow.last is not None:
        raise RuntimeError("a unit of work has one last thing to write")
    uow.last = Last(
        entry_parts(along),
        (*_values(uow.scope, case_id, kind), *along.values),
        NotFoundError(path=path),
    )
    note_change(uow.scope.tenant, case_id)


def _values(
    scope: Scope,
    case_id: UUID,
    kind: str,
    params: Mapping[str, object] | None = None,
    plugin: str | None = None,
    label: Text | None = None,
) -> tuple[object, ...]:
    return (
        scope.tenant, case_id, scope.new_id(), kind, scope.clock(),
        scope.member.id if scope.member else None, plugin, dict(params or {}),
        dict(label) if label else None,
    )  # fmt: skip


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
