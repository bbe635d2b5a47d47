"""The classes of table. A Piccolo class derives from the one that says how it is protected.

The DDL is in the migrations; these declarations say what the linter must find in the catalogue
(policies and rights of the class) and give queries their typed columns.
"""

import re
from typing import ClassVar, Literal

from piccolo.columns import UUID, Serial, Text, Timestamptz
from piccolo.table import Table

Protection = Literal[
    "tenant", "person", "personal", "shared", "granted", "outbox", "reference", "global"
]

DECLARED: dict[tuple[str, str], type["CordeeTable"]] = {}
"""Every declared table by (schema, name)."""

_USUAL = {"reference": "SELECT", "global": ""}


class CordeeTable(Table):
    """Base of all tables; not a table itself.

    `rights` is what the application may do where that differs from its class's ``SELECT, INSERT,
    UPDATE``; `relay` what the relay may, as in ``SELECT (id, due_at), DELETE``.
    """

    protection: ClassVar[Protection]
    app_rights: ClassVar[frozenset[str]]
    relay_rights: ClassVar[frozenset[str]]

    def __init_subclass__(
        cls,
        *,
        tablename: str | None = None,
        schema: str = "core",
        rights: str | None = None,
        relay: str = "",
    ) -> None:
        super().__init_subclass__(tablename=tablename, schema=schema)
        if tablename is None:
            _drop_made_up_key(cls)
        else:
            usual = _USUAL.get(cls.protection, "SELECT, INSERT, UPDATE")
            cls.app_rights = parse_rights(usual if rights is None else rights)
            cls.relay_rights = parse_rights(relay)
            DECLARED[schema, tablename] = cls


def _drop_made_up_key(base: type[Table]) -> None:
    """Remove the ``id serial`` that Piccolo gives a class without a key and tables inherit."""
    if isinstance(base.__dict__.get("id"), Serial):
        del base.id  # type: ignore[attr-defined]


_drop_made_up_key(CordeeTable)


def parse_rights(text: str) -> frozenset[str]:
    """Return ``SELECT (a, b), DELETE`` as {``SELECT(a)``, ``SELECT(b)``, ``DELETE``}."""
    found: set[str] = set()
    for right, columns in re.findall(r"([A-Z]+)\s*(?:\(([^)]*)\))?", text):
        found |= {f"{right}({one.strip()})" for one in columns.split(",")} if columns else {right}
    return frozenset(found)


class TenantTable(CordeeTable):
    """Rows of one tenant: only that tenant reads and writes them."""

    protection = "tenant"
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)


class PersonTable(CordeeTable):
    """Persons of one tenant; one of whom nothing is disclosed is there for members with access."""

    protection = "person"
    tenant_id = UUID(default=None)
    id = UUID(primary_key=True, default=None)


class PersonalTable(CordeeTable):
    """Rows of one tenant about a person; about a protected one for members with full access.

    ``protected`` follows the person's own by a foreign key that cascades.
    """

    protection = "personal"
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


class AppliedMigration(ReferenceTable, tablename="applied", schema="migrations", relay="SELECT"):
    """A migration that ran (Piccolo knows one column of its key)."""

    app = Text(primary_key=True, default=None)
    name = Text(default=None)
    sha256 = Text(default=None)
    applied_at = Timestamptz(default=None)
