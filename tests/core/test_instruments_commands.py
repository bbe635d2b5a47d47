"""``cordee instrument score``: lines in, lines out, exit statuses."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from cordee_core.instruments.commands import register
from cordee_core.instruments.definition import parse_instrument
from cordee_core.plugins.host import PluginHost

T = {"en": "Text", "fr": "Texte"}


def _instrument(code: str) -> Any:
    return parse_instrument(
        {
            "code": code,
            "version": "1.0.0",
            "title": T,
            "description": T,
            "licence": {"verdict": "ship", "holder": "us", "terms": "own"},
            "sources": [{"citation": "us", "date": "2026-01-01"}],
            "effective": "2026-01-01",
            "items": [
                {"linkId": "a", "type": "number", "text": T, "range": [0, 3]},
                {"linkId": "b", "type": "number", "text": T, "range": [0, 3]},
            ],
            "scores": [{"key": "total", "title": T, "function": "sum", "items": "all"}],
            "decided_by": ["total"],
        }
    )


@pytest.fixture(autouse=True)
def host(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = {"one": ["one.grid", "one.shared"], "two": ["two.shared"]}
    content = {
        plugin: SimpleNamespace(instruments={code: _instrument(code) for code in own})
        for plugin, own in codes.items()
    }
    monkeypatch.setattr(PluginHost, "discover", lambda **_: SimpleNamespace(content=content))


def _run(*arguments: str, lines: str = "") -> tuple[int, list[dict[str, Any]], str]:
    app = typer.Typer()
    register(app)
    done = CliRunner().invoke(app, ["instrument", "score", *arguments], input=lines)
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.mark.parametrize("code", ["one.grid", "grid"])
def test_a_line_in_is_a_result_out_with_and_without_prefix(code: str) -> None:
    status, results, _ = _run(
        code, "--input", "-", lines='{"answers": [1, 2]}\n\n{"answers": [3]}\n'
    )
    assert status == 0
    assert [(one["total"], one["status"]) for one in results] == [
        (3, "complete"),
        (None, "not_scorable"),
    ]


def test_the_date_of_the_line_beats_that_of_the_command() -> None:
    lines = '{"answers": [1, 2], "on": "2025-02-03"}\n{"answers": [1, 2], "on": null}\n'
    _, results, _ = _run("grid", "--on", "2026-05-04", "--input", "-", lines=lines)
    assert [one["on"] for one in results] == ["2025-02-03", "2026-05-04"]


@pytest.mark.parametrize(
    ("line", "code", "path"),
    [
        ('{"answers": [1, 9]}', "invalid_answer", ["answers", 1]),
        ('{"answers": {"c": 1}}', "invalid_answer", ["answers", "c"]),
        ('{"answers": [1], "on": "soon"}', "invalid_input", ["on"]),
        ('{"answers": [1], "on": 3}', "invalid_input", ["on"]),
        ('{"answer": [1]}', "invalid_input", ["answers"]),
        ("[1]", "invalid_input", []),
        ("{", "invalid_input", []),
        ('{"answers": [NaN]}', "invalid_input", []),
        ("[" * 100_000, "invalid_input", []),
    ],
)
def test_a_bad_line_says_why_and_the_others_go_on(line: str, code: str, path: list[Any]) -> None:
    good = '{"answers": [1, 1]}'
    status, results, _ = _run("grid", "--input", "-", lines=f"{good}\n{line}\n{good}\n")
    assert status == 1
    assert [one.get("total") for one in results] == [2, None, 2]
    error = results[1]["error"]
    assert (error["code"], error["path"]) == (code, path)
    assert error["message"]


def test_bytes_that_are_no_text_are_a_bad_line(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_bytes(b'\xff\xfe\n{"answers": [1, 1]}\n')
    status, results, _ = _run("grid", "--input", str(file))
    assert status == 1
    assert results[0]["error"]["code"] == "invalid_input"
    assert results[1]["total"] == 2


def test_messages_come_in_the_language_asked_for() -> None:
    line = '{"answers": [9]}\n'
    _, english, _ = _run("grid", "--input", "-", lines=line)
    _, french, _ = _run("grid", "--language", "fr", "--input", "-", lines=line)
    assert "9 is outside 0 to 3" in english[0]["error"]["message"]
    assert "9 est hors de l'intervalle de 0 à 3" in french[0]["error"]["message"]


def test_an_unknown_code_ends_with_status_2() -> None:
    status, results, stderr = _run("nothing", "--input", "-", lines='{"answers": []}\n')
    assert (status, results) == (2, [])
    assert "nothing" in stderr


def test_a_name_of_two_plugins_needs_its_prefix() -> None:
    assert _run("shared", "--input", "-", lines='{"answers": [1, 1]}\n')[0] == 1
    assert _run("two.shared", "--input", "-", lines='{"answers": [1, 1]}\n')[0] == 0


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert _run("grid", "--input", str(tmp_path / "none.jsonl"))[0] == 1
