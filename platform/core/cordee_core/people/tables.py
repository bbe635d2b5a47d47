"""Tables of persons."""

from piccolo.columns import UUID, Array, BigInt, Boolean, Date, Text, Timestamptz

from cordee_core.database.tables import TenantTable


class Person(TenantTable, tablename="persons"):
    """Somebody whom cases are about."""

    number = Text(default=None)
    family_name = Text(default=None)
    given_names = Text(default=None)
    birth_date = Date(default=None, null=True)
    birth_date_precision = Text(default=None)
    sex = Text(default=None)
    languages = Array(base_column=Text(), default=list)
    interpreter_needed = Boolean(default=None)
    phone = Text(default=None, null=True)
    email = Text(default=None, null=True)
    safe_contact = Text(default=None, null=True)
    created_at = Timestamptz(default=None)
    created_by = UUID(default=None)
    row_version = BigInt(default=1)
