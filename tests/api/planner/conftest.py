"""Both roads side by side: the same operation with the planner and without, on real records."""

import importlib.util
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cordee_core.access.scope import Scope
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.database.engine import CordeeEngine, LockedConnection
from cordee_core.database.read_session import ReadSession
from cordee_core.errors import ForbiddenError
from cordee_core.notes.add_note import NoteDraft, add_note
from cordee_core.people.register_person import PersonDraft, register_person
from cordee_core.plugins.host import PluginHost
from cordee_core.services.create_service import ServiceDraft, create_service
from cordee_graphql.backend import Database
from cordee_graphql.context import Context
from cordee_graphql.limits import Limits
from cordee_graphql.operation import Operation
from cordee_graphql.schema import CordeeSchema, build_schema
from cordee_graphql.throttle import Budget, LocalBuckets

NO_LIMITS = Limits(10**6, 100, 10**4, 10**4, 100, 10**9)
NAMES = (
    'O\'"Neil\\', "Łukasz 🙂", "a\tb\nc", "ends with {", '{"id": 1.5}', "</script>\u2028", "Ωμέγα",
)  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--agreement", type=int, default=None, help="Random documents for each role.")
    parser.addoption("--seed", type=int, default=None, help="Where the random documents start.")
    parser.addoption(
        "--agreement-report", default=None, help="File that gets a line for each role."
    )


