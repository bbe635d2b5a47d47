"""Tables of authorisations."""

from piccolo.columns import UUID, BigInt, Date, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class Authorisation(TenantTable, tablename="authorisations"):
    """Whether a service may be given in a case, decided by a role that the model names."""

    case_id = UUID(default=None)
    service_id = UUID(default=None)
    decision = Text(default=None)
    reason = Text(default=None)
    role = Text(default=None)
    valid_from = Date(default=None)
    valid_until = Date(default=None, null=True)
    decided_by = UUID(default=None)
    decided_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(default=None, null=True)
    withdrawn_by = UUID(default=None, null=True)
    withdrawal_reason = Text(default=None, null=True)
    row_version = BigInt(default=1)
