"""The invented persons and cases of the plugins' ``content/demo``, brought in by the use cases."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from cordee_core.access.scope import Scope
from cordee_core.assessments.complete_assessment import AssessmentDraft, complete_assessment
from cordee_core.cases.move_case import MoveDraft, move_case
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.cases.tables import Case
from cordee_core.database.engine import CordeeEngine
from cordee_core.database.rows import find
from cordee_core.database.unit_of_work import Changed
from cordee_core.languages import pick
from cordee_core.notes.add_note import NoteDraft, add_note
from cordee_core.people.register_person import PersonDraft, register_person
from cordee_core.plugins.content import load_yaml
from cordee_core.plugins.host import PluginHost
from cordee_core.programmes.activate_programme import ActivateDraft, activate_programme
from cordee_core.programmes.copy_programme import CopyDraft, copy_programme
from cordee_core.referents.designate_referent import DesignationDraft, designate_referent
from cordee_core.selection.decide_selection import SelectionDraft, decide_selection
from cordee_core.sharing.record_consent import ConsentDraft, record_consent

Do = Callable[[str, Callable[..., Awaitable[Changed]], Any], Awaitable[Changed]]
_SOURCES = {"person": "self", "relative": "relative", "professional": "professional",
            "organisation": "organisation"}  # fmt: skip
_REASON = {
    "en": "Meets the criteria of the programme.",
    "fr": "Répond aux critères du programme.",
}


@dataclass(frozen=True, slots=True)
class Invented:
    """What the demo files of all plugins hold together."""

    persons: Sequence[Mapping[str, Any]]
    cases: Sequence[Mapping[str, Any]]


def invented(host: PluginHost) -> Invented:
    """Return the demo data of every loaded plugin; an empty one where none brings any."""
    found: list[Mapping[str, Any]] = []
    for plugin in sorted(host.manifests):
        folder = host.folder(plugin) / "content" / "demo"
        if folder.is_dir():
            found += [
                _read(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml"))
            ]
    return Invented(
        [person for one in found for person in one.get("persons", ())],
        [case for one in found for case in one.get("cases", ())],
    )


def _read(text: str) -> Mapping[str, Any]:
    raw = load_yaml(text)
    return raw if isinstance(raw, dict) else {}


async def open_cases(
    engine: CordeeEngine, referent: Scope, do: Do, found: Invented
) -> dict[str, UUID]:
    """Register the persons, activate the programmes they need, open their cases; ids by key."""
    persons: dict[str, UUID] = {}
    for person in found.persons:
        draft = PersonDraft(
            family_name=person["family_name"], given_names=person["given_names"],
            birth_date=date.fromisoformat(person["birth_date"]), birth_date_precision="day",
            languages=tuple(person["languages"]),
        )  # fmt: skip
        persons[person["key"]] = (await do("referent", register_person, draft))["person"]
    programmes: dict[str, UUID] = {}
    for case in found.cases:
        if case["person"] not in persons:
            continue
        code = case["programme"]
        if code not in programmes:
            programmes[code] = await _programme(do, code)
        await _case(engine, referent, do, case, persons[case["person"]], programmes[code])
    return persons


async def _programme(do: Do, code: str) -> UUID:
    programme = (await do("supervisor", copy_programme, CopyDraft(template=code)))["programme"]
    await do("supervisor", activate_programme, ActivateDraft(programme=programme, row_version=1))
    return programme


async def _case(
    engine: CordeeEngine,
    referent: Scope,
    do: Do,
    raw: Mapping[str, Any],
    person: UUID,
    programme: UUID,
) -> None:
    today = referent.clock().date()
    opened = today - timedelta(days=raw["opened_days_ago"])
    draft = CaseDraft(
        person=person, programme=programme, requested_on=opened,
        request_detail=raw["source"]["name"],
        request_source=_SOURCES.get(raw["source"]["kind"], "other"),
    )  # fmt: skip
    case = (await do("referent", open_case, draft))["case"]
    if raw["stage"] == "assessment":
        await _admit(engine, referent, do, raw, case, opened)
    for one in raw.get("assessments", ()):
        on = today - timedelta(days=one["days_ago"])
        use = AssessmentDraft(
            case=case, instrument=one["instrument"], answers=one["answers"], assessed_on=on,
            language=referent.language,
        )  # fmt: skip
        await do("referent", complete_assessment, use)
    for note in raw.get("notes", ()):
        await do("referent", add_note, NoteDraft(case=case, text=pick(note, referent.language)))


async def _admit(
    engine: CordeeEngine, referent: Scope, do: Do, raw: Mapping[str, Any], case: UUID, opened: date
) -> None:
    """Take the case through selection, consent and designation to the assessment."""
    selection = SelectionDraft(
        case=case, facts=raw["facts"], decision="admitted", reason=_REASON[referent.language],
        on=opened,
    )  # fmt: skip
    await do("referent", decide_selection, selection)
    consent = ConsentDraft(
        case=case, language=referent.language, given_on=opened, information_given_on=opened,
        form="signed",
    )  # fmt: skip
    await do("referent", record_consent, consent)
    await do(
        "supervisor", designate_referent,
        DesignationDraft(
            case=case, row_version=await _version(engine, referent, case), member=referent.actor.id
        ),
    )  # fmt: skip
    version = await _version(engine, referent, case)
    await do("referent", move_case, MoveDraft(case=case, row_version=version, target="assessment"))


async def _version(engine: CordeeEngine, scope: Scope, case: UUID) -> int:
    async with engine.transaction(cordee__context=scope.signed()):
        found = await find(Case, case)
    return int(found["row_version"])
