"""Finding persons by folded words, under row security by index alone."""

from cordee_core.people.search.parse import SearchDraft, Term, parse_search
from cordee_core.people.search.queries import (
    MOST_MATCHES,
    Match,
    Matches,
    drop_tokens,
    find_matches,
    persons_sharing,
    put_tokens,
)

__all__ = [
    "MOST_MATCHES",
    "Match",
    "Matches",
    "SearchDraft",
    "Term",
    "drop_tokens",
    "find_matches",
    "parse_search",
    "persons_sharing",
    "put_tokens",
]
