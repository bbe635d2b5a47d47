"""Sends the requests in ``tests/api/story`` and keeps every id that comes back."""

import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from cordee_core.errors import NotFoundError
from cordee_graphql.ids import decode

STORY = Path(__file__).parents[1] / "story"
_ID = re.compile(r'"([A-Za-z0-9+/]{40,160}={0,2})"')


@dataclass
class Story:
    """Sends the story's requests; keeps every id that comes back."""

    http: httpx.AsyncClient
    ids: set[str] = field(default_factory=set)

    async def send(self, document: str, token: str | None, **variables: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = {"query": document, "variables": variables}
        answer = await self.http.post("/graphql", json=body, headers=headers)
        return answer.json()

    async def ask(self, name: str, token: str | None, /, **variables: Any) -> dict[str, Any]:
        """Send one of the files; return its data."""
        document = (STORY / f"{name}.graphql").read_text(encoding="utf-8")
        answer = await self.send(document, token, **variables)
        assert "errors" not in answer, answer
        self.ids.update(ids_in(str(answer).replace("'", '"')))
        return answer["data"]

    async def do(self, name: str, token: str | None, /, **variables: Any) -> dict[str, Any]:
        """Send a file with a mutation that must be done; return its payload."""
        (payload,) = (await self.ask(name, token, **variables)).values()
        assert payload["userErrors"] == []
        return payload

    async def refused(self, name: str, token: str, /, **variables: Any) -> dict[str, Any]:
        """Send a file with a mutation that something stands against; return the user error."""
        (payload,) = (await self.ask(name, token, **variables)).values()
        (error,) = payload["userErrors"]
        return error

    async def member(self, admin: str, role: str) -> dict[str, Any]:
        """Invite somebody, who accepts."""
        who = {"email": f"{role.lower()}@toit.example", "name": role.title(), "role": role}
        code = (await self.do("02_invite", admin, **who))["code"]
        joined = await self.do("03_accept", None, code=code)
        assert joined["member"]["roles"] == [role]
        again = await self.refused("03_accept", "", code=code)
        assert again["code"] == "INVITATION_INVALID"
        return joined


def ids_in(text: str) -> set[str]:
    found = set()
    for each in _ID.findall(text):
        try:
            decode(each)
        except NotFoundError:  # a token, or another text that looks like an id
            continue
        found.add(each)
    return found


def slug() -> str:
    return f"toit-{secrets.token_hex(6)}"
