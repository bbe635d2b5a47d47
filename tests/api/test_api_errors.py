"""Errors as clients see them: coded, in two languages, without values, stacks or suggestions."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from graphql import GraphQLError

from cordee_core.errors import (
    CordeeError,
    InvalidInputError,
    OperatorError,
    PluginError,
    ProgrammeIncompleteError,
    UnreachableError,
)
from cordee_core.languages import LANGUAGES
from cordee_graphql.failures import ErrorCode, localise, publish, user_error

SECRET = "Marie-Dupont-1987"

REQUESTS = [
    ("{ boks { totalCount } }", None, "GRAPHQL_VALIDATION_FAILED"),
    ("{ books(frist: 1) { totalCount } }", None, "GRAPHQL_VALIDATION_FAILED"),
    ("{ books", None, "GRAPHQL_PARSE_FAILED"),
    (f'{{ books(first: "{SECRET}") {{ totalCount }} }}', None, "BAD_USER_INPUT"),
    ('{ books(after: "\\u0000") { totalCount } }', None, "INVALID_TEXT"),
    ("query($n: Int) { books(first: $n) { totalCount } }", {"n": SECRET}, "BAD_USER_INPUT"),
    ("query($t: String!) { fail(text: $t) }", {}, "BAD_USER_INPUT"),
    (f'{{ fail(text: "{SECRET}") }}', None, "INTERNAL"),
    (f'{{ node(id: "{SECRET}") {{ id }} }}', None, "NOT_FOUND"),
    (f'{{ books(after: "{SECRET}") {{ totalCount }} }}', None, "INVALID_INPUT"),
    ("{ books(first: 1, last: 1) { totalCount } }", None, "INVALID_INPUT"),
    ("{ books(first: -1) { totalCount } }", None, "INVALID_INPUT"),
    ("{ books(last: 101) { totalCount } }", None, "LIMIT_EXCEEDED"),
    ('{ sqlstate(state: "CX001") }', None, "CONTEXT_INVALID"),
    ('{ sqlstate(state: "CX002") }', None, "CONTEXT_EXPIRED"),
    ('{ sqlstate(state: "23505") }', None, "INTERNAL"),
    ('mutation { bookAdd(title: "forbidden") { __typename } }', None, "FORBIDDEN"),
]


@pytest.mark.parametrize(("query", "variables", "code"), REQUESTS)
async def test_each_error_is_coded_in_both_languages_and_repeats_no_value(
    run: Callable[..., Any], query: str, variables: Any, code: str
) -> None:
    said = set()
    for language in LANGUAGES:
        answer = await run(query, variables=variables, language=language)
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == code
        assert error["extensions"]["requestId"] == "r-1"
        assert code in ErrorCode.__members__
        text = json.dumps(error)
        assert SECRET not in text
        assert "Did you mean" not in text
        assert "example.org" not in text
        assert "Traceback" not in text
        said.add(error["message"])
    assert len(said) == 2


async def test_a_retryable_fault_says_so(run: Callable[..., Any]) -> None:
    for state, expected in [("40001", True), ("40P01", True), ("23505", None)]:
        (error,) = (await run(f'{{ sqlstate(state: "{state}") }}'))["errors"]
        assert error["extensions"].get("retryable") is expected


async def test_the_log_has_the_reference_and_nothing_personal(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[dict[str, Any]] = []

    class Log:
        def error(self, event: str, **fields: Any) -> None:
            events.append({"event": event, **fields})

    monkeypatch.setattr("cordee_graphql.failures._log", Log())
    (error,) = (await run(f'{{ fail(text: "{SECRET}") books(after: "x") {{ totalCount }} }}'))[
        "errors"
    ][:1]
    (event,) = events
    assert event["reference"] == error["extensions"]["reference"]
    assert error["extensions"]["reference"] in error["message"]
    assert isinstance(event.pop("exc_info"), RuntimeError)  # cordee_core.logs keeps its type only
    assert SECRET not in repr(event)


async def test_strawberry_logs_no_error_itself(
    run: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await run("{ nothing }")
    assert not [record for record in caplog.records if record.name.startswith("strawberry")]


async def test_user_errors_say_where_in_the_input(run: Callable[..., Any], shelf: Any) -> None:
    query = 'mutation { bookAdd(title: "%s") { book { id } userErrors { code message path } } }'
    for title, code, path in [
        ("", "INVALID_INPUT", "title"),
        ("stale", "STALE_OBJECT", "rowVersion"),
    ]:
        said = set()
        for language in LANGUAGES:
            answer = await run(query % title, language=language)
            assert answer["errors"] == []
            payload = answer["data"]["bookAdd"]
            (error,) = payload["userErrors"]
            assert (payload["book"], error["code"], error["path"]) == (None, code, ["input", path])
            said.add(error["message"])
        assert len(said) == 2
    assert shelf.books == {}


async def test_one_refusal_blanks_no_sibling(run: Callable[..., Any]) -> None:
    answer = await run('{ fail books { totalCount } node(id: "x") { id } }')
    assert answer["data"] == {"fail": None, "books": {"totalCount": 0}, "node": None}
    assert len(answer["errors"]) == 2


def test_parameters_are_localised_and_lists_joined() -> None:
    error = InvalidInputError(problem={"en": "too long", "fr": "trop long"})
    assert "too long" in localise(error, "en")
    assert "trop long" in localise(error, "fr")
    missing = ProgrammeIncompleteError(missing=["target_group", "budget"])
    assert "target_group, budget" in localise(missing, "en")
    assert user_error(missing, "fr").code.value == "programme_incomplete"


def _published(error: Exception) -> dict[str, Any]:
    (found,) = publish([GraphQLError("", original_error=error)], "en", "r") or []
    return {"message": found.message, **(found.extensions or {})}


def test_what_only_an_operator_may_read_is_internal() -> None:
    assert _published(UnreachableError("postgresql://secret@host"))["code"] == "INTERNAL"
    assert "secret" not in str(_published(UnreachableError("postgresql://secret@host")))
    plugin = _published(PluginError("housing", "KeyError: 'Marie'"))
    assert plugin["code"] == "PLUGIN_ERROR"
    assert "Marie" not in plugin["message"]
    assert "housing" in plugin["message"]


def _tree(root: type[CordeeError]) -> set[type[CordeeError]]:
    found = {root}
    for child in root.__subclasses__():
        if child.__module__.startswith("cordee_core.errors."):
            found |= _tree(child)
    return found


def test_the_enum_has_every_code_a_client_may_see() -> None:
    seen = {each.code for each in _tree(CordeeError) if not issubclass(each, OperatorError)}
    assert {code.lower() for code in ErrorCode.__members__} == seen
