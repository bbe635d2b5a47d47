"""Conformance checks on the manifest and the code; most need no loaded plugin."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

from cordee_core.hookspecs import HOOKS, REGISTRATION
from cordee_core.plugins.host import GROUP, PluginHost
from cordee_core.plugins.manifest import package_folder, read_manifest
from cordee_core.testing.registry import OWN, check, loaded, require

Method = ast.FunctionDef | ast.AsyncFunctionDef
HEAVY = ("strawberry", "graphql", "piccolo", "litestar", "dramatiq")

_SIDE_EFFECTS = """
import json, sys, threading
sys.path[:] = json.loads(sys.argv[1])
sys.dont_write_bytecode = True
WATCHED = {"socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system",
           "os.fork", "os.posix_spawn", "os.remove", "os.rename", "os.mkdir"}
found = []
def watch(event, arguments):
    if event in WATCHED:
        found.append(event)
    elif event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        found.append(f"opens {arguments[0]} for writing")
import importlib
import cordee_core.plugins.host
threads = threading.active_count()
sys.addaudithook(watch)
importlib.import_module(sys.argv[2])
found = list(found)
if threading.active_count() > threads:
    found.append("starts a thread")
print(json.dumps(found))
"""

_HEAVY_IMPORTS = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from importlib.metadata import EntryPoint
from cordee_core.plugins.host import GROUP, PluginHost
PluginHost(isolated=False).load(EntryPoint(sys.argv[3], sys.argv[2], GROUP))
print(json.dumps([name for name in sys.argv[4].split() if name in sys.modules]))
"""


@check()
def manifest_is_valid(plugin: str, host: PluginHost) -> None:
    """plugin.toml is complete and readable without importing the plugin; each exemption in it
    names a rule that allows one.
    """
    manifest = read_manifest(plugin, package_of(plugin))
    allowed = [one.name for one in OWN if one.may_be_exempt]
    for rule in manifest.exempt:
        require(rule in allowed, f"no exemption from {rule!r}; there is one from {allowed}")


@check()
def loads(plugin: str, host: PluginHost) -> None:
    """The plugin loads, and implements the hooks that it declares and no other."""
    if plugin in host.failures:
        raise host.failures[plugin]


@check()
def hooks_are_decorated(plugin: str, host: PluginHost) -> None:
    """Each method named cordee_* has the decorator @hookimpl: without it, it is never called."""
    for name, function in hook_methods(plugin):
        names = {ast.unparse(one).rpartition(".")[2] for one in function.decorator_list}
        require("hookimpl" in names, f"{name} has no @hookimpl")


@check()
def hook_arguments_have_no_defaults(plugin: str, host: PluginHost) -> None:
    """No argument of a hook has a default: such an argument is silently never passed."""
    for name, function in hook_methods(plugin):
        given = [*function.args.defaults, *filter(None, function.args.kw_defaults)]
        require(not given, f"{name} has {len(given)} argument(s) with a default")


@check()
def hooks_have_their_colour(plugin: str, host: PluginHost) -> None:
    """Registration hooks are plain functions, decision and event hooks are asynchronous."""
    for name, function in hook_methods(plugin):
        if name in HOOKS:
            asynchronous = isinstance(function, ast.AsyncFunctionDef)
            word = "a plain 'def'" if name in REGISTRATION else "an 'async def'"
            require(asynchronous == (name not in REGISTRATION), f"{name} must be {word}")


@check()
def import_has_no_side_effects(plugin: str, host: PluginHost) -> None:
    """Importing the plugin opens no socket, starts no thread or process, and writes no file."""
    found = _in_child(_SIDE_EFFECTS, module_of(plugin))
    require(not found, f"while being imported it does: {', '.join(map(str, found))}")


@check()
def loading_imports_nothing_heavy(plugin: str, host: PluginHost) -> None:
    """Loading the plugin imports neither Strawberry nor an ORM; import those inside the hooks
    that need them, so that commands and workers don't pay for them.
    """
    loaded(plugin, host)
    found = _in_child(_HEAVY_IMPORTS, package_of(plugin), plugin, " ".join(HEAVY))
    require(not found, f"loading it imports {', '.join(map(str, found))}")


@check()
def imports_only_the_public_core(plugin: str, host: PluginHost) -> None:
    """A plugin imports cordee_core and itself: no deeper module, no other plugin; api.py may
    import strawberry and cordee_graphql.extension too.
    """
    package = package_of(plugin)
    for path, tree in _sources(plugin):
        for name in _imported(tree):
            top = name.partition(".")[0]
            allowed = top == package or name == "cordee_core"
            if path.name == "api.py":
                allowed = allowed or top == "strawberry" or name == "cordee_graphql.extension"
            ours = top.startswith("cordee_") or top == "strawberry"
            require(allowed or not ours, f"{path.name} imports {name}")


def hook_methods(plugin: str) -> Iterator[tuple[str, Method]]:
    """Yield every method called ``cordee_*`` in the plugin's code, read but not run."""
    for _, tree in _sources(plugin):
        for node in ast.walk(tree):
            for inner in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(inner, Method) and inner.name.startswith("cordee_"):
                    yield inner.name, inner


def package_of(plugin: str) -> str:
    """Return the package that the plugin's entry point names."""
    points = list(entry_points(group=GROUP, name=plugin))
    require(len(points) == 1, f"{len(points)} distributions bring a plugin {plugin!r}")
    return points[0].value


def module_of(plugin: str) -> str:
    """Return the module that the host imports: the package alone where there are no hooks."""
    package = package_of(plugin)
    has_code = (package_folder(plugin, package) / "plugin.py").is_file()
    return f"{package}.plugin" if has_code else package


def _sources(plugin: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(package_folder(plugin, package_of(plugin)).rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _in_child(program: str, *arguments: str) -> list[object]:
    command = [sys.executable, "-P", "-c", program, json.dumps(sys.path), *arguments]
    try:
        run = subprocess.run(  # noqa: S603 (our own interpreter and program)
            command, capture_output=True, text=True, timeout=20, check=False
        )
    except subprocess.TimeoutExpired:
        return ["it does not come to an end"]
    if run.returncode:
        return [run.stderr.strip().rpartition("\n")[2] or f"exit status {run.returncode}"]
    last = run.stdout.strip().rpartition("\n")[2]
    found: list[object] = json.loads(last)
    return found
