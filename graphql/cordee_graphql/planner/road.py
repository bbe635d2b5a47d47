# ruff: noqa: S608 -- the SQL is made of declarations; what a request gives is a parameter
"""The one way from a plan to bytes: a statement in the operation's read transaction.

A faster lane to the database is put under `travel`; nothing else knows how statements are sent.
"""

from collections.abc import Sequence

from cordee_graphql.operation import Operation
from cordee_graphql.planner.sql import MARK

_MARK = MARK.encode()


def wrapped(select: str) -> str:
    """Return the statement whose two columns are the JSON text of `select` and its persons."""
    return (
        "SELECT convert_to(r.t, 'UTF8') AS answer, string_to_array(r.s, ',')::uuid[] AS persons"
        f" FROM ({select}) r"
    )


async def travel(
    operation: Operation, statement: str, values: Sequence[object], *, alone: bool = False
) -> bytes | None:
    """Return the JSON that `statement` gives; note whose records are in it.

    `alone` says that the operation reads nothing else: the statement then journals by itself.
    None where there is nothing, or a value that only ordinary execution can write; nobody's
    record was seen then.
    """
    async with operation.read() as reading:
        row = await reading.send(statement, values, alone=alone)
        answer: bytes | None = row["answer"] if row is not None else None
        if row is None or answer is None:
            return None
        if _MARK in answer:
            if alone:
                await reading.undo()
            return None
        reading.saw(row["persons"] or ())
        return answer
