"""Tables of places of living and of territories."""

from piccolo.columns import UUID, BigInt, Boolean, Date, Integer, Text, Timestamptz

from cordee_core.database.tables import PersonalTable, TenantTable


class Territory(TenantTable, tablename="territories"):
    """An area in the tenant's tree of areas: its team, and how many persons it should hold."""

    parent_id = UUID(default=None, null=True)
    code = Text(default=None)
    name = Text(default=None)
    team_id = UUID(default=None, null=True)
    cap = Integer(default=None, null=True)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)
    row_version = BigInt(default=1)


class PlaceOfLiving(PersonalTable, tablename="places_of_living"):
    """Where a person lived from a day to another, or that it is not known."""

    person_id = UUID(default=None)
    protected = Boolean(default=False)
    kind = Text(default=None)
    detail = Text(default=None, null=True)
    territory_id = UUID(default=None, null=True)
    starts_on = Date(default=None)
    planned_end = Date(default=None, null=True)
    ends_on = Date(default=None, null=True)
    recorded_by = UUID(default=None)
    recorded_at = Timestamptz(default=None)
    row_version = BigInt(default=1)
