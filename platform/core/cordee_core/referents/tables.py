"""Tables of referents."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Text, Timestamptz
from piccolo.table import Table

from cordee_core.database.tables import TenantTable


class Intensity(TenantTable, tablename="case_intensities", rights="SELECT, INSERT"):
    """The step of intensity of a case, as it was set; the newest counts."""

    case_id = UUID(default=None)
    intensity = Text(default=None)
    reason = Text(default=None)
    set_at = Timestamptz(default=None)
    set_by = UUID(default=None)


class InterestConflict(TenantTable, tablename="interest_conflicts"):
    """A member's conflict of interest with a person or a case."""

    member_id = UUID(default=None)
    person_id = UUID(default=None, null=True)
    case_id = UUID(default=None, null=True)
    note = Text(default=None)
    declared_at = Timestamptz(default=None)
    declared_by = UUID(default=None)
    ended_at = Timestamptz(default=None, null=True)
    ended_by = UUID(default=None, null=True)
    row_version = BigInt(default=1)


class Override(TenantTable, tablename="staff_overrides", rights="SELECT, INSERT"):
    """A guard that somebody overrode, and why."""

    case_id = UUID(default=None)
    member_id = UUID(default=None)
    kind = Text(default=None)
    subject = Text(default=None)
    reason = Text(default=None)
    overridden_at = Timestamptz(default=None)
    overridden_by = UUID(default=None)


class CaseloadLine(Table, tablename="caseload_lines", schema="core"):
    """A case that somebody leads, with what is due first: a view, so no class of table."""

    tenant_id = UUID(default=None)
    case_id = UUID(primary_key=True, default=None)
    person_id = UUID(default=None, null=True)
    referent_id = UUID(default=None)
    team_id = UUID(default=None, null=True)
    programme_id = UUID(default=None)
    stage = Text(default=None)
    mine = Boolean(default=None)
    due_at = Timestamptz(default=None, null=True)
    rule = Text(default=None, null=True)
    label = JSONB(default=None, null=True)
    due_key = UUID(default=None)
