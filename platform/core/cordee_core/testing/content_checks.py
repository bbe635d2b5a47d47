"""Conformance checks on what the plugin brings: codes, worked cases, texts, deliveries."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, cast

from cordee_core.languages import LANGUAGES
from cordee_core.plugins.content import PARSERS, read_content
from cordee_core.plugins.host import PluginHost
from cordee_core.plugins.registration import KIND_OF_HOOK, call_registration
from cordee_core.testing.registry import check, loaded, require

if TYPE_CHECKING:
    from cordee_core.rules.definition import Rule

LEAST_CASES = 3
"""Worked cases of an instrument: a low one, a high one, one between or with answers missing."""


@check()
def codes_carry_the_plugin_name(plugin: str, host: PluginHost) -> None:
    """Every code starts with the plugin's name and a dot, so that two plugins never collide."""
    loaded(plugin, host)
    codes = [code for kind in PARSERS for code in host.content[plugin].kind(kind)]
    codes += [code for code in host.permissions if code.startswith(f"{plugin}.")]
    for code in codes:
        require(code.startswith(f"{plugin}."), f"{code!r} must start with '{plugin}.'")


@check()
def registration_is_repeatable(plugin: str, host: PluginHost) -> None:
    """Files and registration hooks give the same definitions each time they are asked."""
    loaded(plugin, host)
    for hook in (*KIND_OF_HOOK, "cordee_settings", "cordee_permissions"):
        first, second = _items(plugin, host, hook), _items(plugin, host, hook)
        require(first == second, f"{hook} gives something else the second time")
    content = read_content(host.manifests[plugin], host.folder(plugin))
    for kind in PARSERS:
        for code, item in content.kind(kind).items():
            before = host.content[plugin].kind(kind)[code]
            # Rules are compared by identity; equal parts have equal representations.
            require(item == before or repr(item) == repr(before), f"{code} was read differently")


@check()
def instruments_have_scored_cases(plugin: str, host: PluginHost) -> None:
    """Each instrument has at least three worked cases, and scoring reproduces every one."""
    loaded(plugin, host)
    from cordee_core.instruments.score import failing_references

    for code, instrument in host.content[plugin].instruments.items():
        number = len(instrument.references)
        require(number >= LEAST_CASES, f"{code} has {number} cases, {LEAST_CASES} are needed")
        for _ in range(2):
            failing = failing_references(instrument)
            require(not failing, "; ".join(failing))


@check()
def rules_have_worked_cases(plugin: str, host: PluginHost) -> None:
    """Each rule has worked cases, and evaluating it reproduces every one, twice."""
    loaded(plugin, host)
    for code, rule in host.content[plugin].rules.items():
        require(rule.cases, f"{code} has no cases")
        first, second = list(failing_cases(rule)), list(failing_cases(rule))
        require(not first, "; ".join(first))
        require(not second, f"the second time: {'; '.join(second)}")


@check()
def references_resolve(plugin: str, host: PluginHost) -> None:
    """Where a service, programme, model or method names a code of this plugin, it is there."""
    loaded(plugin, host)
    content = host.content[plugin]
    known = {code for kind in PARSERS for code in content.kind(kind)}
    known |= {f"{plugin}.{fact}" for rule in content.rules.values() for fact in rule.facts}
    code = re.compile(rf"{plugin}\.[a-z0-9_]+")
    for kind in ("services", "programmes", "models", "methods"):
        for owner, item in content.kind(kind).items():
            for where, value in strings(item, owner):
                unknown = code.fullmatch(value) and value not in known
                require(not unknown, f"{where}: the plugin has no {value!r}")


def strings(value: object, where: str) -> Iterator[tuple[str, str]]:
    """Yield every string inside `value`, with its place."""
    if isinstance(value, str):
        yield where, value
    for step, inner in _parts(value):
        yield from strings(inner, f"{where}{step}")


@check(may_be_exempt=True)
def translations(plugin: str, host: PluginHost) -> None:
    """Every text that a person reads is there in English and in French."""
    loaded(plugin, host)
    manifest = host.manifests[plugin]
    if "translations" in manifest.exempt:
        return
    for kind in PARSERS:
        for code, item in host.content[plugin].kind(kind).items():
            for where, text in texts(item, code):
                missing = [one for one in LANGUAGES if not str(text.get(one) or "").strip()]
                require(not missing, f"{where}: missing in {', '.join(missing)}")


def failing_cases(rule: "Rule") -> Iterator[str]:
    """Yield one line for each key of a worked case that does not come out as written."""
    from cordee_core.rules.evaluate import evaluate

    for index, case in enumerate(rule.cases):
        result = evaluate(rule, case.facts, case.on).as_mapping()
        for key, expected in case.expect.items():
            found = result.get(key)
            if not _same(found, expected):
                yield f"{rule.code}: cases[{index}]: {key} is {found!r}, not {expected!r}"


def _same(found: object, expected: object) -> bool:
    """Tell whether they are the same; numbers as numbers, also where written as a text."""
    if isinstance(found, (list, tuple)) and isinstance(expected, (list, tuple)):
        pairs = zip(cast("list[object]", found), cast("list[object]", expected), strict=False)
        return len(found) == len(expected) and all(_same(one, other) for one, other in pairs)
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    if isinstance(found, (int, Decimal)) and isinstance(expected, (int, float, str)):
        try:
            return Decimal(found) == Decimal(str(expected))
        except InvalidOperation:
            return False
    return found == expected


def texts(value: object, where: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield every text by language inside `value`, with its place."""
    if isinstance(value, Mapping) and any(language in value for language in LANGUAGES):
        yield where, cast("Mapping[str, object]", value)
        return
    for step, inner in _parts(value):
        yield from texts(inner, f"{where}{step}")


def _parts(value: object) -> Iterator[tuple[str, object]]:
    """Yield what `value` is made of, each with the step that leads to it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for one in dataclasses.fields(value):
            yield f".{one.name}", getattr(value, one.name)
    elif isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, object]", value).items():
            yield f".{key}", inner
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(cast("tuple[object, ...]", value)):
            yield f"[{index}]", inner


def _items(plugin: str, host: PluginHost, hook: str) -> tuple[Any, ...]:
    for one in host.implementations(hook):
        if one.name == plugin:
            return call_registration(plugin, hook, one.bind({}))
    return ()
