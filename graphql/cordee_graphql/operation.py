"""One GraphQL operation: who acts, in which language, and its transactions with the database.

A query reads in one transaction, opened when the first resolver asks for it. A root mutation field
writes in a transaction of its own, which commits before the field's payload is read. The read
transaction ends before a write starts, so an operation never holds two connections.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol
from uuid import UUID

from strawberry.dataloader import DataLoader

from cordee_core.access.scope import Scope
from cordee_core.database.unit_of_work import IdempotencyKey, Outcome
from cordee_core.errors import ForbiddenError, UnauthenticatedError
from cordee_core.languages import Language


class Reading(Protocol):
    """A read transaction that is opened at the first query and shared by sibling resolvers."""

    def saw(self, persons: Iterable[UUID | None]) -> None:
        """Note whose personal record is being read."""
        ...

    def active(self) -> AbstractAsyncContextManager[None]:
        """Send the queries of this task to the transaction inside the block."""
        ...

    async def send(self, statement: str, values: Sequence[object], *, alone: bool) -> Any:
        """Return the first row of a planned statement; `alone` has it journal by itself."""
        ...

    async def undo(self) -> None:
        """End the transaction as if nothing had been read in it."""
        ...

    async def finish(self) -> None:
        """Journal what was read, commit, give the connection back."""
        ...


class Backend(Protocol):
    """What an operation needs of the database."""

    def reading(self, scope: Scope, action: str) -> Reading:
        """Return a read transaction, not opened yet."""
        ...

    async def perform(
        self, scope: Scope, action: str, use_case: Any, draft: Any, key: IdempotencyKey | None
    ) -> Outcome:
        """Run a use case in a transaction of its own; return what it changed, committed."""
        ...

    async def deny(self, scope: Scope, action: str, error: ForbiddenError) -> None:
        """Journal a denial in a transaction of its own."""
        ...


class _Loader(DataLoader[Any, Any]):
    """A loader whose values outlive who waits for them.

    A field that fails cancels its siblings; what one of them waits for, a field elsewhere in
    the document may wait for too.
    """

    def load(self, key: Any) -> Any:
        """Return what is awaited for the value of `key`."""
        return asyncio.shield(super().load(key))


class Operation:
    """What the resolvers of one operation share. Made anew for each operation."""

    def __init__(
        self,
        backend: Backend,
        scope: Scope | None,
        *,
        language: Language = "en",
        request_id: str = "-",
        client: str = "local",
        key: str | None = None,
        body_hash: bytes = b"",
        seconds: float = 30.0,
        splice: bool = False,
    ) -> None:
        self.backend = backend
        self.language: Language = language
        self.request_id = request_id
        self.client = client
        self.seconds = seconds
        self.splice = splice
        """Whether the answer may hold finished JSON (`msgspec.Raw`), to be written as it is."""
        self.plans: dict[str, tuple[str, str]] = {}
        """By root field: the statement that was planned, and why the ordinary way was taken."""
        self.name = "query"
        self.writes = False
        self.headers: dict[str, str] = {}
        self._caller = self._scope = scope
        self._key, self._body_hash = key, body_hash
        self._reading: Reading | None = None
        self._readers = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False
        self._loaders: dict[object, DataLoader[Any, Any]] = {}

    @property
    def caller(self) -> Scope | None:
        """Who sent the request, None where it carried no token."""
        return self._caller

    @property
    def anonymous(self) -> bool:
        """Whether the request carried no token."""
        return self._caller is None

    @property
    def scope(self) -> Scope:
        """Who acts.

        Raises:
            UnauthenticatedError: nobody signed in.
        """
        if self._scope is None:
            raise UnauthenticatedError
        return self._scope

    def go_on_as(self, scope: Scope) -> None:
        """Read as `scope` until the next root mutation field: somebody has just signed in."""
        self._scope = scope

    def renew(self, scope: Scope) -> None:
        """Act as `scope` from now on: the caller's own, after a change of what it may do."""
        self._caller = self._scope = scope

    @property
    def throttle_key(self) -> str:
        """The tenant and client whose budget this operation is charged to."""
        if self._caller is None:
            return f"anonymous:{self.client}"
        member = self._caller.member
        return f"{self._caller.tenant}:{member.id if member else self.client}"

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Reading]:
        """Read in the operation's one read transaction; sibling resolvers may do so at once."""
        if self._closed:
            raise RuntimeError("the operation has ended")
        if self._reading is None:
            self._reading = self.backend.reading(self.scope, self.name)
        reading = self._reading
        self._readers += 1
        self._idle.clear()
        try:
            async with reading.active():
                yield reading
        finally:
            self._readers -= 1
            if not self._readers:
                self._idle.set()

    async def write(
        self,
        action: str,
        use_case: Callable[[Any, Any], Awaitable[Mapping[str, UUID]]],
        draft: object,
        *,
        response_key: str | None = None,
        scope: Scope | None = None,
    ) -> Outcome:
        """Run `use_case(uow, draft)` in a transaction of its own; return what it changed.

        The read transaction ends first. `scope` is given only where nobody has signed in yet.
        With an idempotency key, a root field that was done before is not done again.
        """
        await self.settle()
        self._scope = self._caller
        acting = scope or self.scope
        key = None
        if self._key is not None and acting.member is not None:
            key = IdempotencyKey(
                key=self._key, response_key=response_key or action, body_hash=self._body_hash
            )
        return await self.backend.perform(acting, action, use_case, draft, key)

    async def deny(self, action: str, error: ForbiddenError) -> None:
        """Journal that the caller was refused. The read transaction ends first."""
        await self.settle()
        if self._scope is not None:
            await self.backend.deny(self._scope, action, error)

    async def settle(self) -> None:
        """End the read transaction, if one is open, and forget what was loaded in it."""
        await self._idle.wait()
        reading, self._reading = self._reading, None
        self._loaders.clear()
        if reading is not None:
            await reading.finish()

    def loader(
        self, name: object, load: Callable[["Operation", Sequence[Any]], Any]
    ) -> DataLoader[Any, Any]:
        """Return this operation's loader called `name`.

        `load` takes the operation and keys and returns a mapping from key to value; a key that
        is not in it was not found. It runs once for all keys that sibling fields ask for.
        """
        if name not in self._loaders:

            async def batch(keys: list[Any]) -> list[Any]:
                found: Mapping[Any, Any] = await load(self, keys)
                return [found.get(key) for key in keys]

            self._loaders[name] = _Loader(load_fn=batch, max_batch_size=500)
        return self._loaders[name]

    async def close(self) -> None:
        """End the operation: commit what was read. Nothing may be read afterwards."""
        await self.settle()
        self._closed = True

    async def abandon(self) -> None:
        """End an operation that failed or took too long."""
        self._closed = True
        reading, self._reading = self._reading, None
        if reading is not None:
            await reading.finish()
