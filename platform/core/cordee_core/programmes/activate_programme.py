"""A programme becomes active: complete, with its model, as a version that cases keep."""

from dataclasses import dataclass
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import ProgrammeIncompleteError, UnknownRuleError
from cordee_core.languages import LANGUAGES
from cordee_core.programmes.definition import (
    ProgrammeDefinition,
    missing_parts,
    missing_text,
    parse_draft,
)
from cordee_core.programmes.queries import current_model_version
from cordee_core.programmes.tables import Programme, ProgrammeVersion


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivateDraft:
    """The programme and the row version that was read."""

    programme: UUID
    row_version: int


async def activate_programme(uow: UnitOfWork, draft: ActivateDraft) -> Changed:
    """Activate the programme as it is written now: a new version, from which cases are opened.

    Raises:
        ProgrammeIncompleteError: parts are missing; all of them are listed.
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such programme.
    """
    scope = uow.scope
    scope.require(Permission.PROGRAMME_MANAGE)
    row = await find(Programme, draft.programme, lock=True)
    definition = parse_draft(row["definition"])
    missing = all_missing(scope, definition, has_model=row["model_id"] is not None)
    if missing:
        texts = {lang: [missing_text(part, lang) for part in missing] for lang in LANGUAGES}
        raise ProgrammeIncompleteError(
            parts=missing, missing={lang: " ".join(text) for lang, text in texts.items()}
        )
    version, moment = row["version"] + 1, scope.clock()
    model = await current_model_version(row["model_id"])
    await change(
        Programme, draft.programme, draft.row_version,
        {"status": "active", "version": version, "activated_at": moment},
    )  # fmt: skip
    await insert(
        ProgrammeVersion(
            tenant_id=scope.tenant, id=scope.new_id(), programme_id=draft.programme,
            version=version, definition=row["definition"], model_version_id=model["id"],
            created_at=moment, created_by=scope.actor.id,
        )
    )  # fmt: skip
    uow.touched("Programme", draft.programme, fields=("status", "version"))
    return {"programme": draft.programme}


def all_missing(scope: Scope, definition: ProgrammeDefinition, *, has_model: bool) -> list[str]:
    """Return the parts that are missing, with criteria and model that nothing here provides."""
    missing = missing_parts(definition)
    if definition.model is not None and not has_model:
        missing.append("model")
    if any(
        p.criteria is not None and not _known(scope, p.criteria) for p in definition.target_group
    ):
        missing.append("criteria")
    return list(dict.fromkeys(missing))


def _known(scope: Scope, rule: str) -> bool:
    try:
        return scope.host.rule(rule)[0] in scope.enabled
    except UnknownRuleError:
        return False
