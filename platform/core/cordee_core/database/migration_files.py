"""Migrations as files: what their names say, and the order in which they run."""

import hashlib
import re
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable

from cordee_core.errors import MigrationError

CORE = "core"
_NAME = re.compile(r"(?P<app>[a-z][a-z0-9_]*?)_(?P<date>\d{8})_(?P<order>\d+)_[a-z0-9_]+\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One SQL file."""

    app: str
    name: str
    sql: str = field(repr=False)

    @property
    def sha256(self) -> str:
        """The digest that tells whether the file changed after it ran."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(app: str, folder: Traversable) -> list[Migration]:
    """Return the migrations of `app` in the order they run.

    Raises:
        MigrationError: a file's name is not of that form.
    """
    found: list[tuple[str, int, Migration]] = []
    for entry in folder.iterdir():
        if not entry.name.endswith(".sql"):
            continue
        match = _NAME.fullmatch(entry.name)
        if match is None or match["app"] != app:
            raise MigrationError(
                f"{entry.name}: a migration of {app} reads {app}_<date>_<n>_<name>.sql"
            )
        migration = Migration(app, entry.name, entry.read_text(encoding="utf-8"))
        found.append((match["date"], int(match["order"]), migration))
    return [migration for *_, migration in sorted(found, key=lambda one: one[:2])]


def core_migrations() -> list[Migration]:
    """Return the core's migrations in order."""
    return read_migrations(CORE, files("cordee_core") / "migrations")
