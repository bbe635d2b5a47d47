"""Random values of the chart, made from its schema, and the rules between values that none states.

Only what the schema uses is understood; anything else is an error, so that no part of it is passed
over in silence. (Hypothesis makes such values too, but a hundred times slower than Helm renders.)
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from random import Random
from re import _constants as sre
from re import _parser as sre_parser
from typing import Any

from chart_helm import CHART

Schema = dict[str, Any]
UNDERSTOOD = {
    "$ref", "description", "type", "enum", "pattern", "minLength", "maxLength", "minimum",
    "maximum", "items", "minItems", "maxItems", "uniqueItems", "properties", "required",
    "additionalProperties", "propertyNames", "minProperties", "not", "oneOf",
}  # fmt: skip
QUEUES = {"default", "events", "heavy"}
SECRETS = ("application", "migrator", "relay", "contextKey", "redis")
MOST = 3
"""How long a list or map gets: more of the same shows nothing new."""
SIGNS = " aZ9é漢😀'\"\\{}[]:#&*!|>%@`-?,=~\t\n"
"""What free text is made of: all that YAML could take amiss."""


@cache
def read_schema() -> Schema:
    """Return the chart's schema."""
    return json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))


def value_set(seed: str) -> dict[str, Any]:
    """Return any values that the chart accepts."""
    return reconcile(Maker(Random(seed), read_schema()).make(read_schema()))


@dataclass
class Maker:
    """Makes what a part of the schema `whole` allows."""

    random: Random
    whole: Schema

    def make(self, schema: Schema) -> Any:
        """Return something that `schema` allows."""
        if "$ref" in schema:
            return self.make(self.whole["definitions"][schema["$ref"].rpartition("/")[2]])
        unknown = set(schema) - UNDERSTOOD - {"$schema", "title", "definitions"}
        assert not unknown, f"this generator does not know {unknown}"
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        kind = schema["type"]
        if isinstance(kind, list):
            return self._integer(schema) if self.random.random() < 0.3 else self._string(schema)
        return getattr(self, f"_{kind}")(schema)

    def _boolean(self, _: Schema) -> bool:
        return self.random.random() < 0.5

    def _integer(self, schema: Schema) -> int:
        low, high = schema["minimum"], schema["maximum"]
        return self.random.choice([low, high, self.random.randint(low, high)])

    def _string(self, schema: Schema) -> str:
        longest = schema.get("maxLength", 63)
        while True:
            text = self._text(schema.get("pattern"), longest)
            refused = schema.get("not", {})
            if len(text) > longest or text in refused.get("enum", ()):
                continue
            if "pattern" not in refused or not re.search(refused["pattern"], text):
                return text

    def _text(self, pattern: str | None, longest: int) -> str:
        if pattern is None:
            return "".join(self.random.choices(SIGNS, k=self.random.randint(0, min(longest, 12))))
        text = "".join(self._matching(sre_parser.parse(pattern)))
        assert re.fullmatch(pattern, text), (pattern, text)
        return text

    def _matching(self, tokens: Any) -> list[str]:
        return [self._token(kind, argument) for kind, argument in tokens]

    def _token(self, kind: Any, argument: Any) -> str:
        if kind is sre.AT:
            return ""
        if kind is sre.LITERAL:
            return chr(argument)
        if kind is sre.IN:
            return self._one_of(argument)
        if kind is sre.SUBPATTERN:
            return "".join(self._matching(argument[3]))
        if kind is sre.BRANCH:
            return "".join(self._matching(self.random.choice(argument[1])))
        assert kind is sre.MAX_REPEAT, f"this generator does not know {kind} in a pattern"
        low, high, inner = argument
        high = min(int(high), low + self.random.choice([1, 2, 12]))
        return "".join(
            part for _ in range(self.random.randint(low, high)) for part in self._matching(inner)
        )

    def _one_of(self, choices: Any) -> str:
        kind, argument = self.random.choice(choices)
        return chr(argument if kind is sre.LITERAL else self.random.randint(*argument))

    def _array(self, schema: Schema) -> list[Any]:
        least = schema.get("minItems", 0)
        most = max(least, min(MOST, schema.get("maxItems", MOST)))
        found = [self.make(schema["items"]) for _ in range(self.random.randint(least, most))]
        if schema.get("uniqueItems"):
            return list({json.dumps(one): one for one in found}.values())
        return found

    def _object(self, schema: Schema) -> dict[str, Any]:
        if "properties" not in schema:
            return self._map(schema)
        needed = set(schema.get("required", ()))
        choices = [set(one["required"]) for one in schema.get("oneOf", ())] or [set()]
        needed |= self.random.choice(choices)
        loose = set(schema["properties"]) - needed - set().union(*choices)
        return {
            name: self.make(part)
            for name, part in schema["properties"].items()
            if name in needed or (name in loose and self._boolean(part))
        }

    def _map(self, schema: Schema) -> dict[str, Any]:
        if "additionalProperties" not in schema:  # `global`: whatever the chart above has
            return {"region": "here"}
        names = {"type": "string", "maxLength": 63, **schema["propertyNames"]}
        wanted = self.random.randint(schema.get("minProperties", 0), MOST)
        return {
            self._string(names): self.make(schema["additionalProperties"]) for _ in range(wanted)
        }


def reconcile(values: dict[str, Any]) -> dict[str, Any]:
    """Change what the schema allows and templates/checks.yaml refuses; return `values`."""
    for name in SECRETS:
        values["secrets"][name]["name"] = f"s-{name.lower()}"
    values["image"]["repository"] = values["image"]["repository"] or "cordee"
    if {queue for one in values["workers"].values() for queue in one["queues"]} != QUEUES:
        values["workers"]["all"] = {
            **next(iter(values["workers"].values())),
            "queues": sorted(QUEUES),
        }
    settings = values["settings"]
    settings["trustedOnly"] = settings["trustedOnly"] and bool(settings["trustedDocuments"])
    _reconcile_time(values)
    scaling = values["web"]["autoscaling"]
    scaling["maxReplicas"] = max(scaling["minReplicas"], scaling["maxReplicas"])
    if scaling["enabled"]:
        requests = values["web"]["resources"].setdefault("requests", {})
        requests["cpu"] = requests.get("cpu") or "100m"
    _reconcile_exposure(values)
    for name in ("extraVolumes", "extraEnv"):
        values[name] = list({one["name"]: one for one in values[name]}.values())
    values["extraVolumes"] = list(
        {one["mountPath"]: one for one in values["extraVolumes"]}.values()
    )
    return values


def _reconcile_time(values: dict[str, Any]) -> None:
    key = "terminationGracePeriodSeconds"
    least = values["web"]["preStopSeconds"] + 30
    values["web"][key] = max(values["web"][key], least)
    for part in (values["relay"], values["scheduler"], *values["workers"].values()):
        part[key] = max(part[key], 20)


def _reconcile_exposure(values: dict[str, Any]) -> None:
    values["ingress"]["host"] = values["ingress"]["host"] or "a.example"
    values["httpRoute"]["hostnames"] = values["httpRoute"]["hostnames"] or ["a.example"]
    values["httpRoute"]["parentRefs"] = values["httpRoute"]["parentRefs"] or [{"name": "public"}]
    policy, probe = values["networkPolicy"], values["monitoring"]["probe"]
    policy["webFromNamespaces"] = policy["webFromNamespaces"] or ["ingress"]
    probe["prober"] = probe["prober"] or "blackbox:9115"
    probe["namespace"] = probe["namespace"] or "monitoring"
