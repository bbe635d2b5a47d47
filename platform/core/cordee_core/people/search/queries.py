# ruff: noqa: S608 -- the SQL is made of constants of this module and of numbers
"""Statements of the search: ranges of tokens, read by index, with a bounded cost.

The range with the fewest tokens is read, `MOST_MATCHES` rows at most; each person in it is looked
up in the other ranges. Row security lets an index serve ``=``, ``<`` and ``>=`` on text (they are
leakproof), so the plan knows no sequential scan (`docs/performance.md`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from cordee_core.database.engine import fetch
from cordee_core.people.search.parse import Term

MOST_MATCHES = 10_000
"""Most tokens of the rarest word that one search looks at."""


@dataclass(frozen=True, slots=True)
class Match:
    """A person who was found, and how well: exact words first, then the name that is shown."""

    person: UUID
    rank: int

    @property
    def place(self) -> tuple[int, UUID]:
        """What orders the matches."""
        return -self.rank, self.person


@dataclass(frozen=True, slots=True)
class Matches:
    """All who were found, the best first; `complete` is False where the words fit too many."""

    persons: tuple[Match, ...]
    complete: bool

    def page(
        self,
        after: tuple[int, UUID] | None,
        before: tuple[int, UUID] | None,
        limit: int,
        *,
        reverse: bool,
    ) -> list[Match]:
        """Return up to `limit` of them between two places; from the end if `reverse`."""
        chosen = [
            one
            for one in self.persons
            if (after is None or one.place > after) and (before is None or one.place < before)
        ]
        return chosen[::-1][:limit] if reverse else chosen[:limit]


async def put_tokens(tenant: UUID, person: UUID, tokens: Mapping[str, int]) -> None:
    """Add tokens of a person."""
    await fetch(
        "INSERT INTO core.person_tokens (tenant_id, person_id, token, weight)"
        " SELECT $1, $2, t.token, t.weight FROM unnest($3::text[], $4::smallint[])"
        " AS t (token, weight)",
        tenant, person, list(tokens), list(tokens.values()),
    )  # fmt: skip


async def drop_tokens(tenant: UUID, person: UUID) -> None:
    """Take away all tokens of a person."""
    await fetch(
        "DELETE FROM core.person_tokens WHERE tenant_id = $1 AND person_id = $2", tenant, person
    )


def count_sql(terms: int) -> str:
    """Return the statement that counts each range's tokens, up to the bound."""
    counts = ", ".join(
        f"(SELECT count(*) FROM (SELECT FROM core.person_tokens WHERE tenant_id = $1"
        f' AND token >= ${2 * at + 2} COLLATE "C" AND token < ${2 * at + 3} COLLATE "C"'
        f" LIMIT {MOST_MATCHES + 1}) one) AS c{at}"
        for at in range(terms)
    )
    return f"SELECT {counts}"


def match_sql(terms: int) -> str:
    """Return the statement that finds the persons with a token in each of `terms` ranges.

    The first range is read; a person's rank counts exact words (10 each) and weights. Parameters:
    tenant, then low and high of each range.
    """
    score = "max(CASE WHEN t.token = {low} THEN 10 ELSE 0 END + t.weight)"
    others = "".join(
        f" JOIN LATERAL (SELECT {score.format(low=f'${2 * at + 2}')} AS rank"
        " FROM core.person_tokens t WHERE t.tenant_id = $1 AND t.person_id = d.person_id"
        f" AND {_within(at, 't.token')}) o{at} ON o{at}.rank IS NOT NULL"
        for at in range(1, terms)
    )
    ranks = "".join(f" + o{at}.rank" for at in range(1, terms))
    return (
        f"SELECT d.person_id, (d.rank{ranks})::int AS rank FROM (SELECT t.person_id,"
        f" {score.format(low='$2')} AS rank FROM (SELECT token, person_id, weight"
        f" FROM core.person_tokens WHERE tenant_id = $1 AND {_within(0, 'token')}"
        f" ORDER BY token, person_id LIMIT {MOST_MATCHES}) t GROUP BY t.person_id) d{others}"
    )


def _within(at: int, token: str) -> str:
    """Return the condition that a token lies in range `at`."""
    low, high = 2 * at + 2, 2 * at + 3
    return f'{token} >= ${low} COLLATE "C" AND {token} < ${high} COLLATE "C"'


async def find_matches(tenant: UUID, terms: Sequence[Term]) -> Matches:
    """Return the persons with a token in each range, the best first, then by id.

    Protected and merged persons have no tokens: they are not looked at, let alone counted.
    """
    ordered, complete = await _rarest_first(tenant, terms)
    bounds = [bound for term in ordered for bound in (term.low, term.high)]
    rows = await fetch(match_sql(len(ordered)), tenant, *bounds)
    found = sorted((-row["rank"], row["person_id"]) for row in rows)
    return Matches(tuple(Match(person, -rank) for rank, person in found), complete)


async def _rarest_first(tenant: UUID, terms: Sequence[Term]) -> tuple[list[Term], bool]:
    bounds = [bound for term in terms for bound in (term.low, term.high)]
    (row,) = await fetch(count_sql(len(terms)), tenant, *bounds)
    counts = [row[f"c{at}"] for at in range(len(terms))]
    ordered = [term for _, term in sorted(zip(counts, terms, strict=True))]
    return ordered, min(counts) <= MOST_MATCHES


async def persons_sharing(
    tenant: UUID, tokens: Sequence[str], without: UUID | None, limit: int
) -> list[UUID]:
    """Return the persons who share most of those tokens: two at least, or one of a number."""
    rows = await fetch(
        "SELECT f.person_id FROM unnest($2::text[]) AS w (token) CROSS JOIN LATERAL"
        " (SELECT t.person_id FROM core.person_tokens t WHERE t.tenant_id = $1"
        f' AND t.token = w.token COLLATE "C" LIMIT {MOST_MATCHES}) f'
        " WHERE $3::uuid IS NULL OR f.person_id <> $3 GROUP BY f.person_id"
        " HAVING count(*) > 1 OR bool_or(w.token ~ '^#[it]:')"
        " ORDER BY count(*) DESC, f.person_id LIMIT $4",
        tenant, list(tokens), without, limit,
    )  # fmt: skip
    return [row["person_id"] for row in rows]
