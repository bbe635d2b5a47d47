"""The documentation is true: answers, tables, links, and the plugin that its guide writes."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import graphql
import pytest

pytestmark = pytest.mark.timeout(200)
FILES = re.compile(r"```\w+\n# (\S+\.\w+)\n(.*?)```", re.DOTALL)
COMMANDS = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def _load(file: Path) -> Any:
    spec = spec_from_file_location(f"cordee_docs_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    found = module_from_spec(spec)
    sys.modules[spec.name] = found
    spec.loader.exec_module(found)
    return found


def test_the_examples_give_the_answers_that_the_guides_show(
    root: Path, stack: dict[str, Any], tmp_path: Path
) -> None:
    ready = tmp_path / "ready.json"
    ready.write_text(json.dumps(stack), encoding="utf-8")
    script = root / "docs" / "examples" / "run.py"
    done = subprocess.run(
        [sys.executable, str(script), str(ready)], capture_output=True, text=True, timeout=100
    )
    count = len(list(script.parent.glob("*.graphql")))
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{count} examples run, 0 differ" in done.stdout


@pytest.mark.parametrize(
    "guide",
    ["cases.md", "front-end.md", "operator.md", "persons.md", "plugin-author.md", "tenant.md"],
)
def test_the_tables_of_the_guides_are_what_the_code_says(root: Path, guide: str) -> None:
    tables = _load(root / "docs" / "site" / "tables.py")
    text = (root / "docs" / "guides" / guide).read_text(encoding="utf-8")
    assert "<!-- table " in text
    assert tables.current(text) == text, "run ./dev docs"


class _Links(HTMLParser):
    """Collects anchors, links and what a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.add(str(found["id"]))
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        elif tag in {"link", "script", "img"} and (found.get("href") or found.get("src")):
            self.loads.append(str(found.get("href") or found.get("src")))


@pytest.fixture(scope="module")
def site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, _Links]:
    """The pages of the site, built and parsed."""
    target = tmp_path_factory.mktemp("site") / "docs"
    build = _load(root / "docs" / "site" / "build.py")
    count = build.build(target)
    found = {}
    for file in target.rglob("*.html"):
        found[file] = _Links()
        found[file].feed(file.read_text(encoding="utf-8"))
    assert len(found) == count
    return found


def test_no_link_of_the_site_leads_nowhere(site: dict[Path, _Links]) -> None:
    broken = []
    for file, page in site.items():
        for link in page.links:
            path, _, anchor = link.partition("#")
            if re.match(r"\w+:", link):
                continue
            there = (file.parent / path).resolve() if path else file
            lost = anchor and there in site and anchor not in site[there].ids
            if not there.exists() or lost:
                broken.append(f"{file.name}: {link}")
    assert broken == []


def test_the_site_loads_nothing_from_elsewhere(site: dict[Path, _Links]) -> None:
    for file, page in site.items():
        for one in page.loads:
            assert "//" not in one
            assert (file.parent / one).is_file()


def test_every_type_and_field_of_the_schema_has_its_place(
    site: dict[Path, _Links], root: Path
) -> None:
    text = (root / "graphql/cordee_graphql/schema.graphql").read_text(encoding="utf-8")
    there = set().union(*(page.ids for page in site.values()))
    for name, one in graphql.build_schema(text).type_map.items():
        if name.startswith("__") or graphql.is_specified_scalar_type(one):
            continue
        assert name in there
        if graphql.is_object_type(one) or graphql.is_interface_type(one):
            assert {f"{name}.{field}" for field in one.fields} <= there


def test_links_in_the_repository_lead_to_files(root: Path) -> None:
    pages = [root / "README.md", *root.glob("graphql/*.md"), *root.glob("platform/*/*.md")]
    pages += [one for one in root.glob("docs/**/*.md") if "node_modules" not in one.parts]
    broken = []
    for page in pages:
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"`[^`\n]*`", "", text)
        for target in re.findall(r"\]\(([^)#\s]+)", text):
            if not re.match(r"\w+:", target) and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(root)}: {target}")
    assert broken == []


@pytest.fixture
def plugin(root: Path, tmp_path: Path) -> Path:
    """The plugin of the guide, as an installer would leave it."""
    guide = (root / "docs" / "guides" / "plugin-author.md").read_text(encoding="utf-8")
    for name, content in FILES.findall(guide):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    notes = tmp_path / "cordee_food-0.1.0.dist-info"
    notes.mkdir()
    (notes / "METADATA").write_text("Metadata-Version: 2.1\nName: cordee-food\nVersion: 0.1.0\n")
    (notes / "entry_points.txt").write_text("[cordee.plugins]\nfood = cordee_food\n")
    return tmp_path


def test_the_guide_for_plugin_authors_makes_a_plugin_that_passes(root: Path, plugin: Path) -> None:
    guide = (root / "docs" / "guides" / "plugin-author.md").read_text(encoding="utf-8")
    block = next(one for one in COMMANDS.findall(guide) if "plugin check" in one)
    commands = [one for one in block.splitlines() if "cordee " in one or one == "pytest"]
    assert len(commands) == 5
    commands[-1] = "pytest --cordee-plugin food -p no:cacheprovider"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    script = "\n".join(["set -e", *commands])
    done = subprocess.run(
        ["bash", "-c", script], cwd=plugin, capture_output=True, text=True, timeout=100,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(plugin)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "instruments 1, rules 1; hooks: none" in done.stdout
    assert "FAILED" not in done.stdout
    for shown in ('"score":3,"level":"insecure"', '"outcome":"unknown"', '"ask":["monthly_left"]'):
        assert shown in done.stdout
        assert shown in guide
    assert re.search(r"\d+ passed", done.stdout)
