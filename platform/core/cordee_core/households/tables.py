"""Tables of households, relations and representatives."""

from piccolo.columns import UUID, Array, BigInt, Boolean, Date, Text, Timestamptz

from cordee_core.database.tables import PersonalTable, TenantTable


class Household(TenantTable, tablename="households"):
    """Persons who live together or belong together; a person may be in several."""

    name = Text(default=None)
    note = Text(default=None, null=True)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)
    row_version = BigInt(default=1)


class HouseholdMember(PersonalTable, tablename="household_members"):
    """A person's time in a household."""

    household_id = UUID(default=None)
    person_id = UUID(default=None)
    protected = Boolean(default=False)
    role = Text(default=None)
    starts_on = Date(default=None)
    ends_on = Date(default=None, null=True)
    recorded_by = UUID(default=None)
    recorded_at = Timestamptz(default=None)
    row_version = BigInt(default=1)


class Relation(PersonalTable, tablename="relations"):
    """``person_id`` is the ``kind`` of ``other_id``, from a day to another.

    PostgreSQL makes ``protected`` of the two persons' own: rows are written by `write_relation`.
    """

    person_id = UUID(default=None)
    person_protected = Boolean(default=False)
    other_id = UUID(default=None)
    other_protected = Boolean(default=False)
    protected = Boolean(default=False)
    kind = Text(default=None)
    detail = Text(default=None, null=True)
    starts_on = Date(default=None, null=True)
    ends_on = Date(default=None, null=True)
    recorded_by = UUID(default=None)
    recorded_at = Timestamptz(default=None)
    row_version = BigInt(default=1)


class Representative(PersonalTable, tablename="representatives"):
    """Who may act for a person, in what, and until when."""

    person_id = UUID(default=None)
    protected = Boolean(default=False)
    representative_id = UUID(default=None, null=True)
    name = Text(default=None, null=True)
    kind = Text(default=None)
    scopes = Array(base_column=Text(), default=list)
    proof = Text(default=None, null=True)
    starts_on = Date(default=None)
    ends_on = Date(default=None, null=True)
    recorded_by = UUID(default=None)
    recorded_at = Timestamptz(default=None)
    row_version = BigInt(default=1)
