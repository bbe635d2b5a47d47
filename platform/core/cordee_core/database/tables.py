"""The five classes of table. A Piccolo class derives from the one that says how it is protected.

The DDL is in the migrations; these declarations say what the linter must find in the catalogue
(policies and rights of the class) and give queries their typed columns.
"""

from typing import ClassVar, Literal

from piccolo.columns import UUID
from piccolo.table import Table

Protection = Literal["tenant", "shared", "granted", "outbox", "reference", "global"]

DECLARED: dict[tuple[str, str], type["CordeeTable"]] = {}
"""Every declared table by (schema, name)."""


class CordeeTable(Table):
    """Base of all tables; not a table itself."""

    protection: ClassVar[Protection]

    def __init_subclass__(cls, *, tablename: str | None = None, schema: str = "core") -> None:
        super().__init_subclass__(tablename=tablename, schema=schema)
        if tablename is not None:
            DECLARED[schema, tablename] = cls


class TenantTable(CordeeTable):
    """Rows of one tenant: only that tenant reads and writes them."""

    protection = "tenant"
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)


class TenantKeyedTable(CordeeTable):
    """Rows of one tenant with a key of their own beside the tenant's (Piccolo knows one column)."""

    protection = "tenant"
    tenant_id = UUID(primary_key=True, default=None)


class GrantedTable(CordeeTable):
    """Rows of one tenant that name a recipient, who may read them and no more."""

    protection = "granted"
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    recipient_id = UUID(default=None)


class OutboxTable(CordeeTable):
    """Rows of one tenant of which the relay sees ids and times."""

    protection = "outbox"
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)


class OutboxKeyedTable(CordeeTable):
    """As `OutboxTable`, with a key of its own beside the tenant's."""

    protection = "outbox"
    tenant_id = UUID(primary_key=True, default=None)


class ReferenceTable(CordeeTable):
    """Rows of nobody that the application only reads."""

    protection = "reference"


class GlobalTable(CordeeTable):
    """Rows for which the application has no right at all."""

    protection = "global"


class SharedTable(CordeeTable):
    """Rows of one tenant about a case, readable by those to whom the case is shared."""

    protection = "shared"
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)
    case_id = UUID(default=None)
