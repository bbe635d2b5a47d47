"""``cordee instrument score``: answers in, results out, one JSON object a line."""

import datetime
from typing import Annotated

import typer

from cordee_core.errors import InvalidInputError
from cordee_core.jsonlines import Line, On, Source, Speak, find_one, run_lines
from cordee_core.problems import problem


def register(app: typer.Typer) -> None:
    """Add the commands ``cordee instrument …``."""
    group = typer.Typer(help="Instruments of the installed plugins.", no_args_is_help=True)

    @group.callback()
    def instruments() -> None:
        """Instruments of the installed plugins."""

    group.command("score")(score_lines)
    app.add_typer(group, name="instrument")


def score_lines(
    code: Annotated[str, typer.Argument(help="The instrument, with or without its prefix.")],
    source: Source,
    on: On = None,
    language: Speak = "en",
) -> None:
    """Score answers: one JSON object a line in, one result a line out."""
    from cordee_core.instruments.score import check_answers, score
    from cordee_core.plugins.host import PluginHost

    contents = PluginHost.discover().content.values()
    known = {key: one for each in contents for key, one in each.instruments.items()}
    instrument = find_one(known, code)

    def work(line: Line, day: datetime.date) -> Line:
        assert instrument is not None
        if "answers" not in line:
            raise InvalidInputError(path=("answers",), problem=problem("lines", "answers_missing"))
        answers = check_answers(instrument, line["answers"], ("answers",))
        return score(instrument, answers, day).to_json()

    unknown = ("unknown_instrument", {"instrument": code})
    run_lines(work if instrument else None, unknown, source, on, language)
