"""The page for browsers and its assets, and what a process says of its health."""

import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
from http_answers import code

from cordee_graphql.schema import CordeeSchema
from cordee_server.http.application import make_application
from cordee_server.http.controller import Gateway
from cordee_server.http.pages import ASSETS, Pages
from cordee_server.readiness import Readiness


async def _get(application: Any, path: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path, headers=headers)


async def test_a_process_that_is_not_ready_only_says_so(schema: CordeeSchema, shelf: Any) -> None:
    problems = ["role postgres: is superuser"]

    async def required() -> Sequence[str]:
        return problems

    async def optional() -> Sequence[str]:
        return ["redis"]

    moment = [0.0]
    readiness = Readiness(required, optional, clock=lambda: moment[0])

    async def nobody(*_: Any) -> None:
        return None

    gateway = Gateway(schema, shelf, nobody, Pages(), 5.0)
    application = make_application(gateway, readiness, max_body=1000)
    unready = await _get(application, "/readyz")
    assert (unready.status_code, unready.json()["problems"]) == (503, problems)
    assert (await _get(application, "/livez")).status_code == 200
    for path in ("/graphql?query={__typename}", "/nowhere"):
        refused = await _get(application, path, **{"Accept-Language": "fr"})
        assert (refused.status_code, code(refused)) == (503, "NOT_READY")
        assert refused.headers["retry-after"] == "1"
    problems.clear()
    moment[0] += 10
    ready = await _get(application, "/readyz")
    assert (ready.status_code, ready.json()["degraded"]) == (200, ["redis"])
    assert (await _get(application, "/graphql?query={__typename}")).status_code == 200


async def test_a_browser_gets_a_page_that_names_no_other_host(
    http: httpx.AsyncClient, tmp_path: Any
) -> None:
    page = await http.get("/graphql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "http" not in page.headers["content-security-policy"]
    assert "//" not in page.text.replace("<!doctype", "")


async def test_without_assets_the_page_is_plain(tmp_path: Any) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "plain.html").write_text("plain")
    pages = Pages(root=tmp_path)
    assert pages.page().content == b"plain"


async def test_with_assets_the_page_is_graphiql_and_all_it_names_is_served(tmp_path: Any) -> None:
    own = files("cordee_server") / "pages"
    (tmp_path / "pages").mkdir()
    for name in ("graphiql.html", "plain.html", "start.js", "start.css"):
        (tmp_path / "pages" / name).write_bytes((own / name).read_bytes())
    (tmp_path / "static" / "graphiql").mkdir(parents=True)
    for name in ASSETS:
        (tmp_path / "static" / "graphiql" / name).write_text(name)
    pages = Pages(root=tmp_path)
    page = pages.page().content.decode()
    named = re.findall(r'(?:src|href)="/graphql/assets/([^"]+)"', page)
    assert set(named) == {*ASSETS, "start.js", "start.css"}
    for name in named:
        assert pages.asset(name).content
    assert "GraphiQL" not in Pages(root=tmp_path, enabled=False).page().content.decode()


def test_the_build_copies_the_assets_that_the_page_needs(root: Path) -> None:
    folder = root / "platform" / "server" / "graphiql"
    copied = re.findall(r'^    "[^"]*/([^"/]+)",$', (folder / "build.py").read_text(), re.MULTILINE)
    assert set(copied) == set(ASSETS)
    assert '"resolved"' not in (folder / "package-lock.json").read_text()


async def test_assets_are_a_closed_list(http: httpx.AsyncClient) -> None:
    for name in ("app.py", "..%2fapp.py", "plain.html", "start.html"):
        assert (await http.get(f"/graphql/assets/{name}")).status_code == 404
