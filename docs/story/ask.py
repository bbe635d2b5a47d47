"""Sends one GraphQL document, or reads a value of the last answer: see ``tools.sh``."""

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path


def ask(token: str, document: str) -> None:
    """Send `document`, print the answer and keep it for `got`."""
    headers = {"Content-Type": "application/json", "Accept-Language": "en"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps({"query": document}).encode()
    request = urllib.request.Request(os.environ["GRAPHQL"], body, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
    answer.pop("extensions", None)
    Path(os.environ["LAST_ANSWER"]).write_text(json.dumps(answer), encoding="utf-8")
    sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")


def got(path: str) -> None:
    """Print the value at `path` below ``data``; numbers are places in a list."""
    value = json.loads(Path(os.environ["LAST_ANSWER"]).read_text(encoding="utf-8"))["data"]
    for step in path.split("."):
        value = value[int(step)] if step.isdigit() else value[step]
    sys.stdout.write(f"{value}\n")


if __name__ == "__main__":
    {"ask": ask, "got": got}[sys.argv[1]](*sys.argv[2:])
