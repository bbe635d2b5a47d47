"""How a refusal is checked: coded, said in both languages, and nothing was written."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

LANGUAGES = ("en", "fr")
WANT = "userErrors { code message path }"
ASSESSED = {"instrument": "housing.ssm", "assessedOn": "2026-01-15"}


@asynccontextmanager
async def nothing_written(rows: Any, *worlds: Any) -> AsyncIterator[None]:
    """Check that no row of the tenants came or went inside the block."""
    before = [await rows(world.tenant) for world in worlds]
    yield
    assert [await rows(world.tenant) for world in worlds] == before


async def refused(
    world: Any, role: str, name: str, given: Mapping[str, Any], code: str, *path: str
) -> dict[str, str]:
    """Check the one user error in both languages; return its messages."""
    messages = {}
    for language in LANGUAGES:
        token = world.tokens[role]
        answer = await world.client.change(token, name, given, language=language)
        assert "errors" not in answer, answer
        (error,) = answer["data"][name]["userErrors"]
        assert (error["code"], error["path"]) == (code, list(path)), error
        messages[language] = error["message"]
    readable(messages)
    return messages


def readable(messages: Mapping[str, str]) -> None:
    """Check that both languages say it, in words of their own, with nothing left out."""
    assert messages["en"] != messages["fr"]
    assert all(text and "…" not in text and "{" not in text for text in messages.values())


def case_of(world: Any) -> dict[str, str]:
    return {"caseId": world.ids["case"]}