def _module(*parts: str) -> Any:
    """Another conftest, for the records that it makes."""
    place = Path(__file__).parents[2].joinpath(*parts)
    spec = importlib.util.spec_from_file_location("_".join(("records", *place.parts[-3:-1])), place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


async def _more(it: Any) -> None:
    """Records whose texts and moments are hard to write, and more of each list."""
    for place, name in enumerate(NAMES):
        draft = PersonDraft(
            family_name=name, given_names=name, languages=("fr", "ar"), safe_contact=name,
            birth_date=None if place % 2 else date(1980 + place, 2, 28),
            birth_date_precision="refused" if place % 2 else "day",
            interpreter_needed=place % 2 == 0,
        )  # fmt: skip
        person = (await it.do("referent", register_person, draft))["person"]
        if place % 2 == 0:
            opened = await it.do("referent", open_case, CaseDraft(
                person=person, programme=it.uuids["Programme"], request_source="relative",
                requested_on=date(2026, 1, 1), request_detail=name if place else None,
            ))  # fmt: skip
            for number in range(place):
                moment = datetime(2025, 6, 1, 12, number, 0, number * 1000, tzinfo=UTC)
                note = NoteDraft(case=opened["case"], text=f"{name} {number}", occurred_at=moment)
                await it.do("referent", add_note, note)
    for code, text in (
        ("one", {"en": "English", "fr": "Français"}),
        ("two", {"en": "B", "fr": "Bé"}),
    ):
        draft = ServiceDraft(code=f"own-{code}", name=text, description=text, kind="atelier")
        await it.do("admin", create_service, draft)


async def _tenant(engine: CordeeEngine, host: PluginHost, keys: Any, odd: str) -> Any:
    """A tenant with several of everything."""
    tenancies, reads = _module("conftest.py"), _module("api", "reads", "conftest.py")
    tenancy = await tenancies.make_tenancy(engine, host, keys, plugins=("housing",))
    it = await reads.fill(tenancy, engine, odd)
    await _more(it)
    return it


@pytest.fixture(scope="session")
async def filled(engine: CordeeEngine, host: PluginHost, cluster: Any) -> tuple[Any, Any]:
    """Two tenants with several of everything; only to be read."""
    ours = await _tenant(engine, host, cluster.keys, "Mystère")
    return ours, await _tenant(engine, host, cluster.keys, "Ordinaire")


@pytest.fixture(scope="session")
async def sheltering(engine: CordeeEngine, host: PluginHost, cluster: Any) -> Any:
    """A tenant of which persons may be protected: its lists then go the ordinary way."""
    return await _tenant(engine, host, cluster.keys, "Abri")


@dataclass
class Answer:
    """What one road gave: the data as text (so in order), errors, persons, plans."""

    data: str
    errors: list[Any]
    persons: set[UUID]
    plans: dict[str, tuple[str, str]] = field(default_factory=dict)
    statements: list[str] = field(default_factory=list)

    @property
    def shown(self) -> Any:
        return json.loads(self.data)

    def same_as(self, other: "Answer") -> bool:
        mine = (self.data, self.errors, self.persons)
        return mine == (other.data, other.errors, other.persons)


class _Watched(ReadSession):
    """A read transaction that tells whose records it saw, and journals nothing.

    The journal can be read too: it must be the same for both roads.
    """

    seen: set[UUID]

    def saw(self, persons: Iterable[UUID | None]) -> None:
        self.seen.update(one for one in persons if one is not None)

    async def send(self, statement: str, values: Sequence[object], *, alone: bool) -> Any:
        return await super().send(statement, values, alone=False)


class _Backend(Database):
    def __init__(self, engine: CordeeEngine) -> None:
        super().__init__(engine)
        self.seen: set[UUID] = set()

    def reading(self, scope: Scope, action: str) -> ReadSession:
        found = _Watched(self.engine, scope, action)
        found.seen = self.seen
        return found

    async def deny(self, scope: Scope, action: str, error: ForbiddenError) -> None:
        pass


def _problem(error: Any) -> tuple[Any, ...]:
    shown = error.formatted
    found = shown["extensions"]
    internal = found["code"] == "INTERNAL"
    return (
        json.dumps(shown.get("path")), found["code"], "" if internal else shown["message"],
        json.dumps(found.get("argumentPath")), json.dumps(shown.get("locations")),
    )  # fmt: skip


@dataclass
class Roads:
    """Runs operations on either road."""

    planned: CordeeSchema
    ordinary: CordeeSchema
    engine: CordeeEngine
    sent: list[str] = field(default_factory=list)

    async def go(
        self,
        scope: Scope,
        document: str,
        variables: dict[str, Any] | None = None,
        *,
        planner: bool = True,
        language: str = "en",
    ) -> Answer:
        backend = _Backend(self.engine)
        operation = Operation(backend, scope, language=language, request_id="r")  # type: ignore[arg-type]
        schema = self.planned if planner else self.ordinary
        self.sent.clear()
        result = await schema.execute(
            document, variable_values=variables, context_value=Context(operation)
        )
        errors = sorted(_problem(error) for error in result.errors or ())
        data = json.dumps(result.data, default=str)
        return Answer(data, errors, backend.seen, operation.plans, list(self.sent))

    async def both(
        self, scope: Scope, document: str, variables: dict[str, Any] | None = None, **options: Any
    ) -> Answer:
        """Return the planner's answer, which ordinary execution agrees with."""
        found = await self.go(scope, document, variables, **options)
        other = await self.go(scope, document, variables, planner=False, **options)
        assert found.data == other.data
        assert found.errors == other.errors
        assert found.persons == other.persons
        return found


def schemas(host: PluginHost) -> tuple[CordeeSchema, CordeeSchema]:
    """The schema with the planner and without, neither with limits."""
    planned, ordinary = (
        build_schema(
            host, strict=True, limits=NO_LIMITS, planner=planner,
            buckets=LocalBuckets(Budget(10**12, 10**9)),
        )
        for planner in (True, False)
    )  # fmt: skip
    return planned, ordinary


@pytest.fixture(scope="session")
def two_schemas(host: PluginHost) -> tuple[CordeeSchema, CordeeSchema]:
    return schemas(host)


@pytest.fixture
async def roads(two_schemas: Any, engine: CordeeEngine, monkeypatch: pytest.MonkeyPatch) -> Roads:
    """Both roads, with the statements that they send."""
    found = Roads(*two_schemas, engine)
    send = LockedConnection.fetch

    async def counted(self: LockedConnection, query: str, *args: object) -> Any:
        found.sent.append(query)
        return await send(self, query, *args)

    monkeypatch.setattr(LockedConnection, "fetch", counted)
    return found
