"""Throw-away distributions: a plugin in a temporary folder on the path, as if it were installed."""

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import dedent

import pytest

pytest.register_assert_rewrite("hostile_plugins")
sys.path.insert(0, str(Path(__file__).parent))

MakePlugin = Callable[..., str]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder that no other test knows."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("CORDEE_CACHE", str(folder))
    return folder


@pytest.fixture
def make_plugin(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakePlugin]:
    """Install a plugin from texts and return its name; it is gone after the test."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    packages: list[str] = []

    def make(
        name: str,
        code: str | None = None,
        *,
        hooks: Sequence[str] = (),
        manifest: str | None = None,
        files: Mapping[str, str] | None = None,
        entry: str | None = None,
        distribution: str | None = None,
        version: str = "1.0",
        entries: str = "",
    ) -> str:
        package = f"cordee_{name}"
        packages.append(package)
        folder = site / package
        folder.mkdir(exist_ok=True)
        listing = ", ".join(f'"{hook}"' for hook in hooks)
        text = (
            manifest
            if manifest is not None
            else f'[plugin]\nname = "{name}"\napi = 1\nhooks = [{listing}]\n'
        )
        sources = {"__init__.py": f'"""The plugin {name}."""\n', "plugin.toml": text}
        if code is not None:
            sources["plugin.py"] = dedent(code)
        for path, source in {**sources, **(files or {})}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(source, encoding="utf-8")
        dist = distribution or f"cordee-{name}".replace("_", "-")
        info = site / f"{dist.replace('-', '_')}-{version}.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {dist}\nVersion: {version}\n", encoding="utf-8"
        )
        (info / "entry_points.txt").write_text(
            f"[cordee.plugins]\n{name} = {entry or package}\n{entries}", encoding="utf-8"
        )
        importlib.invalidate_caches()
        return name

    yield make
    for module in list(sys.modules):
        if module.partition(".")[0] in packages:
            del sys.modules[module]


@pytest.fixture
def good(make_plugin: MakePlugin) -> str:
    """A plugin of data files that behaves, next to the bad one."""
    return make_plugin("good")
