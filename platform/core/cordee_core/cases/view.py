"""Cases as plugins and guards see them."""

from collections.abc import Sequence
from uuid import UUID

from cordee_core.contracts import CaseView
from cordee_core.database.rows import Found, find_many
from cordee_core.programmes.tables import Programme


async def views_of(cases: Sequence[Found]) -> dict[UUID, CaseView]:
    """Return the frozen views of rows of cases, by id: ids and what hooks need, no name."""
    programmes = await find_many(Programme, {case["programme_id"] for case in cases})
    codes = {row["id"]: row["code"] for row in programmes}
    return {
        case["id"]: CaseView(
            id=UUID(str(case["id"])),
            number=case["number"],
            stage=case["stage"],
            programme_code=codes[case["programme_id"]],
            person_id=case["person_id"],
            referent_id=case["referent_id"],
            opened_on=case["opened_at"].date(),
        )
        for case in cases
    }
