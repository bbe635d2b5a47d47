"""Queries about what persons read."""

from cordee_core.database.engine import fetch
from cordee_core.database.rows import Found


async def current_texts(code: str) -> dict[str, Found]:
    """Return the current version of a text by language."""
    rows = await fetch(
        "SELECT DISTINCT ON (t.language) t.* FROM core.person_texts t WHERE t.code = $1"
        " ORDER BY t.language, t.version DESC",
        code,
    )
    return {row["language"]: dict(row) for row in rows}
