"""Whose plan it is: the case's one person, or each member of a household."""

from uuid import UUID

from cordee_core.cases.queries import persons_in_household
from cordee_core.database.rows import Found
from cordee_core.validation import problem


async def need_subject(case: Found, person: UUID | None) -> UUID | None:
    """Return the person whose plan is meant; each member of a household has their own.

    Raises:
        InvalidInputError: the case is not about that person, or does not say which member is meant.
    """
    subject: UUID | None = case["person_id"]
    if case["subject_kind"] == "household":
        if person not in await persons_in_household(case["id"]):
            raise problem(
                ("input", "personId"),
                "say which member of the household the plan is for",
                "dites pour quel membre du ménage le plan est fait",
            )
        return person
    if person is not None and person != subject:
        raise problem(
            ("input", "personId"),
            "the case is not about this person",
            "le suivi ne concerne pas cette personne",
        )
    return subject
