"""What a change of the schema breaks, and what the policy asks of it."""

from pathlib import Path
from typing import Any

import pytest
from typer import Typer
from typer.testing import CliRunner

from cordee_graphql.changes import Weight, changes_between, coordinate_in
from cordee_graphql.commands import register
from cordee_graphql.export import COMMITTED

BEFORE = """
type Query {
  kept: Int old: Int @deprecated(reason: "use kept") sudden: Int with(a: Int, b: Int): E
}
enum E { A B C @deprecated }
input I { a: Int }
type T { i(v: I): Int }
union U = T | V
type V { x: U }
"""


def found(new: str, changelog: str = "") -> dict[str, Any]:
    return {one.coordinate: one for one in changes_between(BEFORE, new, changelog)}


def test_a_removed_field_was_deprecated_for_a_release_and_is_told() -> None:
    new = BEFORE.replace('old: Int @deprecated(reason: "use kept")', "").replace("sudden: Int", "")
    silent = found(new)
    assert set(silent) == {"Query.old", "Query.sudden"}
    assert [len(silent[one].missing) for one in ("Query.old", "Query.sudden")] == [1, 2]
    told = found(new, "# Changelog\n\n## 2.0\n\n- `Query.old` and `Query.sudden` are gone.\n")
    assert told["Query.old"].missing == ()
    assert told["Query.sudden"].missing == (
        "Query.sudden was not @deprecated in the release before",
    )


def test_only_the_newest_part_of_the_changelog_counts_and_only_the_whole_name() -> None:
    new = BEFORE.replace('old: Int @deprecated(reason: "use kept")', "")
    for changelog in (
        "## 2.0\n\n- nothing\n\n## 1.0\n\n- Query.old\n",
        "## 2.0\n\n- Query.older\n",
        "## 2.0\n\n- MyQuery.old\n",
        "Query.old\n",
    ):
        assert found(new, changelog)["Query.old"].missing, changelog


def test_values_and_arguments_are_deprecated_first_too() -> None:
    new = BEFORE.replace("A B C @deprecated", "A").replace("with(a: Int, b: Int)", "with(a: Int)")
    changes = found(new, "## 1\n E.B E.C Query.with(b:) \n")
    assert changes["E.C"].missing == ()
    assert len(changes["E.B"].missing) == 1
    assert len(changes["Query.with(b:)"].missing) == 1


def test_other_breaking_changes_need_words_only() -> None:
    new = BEFORE.replace("kept: Int", "kept: String").replace("a: Int }", "a: Int! }")
    changes = found(new)
    assert {one.weight for one in changes.values()} == {Weight.BREAKING}
    assert {len(one.missing) for one in changes.values()} == {1}
    assert {"Query.kept", "I.a"} == set(changes)


def test_dangerous_changes_are_said_and_need_nothing() -> None:
    changes = found(BEFORE.replace("A B C", "A B D C"))
    assert [(one.weight, one.missing) for one in changes.values()] == [(Weight.DANGEROUS, ())]


@pytest.mark.parametrize(
    ("description", "coordinate"),
    [
        ("Field Query.a was removed.", "Query.a"),
        ("Argument Query.f(a:) was removed.", "Query.f(a:)"),
        ("A required argument Query.c(z:) was added.", "Query.c(z:)"),
        ("Enum value E.B was removed.", "E.B"),
        ("S was removed from union type U.", "S"),
        ("Standard scalar Float was removed because it is not referenced anymore.", "Float"),
        ("Directive @x was removed.", "@x"),
        ("Argument @x(a:) was removed.", "@x(a:)"),
    ],
)
def test_each_change_has_a_coordinate(description: str, coordinate: str) -> None:
    assert coordinate_in(description) == coordinate


def run(*words: str) -> Any:
    app = Typer()
    register(app)
    return CliRunner().invoke(app, ["schema", "diff", *words])


def test_the_command_fails_where_the_policy_is_not_kept(tmp_path: Path) -> None:
    base, new, log = (tmp_path / name for name in ("base.graphql", "new.graphql", "LOG.md"))
    base.write_text(BEFORE, encoding="utf-8")
    new.write_text(BEFORE.replace("sudden: Int", ""), encoding="utf-8")
    log.write_text("## 2\n\n- `Query.sudden`\n", encoding="utf-8")
    words = (str(base), "--file", str(new), "--changelog", str(log))
    refused = run(*words)
    assert refused.exit_code == 1
    assert "breaking: Field Query.sudden was removed." in refused.output
    base.write_text(BEFORE.replace("sudden: Int", "sudden: Int @deprecated"), encoding="utf-8")
    assert run(*words).exit_code == 0


def test_the_schema_does_not_differ_from_itself() -> None:
    done = run(str(COMMITTED), "--file", str(COMMITTED))
    assert (done.exit_code, done.output) == (0, "")
