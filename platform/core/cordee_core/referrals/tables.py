"""Tables of referrals."""

from piccolo.columns import UUID, BigInt, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class Referral(TenantTable, tablename="referrals"):
    """A request to a service."""

    case_id = UUID(default=None)
    service_id = UUID(default=None)
    state = Text(default=None)
    reason = Text(default=None)
    decline_reason = Text(default=None, null=True)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)
    row_version = BigInt(default=1)


class ReferralEvent(TenantTable, tablename="referral_events", rights="SELECT, INSERT"):
    """One change of state of a referral."""

    referral_id = UUID(default=None)
    from_state = Text(default=None, null=True)
    to_state = Text(default=None)
    at = Timestamptz(default=None)
    member_id = UUID(default=None)
    reason = Text(default=None, null=True)
