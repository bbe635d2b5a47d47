"""A case as plugins and guards see it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cordee_core.contracts import CaseView
from cordee_core.database.rows import find
from cordee_core.programmes.tables import Programme


async def view_of(case: Mapping[str, Any]) -> CaseView:
    """Return the frozen view of a case's row: ids and what hooks need, no name."""
    programme = await find(Programme, case["programme_id"])
    return CaseView(
        id=UUID(str(case["id"])),
        number=case["number"],
        stage=case["stage"],
        programme_code=programme["code"],
        person_id=case["person_id"],
        referent_id=case["referent_id"],
        opened_on=case["opened_at"].date(),
    )
