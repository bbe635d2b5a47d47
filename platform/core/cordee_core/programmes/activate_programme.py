"""A programme becomes active: complete, with its models, as a version that cases keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
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
from cordee_core.programmes.methods_of import with_methods
from cordee_core.programmes.queries import (
    current_model_version,
    running_models,
    vocabulary_definitions,
)
from cordee_core.programmes.tables import Programme, ProgrammeVersion
from cordee_core.vocabularies import terms


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivateDraft:
    """The programme and the row version that was read."""

    programme: UUID
    row_version: int


async def activate_programme(uow: UnitOfWork, draft: ActivateDraft) -> Changed:
    """Activate the programme as it is written now: a new version, from which cases are opened.

    Its methods are taken in their newest versions. The checks of its models are open again.

    Raises:
        ProgrammeIncompleteError: parts are missing; all of them are listed.
        StaleObjectError: the row changed since it was read.
        NotFoundError: there is no such programme.
    """
    scope = uow.scope
    scope.require(Permission.PROGRAMME_MANAGE)
    row = await find(Programme, draft.programme, lock=True)
    missing = await all_missing(scope, row)
    if missing:
        texts = {lang: [missing_text(part, lang) for part in missing] for lang in LANGUAGES}
        raise ProgrammeIncompleteError(
            parts=missing, missing={lang: " ".join(text) for lang, text in texts.items()}
        )
    definition = (await with_methods(scope, parse_draft(row["definition"]))).to_json()
    version, moment = row["version"] + 1, scope.clock()
    model = await current_model_version(await _model(row))
    await change(
        Programme, draft.programme, draft.row_version,
        {
            "status": "active", "version": version, "activated_at": moment,
            "definition": definition, "model_id": model["model_id"],
        },
    )  # fmt: skip
    await insert(
        ProgrammeVersion(
            tenant_id=scope.tenant, id=scope.new_id(), programme_id=draft.programme,
            version=version, definition=definition, model_version_id=model["id"],
            created_at=moment, created_by=scope.actor.id,
        )
    )  # fmt: skip
    uow.touched("Programme", draft.programme, fields=("status", "version"))
    return {"programme": draft.programme}


async def all_missing(scope: Scope, row: Mapping[str, Any]) -> list[str]:
    """Return the parts that a programme's row lacks, with what it names and nobody here has."""
    definition = parse_draft(row["definition"])
    lacks_model = row["model_id"] is None and not await running_models(row["id"])
    missing = [part for part in missing_parts(definition) if part != "model" or lacks_model]
    if lacks_model:
        missing.append("model")
    missing += _unknown_criteria(scope, definition)
    code = definition.closure_vocabulary
    if code is not None:
        content = [scope.host.content[plugin] for plugin in sorted(scope.enabled)]
        if terms(await vocabulary_definitions(), content, code) is None:
            missing.append(f"vocabulary:{code}")
    return list(dict.fromkeys(missing))


async def _model(row: Mapping[str, Any]) -> UUID:
    """Return the model that stands for the programme: the one it names, else the first it has."""
    if row["model_id"] is not None:
        return UUID(str(row["model_id"]))
    return UUID(str((await running_models(row["id"]))[0]["model_id"]))


def _unknown_criteria(scope: Scope, definition: ProgrammeDefinition) -> list[str]:
    return [
        f"rule:{one.criteria}"
        for one in definition.target_group
        if one.criteria is not None and not _known(scope, one.criteria)
    ]


def _known(scope: Scope, rule: str) -> bool:
    try:
        return scope.host.rule(rule)[0] in scope.enabled
    except UnknownRuleError:
        return False
