"""``cordee rule evaluate``: facts in, results out, one JSON object a line."""

import datetime
from collections.abc import Mapping
from typing import Annotated, cast

import typer

from cordee_core.errors import InvalidInputError
from cordee_core.jsonlines import Line, On, Source, Speak, find_one, run_lines
from cordee_core.problems import problem


def register(app: typer.Typer) -> None:
    """Add the commands ``cordee rule …``."""
    group = typer.Typer(help="Eligibility rules of the installed plugins.", no_args_is_help=True)

    @group.callback()
    def rules() -> None:
        """Eligibility rules of the installed plugins."""

    group.command("evaluate")(evaluate_lines)
    app.add_typer(group, name="rule")


def evaluate_lines(
    code: Annotated[str, typer.Argument(help="The rule, with or without its prefix.")],
    source: Source,
    on: On = None,
    language: Speak = "en",
) -> None:
    """Evaluate facts: one JSON object a line in, one result a line out."""
    from cordee_core.plugins.host import PluginHost
    from cordee_core.rules.evaluate import evaluate

    contents = PluginHost.discover().content.values()
    rule = find_one({known: one for each in contents for known, one in each.rules.items()}, code)

    def work(line: Line, day: datetime.date) -> Line:
        assert rule is not None
        facts = line.get("facts")
        if not isinstance(facts, Mapping):
            raise InvalidInputError(path=("facts",), problem=problem("lines", "facts_missing"))
        return evaluate(rule, cast("Mapping[str, object]", facts), day).as_mapping()

    run_lines(work if rule else None, ("unknown_rule", {"rule": code}), source, on, language)
