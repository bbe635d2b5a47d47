"""``cordee rule evaluate``: the contract of its lines and its exit status."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from cordee_core.rules.commands import register

LINE = {"facts": {"age": 72, "stable_residence_fr": True, "gir": 3}, "on": "2025-06-01"}


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    app = typer.Typer()
    register(app)
    return app


def run(app: typer.Typer, *arguments: str, lines: str = "") -> Result:
    return CliRunner().invoke(app, ["rule", "evaluate", *arguments], input=lines)


def answers(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("code", ["health.fr_apa", "fr_apa"])
def test_a_line_gives_a_result_with_its_keys_at_the_top(app: typer.Typer, code: str) -> None:
    result = run(app, code, "--input", "-", lines=json.dumps(LINE))
    assert result.exit_code == 0
    (told,) = answers(result)
    assert told["outcome"] == "eligible"
    assert told["monthly_plan_ceiling"] == 1195.67
    assert {"because", "why", "ask", "versions"} <= set(told)
    assert '"monthly_plan_ceiling":1195.67,' in result.stdout


def test_the_date_of_the_line_beats_the_option(app: typer.Typer, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    undated = {"facts": LINE["facts"]}
    file.write_text(f"{json.dumps(LINE)}\n\n{json.dumps(undated)}\n", encoding="utf-8")
    result = run(app, "fr_apa", "--on", "2026-06-01", "--input", str(file))
    assert result.exit_code == 0
    assert [told["monthly_plan_ceiling"] for told in answers(result)] == [1195.67, 1215.99]
    assert [told["versions"]["on"] for told in answers(result)] == ["2025-06-01", "2026-06-01"]


def test_null_and_absent_are_both_not_known(app: typer.Typer) -> None:
    lines = "\n".join(
        json.dumps({"facts": facts, "on": "2025-06-01"})
        for facts in (
            {"age": 72, "stable_residence_fr": True},
            {"age": 72, "stable_residence_fr": True, "gir": None},
        )
    )
    first, second = answers(run(app, "fr_apa", "--input", "-", lines=lines))
    assert first == second
    assert (first["outcome"], first["ask"]) == ("unknown", ["gir"])


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        ("nonsense", []),
        ("[1]", []),
        ('{"facts": {"age": NaN}}', []),
        ("[" * 100_000, []),
        ('{"on": "2025-06-01"}', ["facts"]),
        ('{"facts": []}', ["facts"]),
        ('{"facts": {"age": "old"}}', ["facts", "age"]),
        ('{"facts": {"gir": 7}}', ["facts", "gir"]),
        ('{"facts": {}, "on": "June"}', ["on"]),
        ('{"facts": {}, "on": 20250601}', ["on"]),
    ],
)
def test_a_bad_line_is_an_error_and_the_others_go_on(
    app: typer.Typer, bad: str, path: list[str]
) -> None:
    result = run(app, "fr_apa", "--input", "-", lines=f"{bad}\n{json.dumps(LINE)}\n")
    assert result.exit_code == 1
    error, told = answers(result)
    assert error["error"]["code"] == "invalid_input"
    assert error["error"]["path"] == path
    assert told["outcome"] == "eligible"


def test_messages_come_in_the_language_asked_for(app: typer.Typer) -> None:
    lines = '{"facts": {"age": "old"}}'
    messages = [
        answers(run(app, "fr_apa", "--language", language, "--input", "-", lines=lines))[0]
        for language in ("en", "fr")
    ]
    assert messages[0]["error"]["message"].endswith("a number is needed")
    assert messages[1]["error"]["message"].endswith("un nombre est attendu")


def test_an_unknown_code_gives_exit_status_2(app: typer.Typer) -> None:
    result = run(app, "no_such_rule", "--input", "-")
    assert result.exit_code == 2
    assert "no_such_rule" in result.stderr
    assert result.stdout == ""
