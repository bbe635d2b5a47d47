"""Tables of the circle."""

from piccolo.columns import UUID, BigInt, Date, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class CircleMember(TenantTable, tablename="circle_members"):
    """Somebody around the person in one case: who, in which role, how much of it they may see."""

    case_id = UUID(default=None)
    kind = Text(default=None)
    member_id = UUID(default=None, null=True)
    person_id = UUID(default=None, null=True)
    name = Text(default=None, null=True)
    organisation = Text(default=None, null=True)
    role = Text(default=None)
    reach = Text(default=None, null=True)
    access = Text(default=None)
    starts_on = Date(default=None)
    ends_on = Date(default=None, null=True)
    end_reason = Text(default=None, null=True)
    added_by = UUID(default=None)
    added_at = Timestamptz(default=None)
    row_version = BigInt(default=1)
