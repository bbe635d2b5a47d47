"""Prove, sentence by sentence, that a test stands behind the domain's contract.

Each ``[[sentence]]`` of ``tests/domain/*.toml`` names a test and the one line of code that it
guards. Run: the tree is copied, every named test passes there; then each change is made alone and
its test has to fail. ``--write`` puts the list into ``docs/domain-coverage.md``.

    python tests/bench/domain.py [tests/domain/person.toml …] [--only TEXT] [--write]
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LISTS = ROOT / "tests" / "domain"
PAGE = ROOT / "docs" / "domain-coverage.md"
SECONDS = 600
_FAILED = 1
_HEAD = """# Domain coverage

What `domain.md` says in its sections 1 to 4, claim by claim, with the test that would fail without
it and the one-line change that made it fail. Written from `tests/domain/*.toml`; proved by
`python tests/bench/domain.py`, which makes each change alone in a copy of the tree.
"""


@dataclass(frozen=True)
class Sentence:
    """One claim: its test and the change that the test must notice, or what is missing."""

    part: str
    section: str
    text: str
    test: str = ""
    file: str = ""
    find: str = ""
    replace: str = ""
    missing: str = ""

    def problems(self, root: Path) -> list[str]:
        """Return what is wrong with the entry itself, before anything is run."""
        if self.missing:
            return []
        place, _, name = self.test.partition("::")
        found = []
        if not (root / place).is_file():
            found.append(f"there is no {place}")
        elif name and name.partition("[")[0] not in (root / place).read_text(encoding="utf-8"):
            found.append(f"{place} has no {name}")
        guarded = root / self.file
        times = guarded.read_text(encoding="utf-8").count(self.find) if guarded.is_file() else 0
        if not self.find or times != 1:
            found.append(f"{self.file} holds {self.find!r} {times} times, not once")
        if self.find == self.replace:
            found.append("the change changes nothing")
        return [f"{self.part}: {self.text[:60]!r}: {one}" for one in found]


def read(files: Iterable[Path]) -> list[Sentence]:
    """Return the sentences of those lists, in their order."""
    found: list[Sentence] = []
    for file in files:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        found += [Sentence(part=file.stem, **one) for one in raw.get("sentence", [])]
    return found


def page(sentences: Sequence[Sentence]) -> str:
    """Return the text of the page."""
    lines = [_HEAD]
    for section in sorted({one.section for one in sentences}):
        lines += [f"## Section {section}", "", "| claim | test | change that it notices |"]
        lines += ["|---|---|---|"]
        lines += [_row(one) for one in sentences if one.section == section]
        lines.append("")
    return "\n".join(lines)


def _row(one: Sentence) -> str:
    if one.missing:
        return f"| {_cell(one.text)} | **none yet** | {_cell(one.missing)} |"
    name = one.test.rpartition("/")[2]
    guarded = one.file.rpartition("/")[2]
    change = f"{guarded}: `{_code(one.find)}` → `{_code(one.replace)}`"
    return f"| {_cell(one.text)} | `{name}` | {change} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _code(text: str) -> str:
    return _cell(text).replace("`", "'") or "(nothing)"


def copied(to: Path) -> Path:
    """Return a copy of the tree: what git knows of and what is new."""
    listing = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    for name in filter(None, listing.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    return to


def environment(tree: Path) -> Mapping[str, str]:
    """Return the environment in which Python imports the packages of `tree`."""
    members = [*tree.glob("platform/*"), tree / "graphql", *tree.glob("plugins/*")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, members))}


def run(tree: Path, tests: Sequence[str]) -> tuple[int, str]:
    """Run those tests in `tree`; return pytest's exit code and the end of what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", *tests],
        cwd=tree, env=dict(environment(tree)), capture_output=True, text=True, timeout=SECONDS,
    )  # fmt: skip
    return done.returncode, done.stdout[-1500:]


def prove(tree: Path, sentences: Sequence[Sentence]) -> list[str]:
    """Make each change alone; return those that their test did not notice."""
    survivors: list[str] = []
    for one in sentences:
        guarded = tree / one.file
        before = guarded.read_text(encoding="utf-8")
        guarded.write_text(before.replace(one.find, one.replace), encoding="utf-8")
        code, output = run(tree, [one.test])
        guarded.write_text(before, encoding="utf-8")
        noticed = code == _FAILED
        sys.stdout.write(f"{'noticed ' if noticed else 'MISSED  '} {one.part}: {one.text[:90]}\n")
        sys.stdout.flush()
        if not noticed:
            survivors.append(f"{one.test} (pytest ended with {code})\n{output[-400:]}")
    return survivors


def main() -> int:
    """Check the lists, write the page or prove the sentences; return the exit code."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("lists", nargs="*", type=Path)
    asked.add_argument("--only", default="", help="sentences or tests that hold this text")
    asked.add_argument("--write", action="store_true", help="write the page and stop")
    given = asked.parse_args()
    everything = read(sorted(LISTS.glob("*.toml")))
    if given.write:
        PAGE.write_text(page(everything), encoding="utf-8")
        return 0
    sentences = read(given.lists) if given.lists else everything
    sentences = [one for one in sentences if given.only in one.text + one.test and not one.missing]
    wrong = [problem for one in sentences for problem in one.problems(ROOT)]
    if wrong or not sentences:
        sys.stdout.write("\n".join(wrong or ["nothing to prove"]) + "\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="cordee-domain-") as folder:
        tree = copied(Path(folder))
        tree.chmod(0o755)
        code, output = run(tree, sorted({one.test for one in sentences}))
        if code:
            sys.stdout.write(f"the tests do not pass as things are:\n{output}\n")
            return 2
        survivors = prove(tree, sentences)
    sys.stdout.write(f"{len(sentences) - len(survivors)} of {len(sentences)} changes noticed\n")
    sys.stdout.write("".join(f"\n{one}\n" for one in survivors))
    return 1 if survivors else 0


if __name__ == "__main__":
    raise SystemExit(main())
