"""The schema is composed of the core and the plugins' parts, and says what does not fit."""

from collections.abc import Iterator
from typing import Any

import pytest
import strawberry
from typer.testing import CliRunner

from cordee_core.contracts import GraphQLPart
from cordee_core.errors import CordeeError, PluginError
from cordee_core.plugins.host import PluginHost
from cordee_graphql.context import Context
from cordee_graphql.export import COMMITTED, breaking_changes, dangerous_changes, part_sdl, sdl
from cordee_graphql.guards import Guarded
from cordee_graphql.operation import Operation
from cordee_graphql.roots import DuplicateFieldError, merge_roots
from cordee_graphql.schema import CordeeSchema, build_schema


@strawberry.type
class HousingThing:
    size: int = 1


@strawberry.type
class HousingQuery:
    @strawberry.field
    def thing(self) -> HousingThing:
        return HousingThing()


@strawberry.type(name="Case")
class RogueCase:
    number: str = "1"


@strawberry.type
class RogueQuery:
    case: RogueCase | None = None


@strawberry.type
class EmployQuery:
    """Starts like the plugin's name, but is cut short."""

    size: int = 1


class FakeHost:
    """A host whose plugins bring these parts."""

    def __init__(self, **parts: Any) -> None:
        self.parts = parts
        self.failures: dict[str, CordeeError] = {}

    def collect(self, hook: str) -> Iterator[tuple[str, Any]]:
        assert hook == "cordee_graphql"
        yield from self.parts.items()


def compose(host: FakeHost, *, strict: bool = False) -> CordeeSchema:
    return build_schema(host, strict=strict)  # type: ignore[arg-type]


ROGUES = {
    "rogue": GraphQLPart(query=RogueQuery),
    "employment": GraphQLPart(query=EmployQuery),
    "nothing": "no part",
    "untyped": GraphQLPart(query=int),
}


@pytest.mark.parametrize("name", ROGUES)
def test_a_part_that_does_not_fit_is_left_out_and_the_others_stay(name: str) -> None:
    host = FakeHost(**{name: ROGUES[name], "housing": GraphQLPart(query=HousingQuery)})
    text = sdl(compose(host))
    assert "housing: HousingQuery\n" in text
    assert list(host.failures) == [name]
    assert isinstance(host.failures[name], PluginError)
    with pytest.raises(PluginError):
        compose(FakeHost(**{name: ROGUES[name]}), strict=True)


def test_a_plugin_that_defines_a_core_type_is_told_so() -> None:
    host = FakeHost(rogue=ROGUES["rogue"])
    compose(host)
    assert "GraphQL type 'Case' must start with 'Rogue'" in str(host.failures["rogue"])


def test_two_plugins_cannot_take_the_same_field() -> None:
    host = FakeHost(housing=GraphQLPart(query=HousingQuery))
    host.collect = lambda hook: iter([*host.parts.items()] * 2)  # type: ignore[method-assign]
    compose(host)
    assert "housing" in str(host.failures["housing"])


async def test_the_field_answers_only_where_the_tenant_enabled_the_plugin(
    shelf: Any, make: Any
) -> None:
    schema = compose(
        FakeHost(housing=GraphQLPart(query=HousingQuery), health=GraphQLPart(query=_health()))
    )
    context = Context(Operation(shelf, make(), language="fr"))
    result = await schema.execute(
        "{ housing { thing { size } } health { size } }", context_value=context
    )
    assert result.data == {"housing": {"thing": {"size": 1}}, "health": None}
    (error,) = result.errors or []
    assert (error.extensions or {})["code"] == "PLUGIN_DISABLED"
    assert error.path == ["health"]


def _health() -> type:
    return strawberry.type(type("HealthQuery", (), {"__annotations__": {"size": int}, "size": 1}))


def test_a_root_field_declared_twice_stops_the_start() -> None:
    @strawberry.type
    class OneQueries:
        case_open: int = 1

    @strawberry.type
    class TwoQueries:
        other: int = strawberry.field(name="caseOpen", default=2)

    with pytest.raises(DuplicateFieldError, match="caseOpen"):
        merge_roots("Query", (OneQueries, TwoQueries))


def test_a_guarded_field_must_be_nullable() -> None:
    @strawberry.type
    class SecretQueries:
        @strawberry.field(extensions=[Guarded("case.read")])
        def secret(self) -> str:
            return "x"

    with pytest.raises(TypeError, match="nullable"):
        CordeeSchema((SecretQueries,))


def test_the_text_is_sorted_and_the_same_each_time() -> None:
    first, second = sdl(build_schema(PluginHost())), sdl(build_schema(PluginHost()))
    assert first == second
    names = [line.split()[1] for line in first.splitlines() if line.startswith(("type ", "enum "))]
    assert names == sorted(names)
    assert "Float" not in first


def test_breaking_changes_are_named() -> None:
    before = "type Query { a: Int b: Int }"
    assert breaking_changes(before, "type Query { a: Int }") == [
        "FIELD_REMOVED: Field Query.b was removed."
    ]
    assert breaking_changes(before, "type Query { a: Int b: Int c: Int }") == []
    wider = ("enum E { A } type Query { e: E }", "enum E { A B } type Query { e: E }")
    assert len(dangerous_changes(*wider)) == 1


def test_a_part_can_be_exported_alone() -> None:
    text = part_sdl("housing", GraphQLPart(query=HousingQuery))
    assert "type HousingThing" in text
    assert "UserError" not in text


def test_export_writes_and_check_finds_a_stale_file(tmp_path: Any) -> None:
    import typer

    from cordee_graphql.commands import register

    app = typer.Typer()
    register(app)
    file = tmp_path / "schema.graphql"
    runner = CliRunner()
    assert runner.invoke(app, ["schema", "export", "--check", "--file", str(file)]).exit_code == 1
    assert runner.invoke(app, ["schema", "export", "--file", str(file)]).exit_code == 0
    assert runner.invoke(app, ["schema", "export", "--check", "--file", str(file)]).exit_code == 0
    file.write_text(
        file.read_text()
        .replace("totalCount", "count")
        .replace("type UserError {", "type UserError {\n  gone: Int\n")
    )
    stale = runner.invoke(app, ["schema", "export", "--check", "--file", str(file)])
    assert stale.exit_code == 1
    assert "UserError.gone was removed" in stale.output


def test_the_committed_schema_is_current() -> None:
    assert COMMITTED.read_text() == sdl(build_schema(PluginHost.discover(strict=True), strict=True))
