"""A programme runs under several models at once, each checked against the programme."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.database.rows import Found, change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import (
    InvalidInputError,
    ModelIncompleteError,
    NotFoundError,
    TransitionBlockedError,
)
from cordee_core.languages import catalogue
from cordee_core.programmes.coverage import uncarried, uncarried_texts
from cordee_core.programmes.definition import parse_draft
from cordee_core.programmes.model import parse_model
from cordee_core.programmes.queries import (
    current_model_version,
    current_version,
    pairing_of,
    running_models,
)
from cordee_core.programmes.tables import Model, Programme, ProgrammeModel
from cordee_core.validation import problem


@dataclass(frozen=True, kw_only=True, slots=True)
class PairingDraft:
    """A programme, and a model that is to carry it out."""

    programme: UUID
    model: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class PairingChange:
    """The pairing as it was read."""

    pairing: UUID
    row_version: int


async def add_model(uow: UnitOfWork, draft: PairingDraft) -> Changed:
    """Let one more model carry the programme out, beside those that do.

    Raises:
        InvalidInputError: it does already.
        NotFoundError: there is no such programme or model.
    """
    uow.scope.require(Permission.PROGRAMME_MANAGE)
    await find(Programme, draft.programme, lock=True)
    await find(Model, draft.model)
    known = await pairing_of(draft.programme, draft.model)
    if known is not None and known["ended_at"] is None:
        raise problem(
            ("input", "modelId"),
            "the programme runs under this model already",
            "le programme fonctionne déjà avec ce modèle",
        )
    pairing = await paired(uow.scope, draft.programme, draft.model)
    uow.touched("ProgrammeModel", pairing)
    return {"programme_model": pairing, "programme": draft.programme}


async def end_model(uow: UnitOfWork, draft: PairingChange) -> Changed:
    """Open no further case of the programme under the model; open cases keep theirs.

    Raises:
        InvalidInputError: it is the last one of an active programme.
        StaleObjectError: the pairing changed since it was read.
        NotFoundError: there is no such pairing.
    """
    uow.scope.require(Permission.PROGRAMME_MANAGE)
    row = await find(ProgrammeModel, draft.pairing, lock=True)
    programme = await find(Programme, row["programme_id"], lock=True)
    others = [one for one in await running_models(row["programme_id"]) if one["id"] != row["id"]]
    if programme["status"] == "active" and not others:
        raise problem(
            ("input", "programmeModelId"),
            "an active programme keeps one model at least",
            "un programme actif garde au moins un modèle",
        )
    await change(ProgrammeModel, draft.pairing, draft.row_version, {"ended_at": uow.scope.clock()})
    if programme["model_id"] == row["model_id"] and others:
        values = {"model_id": others[0]["model_id"]}
        await change(Programme, programme["id"], programme["row_version"], values)
    uow.touched("ProgrammeModel", draft.pairing, fields=("ended_at",))
    return {"programme_model": draft.pairing, "programme": row["programme_id"]}


async def check_model(uow: UnitOfWork, draft: PairingChange) -> Changed:
    """Confirm that the model, as it is now, carries the programme's newest version.

    Raises:
        ModelIncompleteError: methods or services have no place in it; all are listed.
        StaleObjectError: the pairing changed since it was read.
        NotFoundError: there is no such pairing.
    """
    scope = uow.scope
    scope.require(Permission.PROGRAMME_MANAGE)
    row = await find(ProgrammeModel, draft.pairing, lock=True)
    version = await current_version(row["programme_id"])
    if version is None:
        raise problem(
            ("input", "programmeModelId"),
            "the programme has no activated version to check against",
            "le programme n'a pas de version activée à laquelle comparer",
        )
    model = await current_model_version(row["model_id"])
    missing = missing_in(model, version)
    if missing:
        raise ModelIncompleteError(
            path=("input", "programmeModelId"), parts=missing, missing=uncarried_texts(missing)
        )
    values = {
        "checked_programme_version": version["version"], "checked_at": scope.clock(),
        "checked_model_version": model["version"], "checked_by": scope.actor.id,
    }  # fmt: skip
    await change(ProgrammeModel, draft.pairing, draft.row_version, values)
    uow.touched("ProgrammeModel", draft.pairing, fields=values)
    return {"programme_model": draft.pairing, "programme": row["programme_id"]}


def missing_in(model_version: Found, programme_version: Found) -> list[str]:
    """Return what one version of a model lacks for one version of a programme."""
    programme = parse_draft(programme_version["definition"])
    return uncarried(programme, parse_model(model_version["definition"]))


@dataclass(frozen=True, slots=True)
class Check:
    """The newest versions of a programme (0 before its activation) and of a model, compared."""

    programme_version: int
    model_version: int
    missing: tuple[str, ...]


async def check_of(programme: UUID, model: UUID) -> Check:
    """Return how the model stands to the programme now."""
    version = await current_version(programme)
    found = await current_model_version(model)
    against = await find(Programme, programme) if version is None else version
    number = 0 if version is None else version["version"]
    return Check(number, found["version"], tuple(missing_in(found, against)))


async def paired(scope: Scope, programme: UUID, model: UUID) -> UUID:
    """Return the running pairing of both, made or taken up again where there is none."""
    known = await pairing_of(programme, model)
    if known is not None:
        if known["ended_at"] is not None:
            await change(ProgrammeModel, known["id"], known["row_version"], {"ended_at": None})
        return UUID(str(known["id"]))
    identifier = scope.new_id()
    await insert(
        ProgrammeModel(
            tenant_id=scope.tenant, id=identifier, programme_id=programme, model_id=model,
            added_at=scope.clock(), added_by=scope.actor.id,
        )
    )  # fmt: skip
    return identifier


async def model_for_case(version: Found, wanted: UUID | None, on: date | None = None) -> UUID:
    """Return the model's version under which a case of the programme's `version` is opened.

    Where several models run, the case names one; where one runs, it is that. The programme has
    not ended before `on`, if that is given.

    Raises:
        InvalidInputError: several models run and none is named.
        NotFoundError: the programme does not run under the model named.
        TransitionBlockedError: the model does not carry the programme, what is missing is listed;
            or the programme has ended.
    """
    ends = parse_draft(version["definition"]).ends
    if on is not None and ends is not None and ends < on:
        texts = catalogue("objections")["programme_ended"]
        raise TransitionBlockedError(
            path=("input", "programmeId"), codes=["programme_ended"], objections=texts
        )
    running = [row["model_id"] for row in await running_models(version["programme_id"])]
    if wanted is not None and wanted not in running:
        raise NotFoundError(path=("input", "modelId"))
    if wanted is None and len(running) > 1:
        raise InvalidInputError(path=("input", "modelId"), problem=_SEVERAL)
    if not running:
        return UUID(str(version["model_version_id"]))
    model = await current_model_version(wanted or running[0])
    missing = missing_in(model, version)
    if missing:
        texts = catalogue("objections")["model_incomplete"]
        told = uncarried_texts(missing)
        raise TransitionBlockedError(
            path=("input", "modelId" if wanted else "programmeId"), codes=["model_incomplete"],
            objections={lang: f"{text}: {told[lang]}" for lang, text in texts.items()},
        )  # fmt: skip
    return UUID(str(model["id"]))


_SEVERAL = {
    "en": "the programme runs under several models: name the one for this case",
    "fr": "le programme fonctionne avec plusieurs modèles : nommez celui de ce suivi",
}
