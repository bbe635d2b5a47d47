"""What the three levels leave behind in a tenant with one of everything."""

from datetime import date
from typing import Any
from uuid import UUID

from cordee_core.authorisations.decide_authorisation import (
    AuthorisationDraft,
    decide_authorisation,
)
from cordee_core.departures.record_departure import DepartureDraft, record_departure
from cordee_core.programmes.adaptation import Account, Consultation
from cordee_core.programmes.versioned import (
    CopyDefinition,
    EditDefinition,
    NewDefinition,
    copy_vocabulary,
    create_method,
    edit_model,
)
from cordee_core.selection.waiting import AdmitDraft, admit_next

TODAY = date(2026, 1, 15)


async def fill_model(it: Any) -> None:
    """Let the copied model name who authorises services."""
    row = (await it.rows("SELECT id, row_version FROM core.models ORDER BY id LIMIT 1"))[0]
    approvals = [{"act": act, "role": "supervisor"} for act in ("plan_agree", "service_authorise")]
    draft = EditDefinition(
        identifier=row["id"], row_version=row["row_version"], parts={"approvals": approvals},
        account=Account(
            reason="The office authorises",
            consulted=(Consultation(who="relatives", note="A letter"),),
        ),
    )  # fmt: skip
    await it.do("supervisor", edit_model, draft)


async def fill_waiting(it: Any, entry: UUID) -> None:
    """Admit the case from the waiting list."""
    it.uuids["WaitingEntry"] = entry
    await it.do("referent", admit_next, AdmitDraft(entry=entry, row_version=1))
    rows = await it.rows("SELECT id FROM core.waiting_changes ORDER BY id LIMIT 1")
    it.uuids["WaitingChange"] = rows[0]["id"]


async def fill_levels(it: Any, odd: str) -> None:
    """Write a method and a vocabulary, authorise a service, record a departure."""
    known, text = it.uuids, {"en": odd, "fr": odd}
    episode = {"code": "one", "name": text, "done_when": text}
    parts = {"title": text, "description": text, "episodes": [episode]}
    draft = NewDefinition(code="own.method", parts=parts)
    known["Method"] = (await it.do("supervisor", create_method, draft))["method"]
    copied = CopyDefinition(template="core.closure")
    known["Vocabulary"] = (await it.do("supervisor", copy_vocabulary, copied))["vocabulary"]
    decided = await it.do("supervisor", decide_authorisation, AuthorisationDraft(
        case=known["Case"], service=known["Service"], decision="granted", reason=odd,
        valid_from=TODAY,
    ))  # fmt: skip
    known["Authorisation"] = decided["authorisation"]
    departed = await it.do("referent", record_departure, DepartureDraft(
        case=known["Case"], method="rights_round", departure=odd, reason=odd, occurred_on=TODAY,
    ))  # fmt: skip
    known["MethodDeparture"] = departed["method_departure"]
    for kind, table in (
        ("MethodVersion", "method_versions"), ("VocabularyVersion", "vocabulary_versions"),
        ("ProgrammeModel", "programme_models"),
    ):  # fmt: skip
        known[kind] = (await it.rows(f"SELECT id FROM core.{table} ORDER BY id LIMIT 1"))[0]["id"]
