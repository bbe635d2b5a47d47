"""Queries about consents."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cordee_core.cases.tables import CasePerson
from cordee_core.database.rows import among
from cordee_core.sharing.tables import Consent


@dataclass(frozen=True, slots=True)
class Given:
    """A consent, or another basis, that is not withdrawn: whose, what for, recorded when."""

    person: UUID
    purpose: str
    at: datetime


async def consents_of(cases: Iterable[UUID]) -> dict[UUID, list[Given]]:
    """Return what holds in each of the cases; cases without any are left out."""
    columns = (Consent.case_id, Consent.person_id, Consent.purpose, Consent.recorded_at)
    query = Consent.select(*columns).where(among(Consent.case_id, cases))
    found: defaultdict[UUID, list[Given]] = defaultdict(list)
    for row in await query.where(Consent.withdrawn_at.is_null()):
        given = Given(row["person_id"], row["purpose"], row["recorded_at"])
        found[row["case_id"]].append(given)
    return found


async def households_of(cases: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Return whom the cases of households are about now, by case."""
    columns = (CasePerson.case_id, CasePerson.person_id)
    query = CasePerson.select(*columns).where(among(CasePerson.case_id, cases))
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for row in await query.where(CasePerson.left_on.is_null()):
        found[row["case_id"]].add(row["person_id"])
    return found
