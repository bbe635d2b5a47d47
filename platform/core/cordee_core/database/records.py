# ruff: noqa: S608 -- the SQL is made of constants; what a request gives is a parameter
"""What a transaction leaves behind beside its rows, in as few statements as there can be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cordee_core.access.scope import Scope
from cordee_core.database.encoding import encode_json

Event = tuple[str, str, UUID | None, Mapping[str, UUID | str]]
"""An event's name, its consumer, its case and its payload."""

_JOURNAL = """INSERT INTO core.journal_entries (tenant_id, id, at, kind, action, member_id, plugin,
 purpose, subjects, records, fields, code, request_id) VALUES ({})"""
_SUBJECTS = 8
_OUTBOX = """INSERT INTO core.outbox (tenant_id, id, event, consumer, queue, case_id, payload,
 created_at, due_at) SELECT {0}, e.id, e.event, e.consumer, 'events', e.case_id, e.payload::jsonb,
 {1}, {1} FROM unnest({2}::uuid[], {3}::text[], {4}::text[], {5}::uuid[], {6}::text[])
 AS e (id, event, consumer, case_id, payload)"""
_KEY = """INSERT INTO core.idempotency_keys (tenant_id, member_id, key, response_key, body_hash,
 result, created_at) VALUES ({})"""


@dataclass(frozen=True, slots=True)
class Last:
    """Rows that are written together with the records, at the end of a unit of work.

    `parts` are the CTEs that write them, ``c (person_id)`` among them. Where ``c`` is empty,
    nothing stays and `missing` is raised.
    """

    parts: str
    values: tuple[object, ...]
    missing: Exception


@lru_cache(maxsize=64)
def closing(*, journal: bool, events: bool, key: bool, parts: str = "", used: int = 0) -> str:
    """Return the one statement that writes what there is, its values in this order.

    `parts` are CTEs with `used` values of their own, which go before; the statement then returns
    a row if there is one in ``c``, whose persons are the journal's subjects too.
    """
    made = [parts] if parts else []

    def marks(count: int) -> list[str]:
        nonlocal used
        used += count
        return [f"${number}" for number in range(used - count + 1, used + 1)]

    writes = []
    if journal:
        columns = marks(13)
        if parts:
            columns[_SUBJECTS] += "::uuid[] || ARRAY(SELECT c.person_id FROM c)"
        writes.append(_JOURNAL.format(", ".join(columns)))
    if events:
        tenant, moment, *columns = marks(7)
        writes.append(_OUTBOX.format(f"{tenant}::uuid", f"{moment}::timestamptz", *columns))
    if key:
        writes.append(_KEY.format(", ".join(marks(7))))
    end = "SELECT 1 FROM c" if parts else writes.pop()
    made += [f"w{place} AS ({write})" for place, write in enumerate(writes)]
    return f"WITH {', '.join(made)} {end}" if made else end


def journal_values(
    scope: Scope,
    kind: str,
    action: str,
    *,
    subjects: Iterable[UUID],
    objects: Sequence[tuple[str, UUID]] = (),
    fields: Iterable[str] = (),
    code: str | None = None,
    plugin: str | None = None,
) -> tuple[object, ...]:
    """Return the values of one journal entry: who, what, which fields; never values of theirs."""
    return (
        scope.tenant, scope.new_id(), scope.clock(), kind, action,
        scope.member.id if scope.member else None, plugin, scope.purpose,
        sorted(subjects), [[name, str(one)] for name, one in objects],
        sorted(fields), code, scope.request_id,
    )  # fmt: skip


def event_values(scope: Scope, events: Sequence[Event]) -> tuple[object, ...]:
    """Return the values of one outbox row for each event and consumer."""
    names, consumers, cases, payloads = zip(*events, strict=True)
    identifiers = [scope.new_id() for _ in events]
    return (
        scope.tenant, scope.clock(), identifiers, list(names), list(consumers), list(cases),
        [encode_json(payload) for payload in payloads],
    )  # fmt: skip


@lru_cache(maxsize=1024)
def recorded(statement: str, count: int) -> str:
    """Return a planned read of `count` values that journals by itself whose records it shows.

    Nobody's record is shown where ``answer`` is null; ``persons`` is, for nobody else need know
    them. What follows the values is `entry_of`.
    """
    tenant, identifier, at, action, member, purpose, request = (
        f"${count + place}" for place in range(1, 8)
    )
    return (
        f"WITH r AS MATERIALIZED ({statement}), w AS ("
        "INSERT INTO core.journal_entries (tenant_id, id, at, kind, action, member_id, purpose,"
        f" subjects, request_id) SELECT {tenant}::uuid, {identifier}::uuid, {at}::timestamptz,"
        f" 'read', {action}::text, {member}::uuid, {purpose}::text,"
        f" ARRAY(SELECT DISTINCT p FROM unnest(r.persons) p ORDER BY p), {request}::text"
        " FROM r WHERE r.answer IS NOT NULL AND cardinality(r.persons) > 0)"
        " SELECT answer, NULL::uuid[] AS persons FROM r"
    )


def entry_of(scope: Scope, action: str) -> tuple[object, ...]:
    """Return the values of the entry that a `recorded` statement writes."""
    member = scope.member.id if scope.member else None
    return (
        scope.tenant, scope.new_id(), scope.clock(), action, member, scope.purpose,
        scope.request_id,
    )  # fmt: skip
