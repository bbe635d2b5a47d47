"""The rows that are about a person, and what becomes of them when records are merged.

Whatever refers to a person in the catalogue goes to the record that stays, so that no feature can
be forgotten; what is named in `STAYS`, and histories that nobody may change, stay and are
reached through the pointer.
"""

from dataclasses import dataclass

STAYS = frozenset({
    ("core.persons", "merged_into"), ("core.person_access", "person_id"),
    ("core.person_merges", "person_id"), ("core.person_merges", "target_id"),
    ("core.person_tokens", "person_id"), ("core.household_members", "person_id"),
    ("core.places_of_living", "person_id"), ("core.relations", "person_id"),
    ("core.relations", "other_id"),
})  # fmt: skip
"""By (table, column): what stays with the merged record though it can be changed.

Of places, households and relations both records may have their own, which would contradict.
"""


@dataclass(frozen=True, slots=True)
class Following:
    """A table, its column with the person, and the one that repeats ``protected`` if it has one."""

    table: str
    column: str
    flag: str | None = None

    @property
    def name(self) -> str:
        """The table and the column, as a merge keeps them."""
        return f"{self.table} {self.column}"


def following(referring: list[Following]) -> list[Following]:
    """Return what goes with a merged person, of all that refers to persons and can be changed."""
    return [one for one in referring if (one.table, one.column) not in STAYS]
