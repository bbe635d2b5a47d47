"""Tables of tallies."""

from piccolo.columns import BigInt, Text

from cordee_core.database.tables import TenantKeyedTable


class Tally(TenantKeyedTable, tablename="tallies"):
    """How many there are of one kind: cases in a stage, open cases of a referent, referrals."""

    subject = Text(default=None)
    item = Text(default=None)
    number = BigInt(default=None)
