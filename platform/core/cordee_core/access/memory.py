"""Whom tokens stood for when they were last looked up; nothing is done on this memory alone.

The first transaction of a request opens with ``auth.must_hold``: the token holds still, and the
stamp of its tenant's access is the one that is remembered. Else the memory is wrong and forgotten.
"""

import time
from collections import OrderedDict
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from cordee_core.access.scope import Scope

LAPSED = "CX003"
"""SQLSTATE of ``auth.must_hold``."""
MOST, TERM = 10_000, 600.0
"""Most tokens that are remembered, and for how many seconds."""


class Memory:
    """The scopes of the tokens that were used last, by the tokens' SHA-256."""

    def __init__(self, most: int = MOST, term: float = TERM) -> None:
        self._most, self._term = most, term
        self._kept: OrderedDict[bytes, tuple[float, Scope, UUID]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, digest: bytes, scope: "Scope", stamp: UUID) -> None:
        """Remember `scope`, read no earlier than `stamp`; forget who was seen longest ago.

        `scope` is that of a request in which no language was asked for.
        """
        self._kept[digest] = (time.monotonic() + self._term, scope, stamp)
        self._kept.move_to_end(digest)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def recall(self, digest: bytes) -> "tuple[Scope, Proof] | None":
        """Return what is remembered of a token, and what must be asked before it is relied on."""
        found = self._kept.get(digest)
        if found is None:
            return None
        until, scope, stamp = found
        if until <= time.monotonic():
            self.forget(digest)
            return None
        self._kept.move_to_end(digest)
        return scope, Proof(self, digest, stamp)

    def forget(self, digest: bytes) -> None:
        """Forget a token."""
        self._kept.pop(digest, None)


class Proof:
    """Whether what one request goes by held when it first asked the database."""

    __slots__ = ("_digest", "_memory", "_stamp", "holds")

    def __init__(self, memory: Memory, digest: bytes, stamp: UUID) -> None:
        self._memory, self._digest, self._stamp = memory, digest, stamp
        self.holds: bool | None = None
        """None as long as nobody asked."""

    @property
    def question(self) -> str:
        """The call that fails where it does not hold; for the text of an opening statement."""
        return f"auth.must_hold('\\x{self._digest.hex()}', '{self._stamp}')"

    def lapse(self) -> None:
        """Note that it does not hold; the next request looks the token up."""
        self.holds = False
        self._memory.forget(self._digest)
