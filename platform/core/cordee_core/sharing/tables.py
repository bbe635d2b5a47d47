"""Tables of consents and shares."""

from piccolo.columns import UUID, BigInt, Date, Text, Timestamptz

from cordee_core.database.tables import GrantedTable, TenantTable


class Consent(TenantTable, tablename="consents"):
    """A person's permission, or the legal basis in its place."""

    person_id = UUID(default=None)
    case_id = UUID(default=None)
    purpose = Text(default=None)
    legal_basis = Text(default=None)
    legal_basis_note = Text(default=None, null=True)
    form = Text(default=None, null=True)
    language = Text(default=None)
    given_on = Date(default=None)
    information_given_on = Date(default=None)
    recorded_by = UUID(default=None)
    recorded_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(default=None, null=True)
    withdrawal_note = Text(default=None, null=True)
    interpreter_booking_id = UUID(default=None, null=True)
    row_version = BigInt(default=1)


class Share(GrantedTable, tablename="shares", rights="SELECT"):
    """A case that its tenant shows to another one."""

    case_id = UUID(default=None)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
