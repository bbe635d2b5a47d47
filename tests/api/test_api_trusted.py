"""Trusted documents: named by their hash; where only they are allowed, nothing else runs."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer import Typer
from typer.testing import CliRunner

from cordee_core.errors import BadRequestError, ConfigurationError, UnknownDocumentError
from cordee_core.settings import Settings, load_settings
from cordee_graphql.commands import register
from cordee_graphql.trusted import TrustedDocuments, hash_of, make_store, read_store
from cordee_server.app import build
from cordee_server.http.application import make_application
from cordee_server.http.controller import Gateway
from cordee_server.http.pages import Pages
from cordee_server.readiness import Readiness

KNOWN = "query Known($first: Int) { books(first: $first) { totalCount } }"
OTHER = "{ __typename }"
NAME = hash_of(KNOWN)


@pytest.fixture
def asking(schema: Any, shelf: Any, make: Callable[..., Any], serving: Any) -> Callable[..., Any]:
    """Serve the test schema with trusted documents."""

    async def authenticate(*_: Any) -> Any:
        return make()

    async def nothing() -> tuple[str, ...]:
        return ()

    @asynccontextmanager
    async def run(*, only: bool) -> AsyncIterator[httpx.AsyncClient]:
        trusted = TrustedDocuments({NAME: KNOWN}, only=only)
        gateway = Gateway(schema, shelf, authenticate, Pages(), 5.0, trusted=trusted)
        application = make_application(gateway, Readiness(nothing, nothing), max_body=20_000)
        async with serving(application) as address, httpx.AsyncClient(base_url=address) as client:
            yield client

    return run


def code(answer: httpx.Response) -> str:
    return answer.json()["errors"][0]["extensions"]["code"]


@pytest.mark.parametrize("only", [True, False])
async def test_a_known_hash_stands_for_its_text(asking: Callable[..., Any], only: bool) -> None:
    async with asking(only=only) as client:
        for more in (
            {"documentId": NAME},
            {"documentId": f"sha256:{NAME.upper()}"},
            {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": NAME}}},
            {"query": KNOWN, "extensions": {"persistedQuery": {"sha256Hash": NAME}}},
            {"query": KNOWN},
        ):
            answer = await client.post("/graphql", json={**more, "variables": {"first": 1}})
            assert answer.json()["data"] == {"books": {"totalCount": 0}}
        params = {"documentId": NAME, "variables": '{"first": 1}'}
        answer = await client.get("/graphql", params=params)
        assert answer.json()["data"] == {"books": {"totalCount": 0}}


async def test_where_only_trusted_documents_run_texts_are_refused(
    asking: Callable[..., Any],
) -> None:
    async with asking(only=True) as client:
        for query in (OTHER, KNOWN + " ", "{ __schema { types { name } } }"):
            answer = await client.post("/graphql", json={"query": query})
            assert (answer.status_code, code(answer)) == (400, "UNKNOWN_DOCUMENT")
    async with asking(only=False) as client:
        answer = await client.post("/graphql", json={"query": OTHER})
        assert "data" in answer.json()


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"documentId": "0" * 64}, "UNKNOWN_DOCUMENT"),
        ({"extensions": {"persistedQuery": {"sha256Hash": "0" * 64}}}, "UNKNOWN_DOCUMENT"),
        ({"documentId": "x"}, "BAD_REQUEST"),
        ({"documentId": NAME + "0"}, "BAD_REQUEST"),
        ({"documentId": 7}, "BAD_REQUEST"),
        ({"extensions": {"persistedQuery": 7}}, "BAD_REQUEST"),
        ({"extensions": {"persistedQuery": {}}}, "BAD_REQUEST"),
        ({"extensions": {"persistedQuery": {"sha256Hash": [NAME]}}}, "BAD_REQUEST"),
        ({"query": OTHER, "documentId": NAME}, "BAD_REQUEST"),
        ({}, "BAD_REQUEST"),
    ],
)
async def test_a_wrong_hash_is_refused(
    asking: Callable[..., Any], more: dict[str, Any], expected: str
) -> None:
    async with asking(only=False) as client:
        answer = await client.post("/graphql", json=more)
        assert (answer.status_code, code(answer)) == (400, expected)


def test_sending_a_text_with_its_hash_registers_nothing() -> None:
    documents = TrustedDocuments()
    assert documents.text(OTHER, hash_of(OTHER)) == OTHER
    with pytest.raises(UnknownDocumentError):
        documents.text(None, hash_of(OTHER))
    with pytest.raises(BadRequestError):
        documents.text(None, None)


def test_a_store_is_what_was_put_in(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(make_store([KNOWN, "query É { a }"]), encoding="utf-8")
    (tmp_path / "b.json").write_text(make_store([OTHER]), encoding="utf-8")
    assert read_store(tmp_path) == {hash_of(one): one for one in (KNOWN, "query É { a }", OTHER)}


@pytest.mark.parametrize("text", ["{", "[]", '{"a": "b"}', f'{{"{NAME}": 1}}', '{"x": null}'])
def test_a_store_that_is_wrong_stops_the_start(
    tmp_path: Path, cluster: Any, host: Any, text: str
) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    addresses = {"CORDEE_DATABASE_URL": cluster.app}
    settings = Settings(
        trusted_documents=str(tmp_path), addresses=addresses, keys=dict(cluster.keys.keys)
    )
    with pytest.raises(ConfigurationError, match=r"a\.json"):
        build(settings, host)


def test_only_without_documents_stops_the_start(cluster: Any, host: Any, tmp_path: Path) -> None:
    addresses = {"CORDEE_DATABASE_URL": cluster.app}
    settings = Settings(trusted_only=True, addresses=addresses, keys=dict(cluster.keys.keys))
    with pytest.raises(ConfigurationError, match="CORDEE_TRUSTED_DOCUMENTS"):
        build(settings, host)
    with pytest.raises(ConfigurationError, match="no folder"):
        read_store(tmp_path / "absent")


def test_the_settings_are_read() -> None:
    found = load_settings({"CORDEE_TRUSTED_DOCUMENTS": "/x", "CORDEE_TRUSTED_ONLY": "true"})
    assert (found.trusted_documents, found.trusted_only) == ("/x", True)


def run(*words: str) -> Any:
    app = Typer()
    register(app)
    return CliRunner().invoke(app, ["schema", "documents", *words])


def test_the_command_makes_a_store_of_documents_that_fit(tmp_path: Path) -> None:
    folder, output = tmp_path / "documents", tmp_path / "store.json"
    (folder / "deep").mkdir(parents=True)
    text = "query Who { viewer { member { id } } }\n"
    (folder / "deep" / "who.graphql").write_text(text, encoding="utf-8")
    done = run(str(folder), "-o", str(output))
    assert done.exit_code == 0, done.output
    assert json.loads(output.read_text(encoding="utf-8")) == {hash_of(text): text}
    (folder / "wrong.graphql").write_text("{ nothing }", encoding="utf-8")
    (folder / "broken.graphql").write_text("{", encoding="utf-8")
    (folder / "large.graphql").write_text("{ " + "a " * 4_000 + "}", encoding="utf-8")
    output.unlink()
    refused = run(str(folder), "-o", str(output))
    assert refused.exit_code == 1
    for name in ("wrong.graphql", "broken.graphql", "large.graphql"):
        assert name in refused.output
    assert not output.exists()
    (tmp_path / "empty").mkdir()
    assert run(str(tmp_path / "empty"), "-o", str(output)).exit_code == 1
