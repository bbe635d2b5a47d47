"""The TypeScript client: types from the SDL alone, then the README's story on a running stack."""

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.timeout(300)

STORY = [
    "refused: [\"PROGRAMME_INCOMPLETE\"]",
    "programme: Support towards a home ACTIVE 1",
    "objections: [\"ASSESSMENT 3\",\"REFUSED 1\"]",
    "selection: eligible",
    "referent: Inès Garnier",
    "stage: ASSESSMENT",
    "to ask: [\"days_until_homeless\",\"eligible_person\"]",
    "eligibility: prevention_duty because Housing Act 1996, s.175",
    "referral: [\"DRAFT\",\"SENT\",\"RECEIVED\",\"ACCEPTED\"]",
    "timeline 13: Housing request sent: check the answer within 15 days. [housing]",
    "stranger: {\"node\":null,\"nodes\":[null,null,null],\"cases\":0,\"code\":\"NOT_FOUND\"}",
]  # fmt: skip
CASELOAD = [["Écume", "Dune"], ["Cascade", "Brume"], ["Étoile"]]


@pytest.fixture(scope="module")
def client(tools: Any, root: Path) -> Path:
    """The folder of the client, its types made from the SDL."""
    folder = root / "docs" / "client-typescript"
    done = tools.npm(folder, "run", "codegen")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_client_type_checks(client: Path, tools: Any) -> None:
    done = tools.npm(client, "run", "typecheck")
    assert done.returncode == 0, done.stdout


def test_a_field_that_the_schema_lacks_is_an_error_before_anything_runs(
    client: Path, tools: Any
) -> None:
    planted = client / "src" / "generated" / "planted.ts"
    planted.write_text(
        'import type { CaseloadPage } from "../caseload.js";\n'
        "export const wrong = (page: CaseloadPage) => page.nodes[0]?.surname;\n",
        encoding="utf-8",
    )
    try:
        done = tools.npm(client, "run", "typecheck")
    finally:
        planted.unlink()
    assert done.returncode != 0
    assert "'surname' does not exist" in done.stdout


def test_the_story_runs_and_the_caseload_is_paged(
    client: Path, tools: Any, stack: dict[str, Any]
) -> None:
    done = tools.npm(client, "run", "--silent", "story", "--", stack["graphql"])
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert [one for one in STORY if one not in lines] == []
    pages = [one for one in lines if one.startswith("caseload of 5: ")]
    names = [[row.split()[1] for row in one.partition(": ")[2].split(", ")] for one in pages]
    assert names == CASELOAD
