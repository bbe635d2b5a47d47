"""Asks over HTTP and reads the code of a refusal."""

import httpx

GRAPHQL = "application/graphql-response+json"


def code(answer: httpx.Response) -> str:
    errors = answer.json()["errors"]
    assert set(errors[0]) >= {"message", "extensions"}
    assert errors[0]["extensions"]["requestId"] == answer.headers["x-request-id"]
    found: str = errors[0]["extensions"]["code"]
    return found


async def post(client: httpx.AsyncClient, query: str, **headers: str) -> httpx.Response:
    return await client.post("/graphql", json={"query": query}, headers=headers)
