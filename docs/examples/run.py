"""Runs the examples against a server and compares the answers with those the guides show.

    ./dev up --ready-file ready.json
    python3 docs/examples/run.py ready.json [--write]

The ready file names the address and the tokens of a demonstration that nobody changed yet.
``--write`` puts documents and real answers into the guides instead. Comments at the head of an
example say how it is sent: ``role``, ``language``, ``variables`` (``$NAME.path`` stands for a value
of an earlier answer), ``idempotency-key``, ``sent``, ``events`` (how many answers of a subscription
are read).
"""

import json
import re
import sys
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
WIDTH = 100
GUIDES = HERE.parent / "guides"
BLOCK = re.compile(r"<!-- example (\w+) -->\n(.*?)<!-- end -->", re.DOTALL)
MASKS = (
    (re.compile(r'"[A-Za-z0-9+/_-]{20,}={0,2}"'), '"…"'),
    (re.compile(r'"requestId": "[^"]*"'), '"requestId": "…"'),
    (re.compile(r"\d{4}-\d{6}"), "…"),
)


@dataclass(frozen=True)
class Example:
    """A document and how it is sent."""

    name: str
    document: str
    head: dict[str, str]

    def shown(self, answer: object) -> str:
        """Return what stands between the marks in a guide."""
        headers = [f"Accept-Language: {self.head.get('language', 'en')}"]
        headers += ["Idempotency-Key: …"] if "idempotency-key" in self.head else []
        headers += ["Accept: text/event-stream"] if "events" in self.head else []
        parts = [f"*{self.head['role']}* · `{' · '.join(headers)}`\n"]
        parts.append(f"```graphql\n{self.document}```")
        if "variables" in self.head:
            shown = re.sub(r'[$][^"]*', "…", self.head["variables"])
            parts.append(f"Variables: `{shown}`\n")
        text = laid_out(answer)
        return "\n".join([*parts, f"```json\n{text}\n```\n"])


def laid_out(value: object, indent: int = 0) -> str:
    """Return `value` as JSON, in one line what is short."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + indent <= WIDTH or not value or not isinstance(value, dict | list):
        return line
    inner = indent + 2
    if isinstance(value, dict):
        parts = [
            f"{json.dumps(name, ensure_ascii=False)}: {laid_out(each, inner)}"
            for name, each in value.items()
        ]
    else:
        parts = [laid_out(each, inner) for each in value]
    opened, closed = "{}" if isinstance(value, dict) else "[]"
    space = " " * inner
    return f"{opened}\n{space}" + f",\n{space}".join(parts) + f"\n{' ' * indent}{closed}"


def examples() -> list[Example]:
    """Return the examples in the order in which they are run."""
    found = []
    for file in sorted(HERE.glob("*.graphql")):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        comments = [line[2:].strip() for line in lines if line.startswith("# ")]
        head = dict(line.split(": ", 1) for line in comments[1:])
        document = "".join(line for line in lines if not line.startswith("# "))
        found.append(Example(file.stem, document, head))
    return found


def run(ready: dict[str, object]) -> dict[str, object]:
    """Return the answer to each example, by its name."""
    tenants = ready["tenants"]
    assert isinstance(tenants, list)
    answers: dict[str, object] = {}
    for one in examples():
        body: dict[str, object] = {"query": one.document}
        if "variables" in one.head:
            body["variables"] = filled(json.loads(one.head["variables"]), answers)
        headers = {
            "Content-Type": "application/json",
            "Accept-Language": one.head.get("language", "en"),
            "Authorization": f"Bearer {tenants[0]['tokens'][one.head['role']]}",
        }
        if "idempotency-key" in one.head:
            headers["Idempotency-Key"] = str(uuid.uuid4())
        if "events" in one.head:
            count = int(one.head["events"])
            answers[one.name] = follow(str(ready["graphql"]), headers, body, count)
            continue
        answers[one.name] = ask(str(ready["graphql"]), headers, body)
        if one.head.get("sent") == "twice":
            again = ask(str(ready["graphql"]), headers, body)
            assert again == answers[one.name], f"{one.name}: the second answer differs"
    return answers


def ask(address: str, headers: dict[str, str], body: dict[str, object]) -> dict[str, object]:
    """Return the answer without its extensions."""
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)  # noqa: S310 - ours
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - ours
            answer: dict[str, object] = json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
    answer.pop("extensions", None)
    return answer


def follow(
    address: str, headers: dict[str, str], body: dict[str, object], count: int
) -> list[object]:
    """Return the first `count` answers of a subscription, read as server-sent events."""
    headers = {**headers, "Accept": "text/event-stream"}
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)  # noqa: S310 - ours
    found: list[object] = []
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - ours
        for line in response:
            if line.startswith(b"data: {"):
                found.append(json.loads(line[6:]))
            if len(found) == count:
                break
    return found


def filled(value: object, answers: dict[str, object]) -> object:
    """Return `value` with each ``$NAME.path`` replaced by what stands there in an answer."""
    if isinstance(value, dict):
        return {key: filled(each, answers) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, answers) for each in value]
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    name, *path = value[1:].split(".")
    found: object = answers[name]["data"]  # type: ignore[index]
    for step in path:
        found = found[int(step) if step.isdigit() else step]  # type: ignore[index]
    return found


def masked(text: str) -> str:
    """Return `text` without what differs from run to run."""
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    return text


def main(ready_file: str, write: bool) -> int:
    """Run the examples and return the exit status."""
    answers = run(json.loads(Path(ready_file).read_text(encoding="utf-8")))
    fresh = {one.name: one.shown(answers[one.name]) for one in examples()}
    guides = {file: file.read_text(encoding="utf-8") for file in sorted(GUIDES.glob("*.md"))}
    shown = {name: text for guide in guides.values() for name, text in BLOCK.findall(guide)}
    if write:

        def put(found: re.Match[str]) -> str:
            return f"<!-- example {found[1]} -->\n{fresh[found[1]]}<!-- end -->"

        for file, guide in guides.items():
            file.write_text(BLOCK.sub(put, guide), encoding="utf-8")
        return 0
    wrong = [name for name in fresh if masked(fresh[name]) != masked(shown.get(name, ""))]
    for name in wrong:
        sys.stdout.write(
            f"{name}: the guide shows\n{shown.get(name)}\nthe server says\n{fresh[name]}\n"
        )
    sys.stdout.write(f"{len(fresh)} examples run, {len(wrong)} differ\n")
    return 1 if wrong or set(shown) - set(fresh) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--write" in sys.argv))
