"""Programme definitions: templates of plugins, and the drafts that tenants make of them."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import msgspec

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    Source,
    at,
    code,
    day,
    name,
    natural,
    one_of,
    source,
    string,
    suggestion,
    text,
    unique,
)
from cordee_core.languages import Language, Text, say
from cordee_core.programmes.method import Method, method, parse_method
from cordee_core.programmes.model import ModelTemplate, parse_model
from cordee_core.programmes.parts import (
    CausalLink,
    Objective,
    Profile,
    Resources,
    causal_link,
    objective,
    profile,
    resources,
)

__all__ = [
    "ModelTemplate",
    "ProgrammeDefinition",
    "ProgrammeTemplate",
    "missing_parts",
    "missing_text",
    "parse_draft",
    "parse_method",
    "parse_model",
    "parse_programme",
]

EFFECTS = ("clinical", "rehabilitation", "social")
TYPES_OF: Mapping[str, tuple[str, ...]] = {
    "continuity": ("brokerage", "advocacy", "client_focused"),
    "cost_control": ("prior_authorisation", "gatekeeper", "system_focused"),
    "access": (),
}
"""The types that go with each finality; access has none."""

_TEMPLATE_KEYS = ("code", "version", "sources")
_KEYS = (
    *("title", "motivation", "domains", "target_group", "objectives", "methods", "services"),
    *("links", "resources", "funding", "effect", "finality", "type", "ends", "places"),
    *("closure_vocabulary", "model"),
)


@dataclass(frozen=True, slots=True)
class ProgrammeDefinition:
    """What a programme is; a draft may lack any part but its title.

    `model` and `closure_vocabulary` are codes, `services` codes of catalog entries, `domains`
    names of plugins or words of the tenant. Admission beyond `places` waits.
    """

    title: Text
    motivation: Text | None = None
    domains: tuple[str, ...] = ()
    target_group: tuple[Profile, ...] = ()
    objectives: tuple[Objective, ...] = ()
    methods: tuple[Method, ...] = ()
    services: tuple[str, ...] = ()
    links: tuple[CausalLink, ...] = ()
    resources: Resources | None = None
    funding: Text | None = None
    effect: str | None = None
    finality: str | None = None
    type: str | None = None
    ends: datetime.date | None = None
    places: int | None = None
    closure_vocabulary: str | None = None
    model: str | None = None

    def to_json(self) -> dict[str, object]:
        """Return the definition as `parse_draft` takes it back."""
        return dict(msgspec.to_builtins(self))


@dataclass(frozen=True, slots=True)
class ProgrammeTemplate:
    """A complete programme that a plugin offers for tenants to copy and change."""

    code: str
    version: str
    sources: tuple[Source, ...]
    definition: ProgrammeDefinition

    def to_json(self) -> dict[str, object]:
        """Return the template as `parse_programme` takes it back."""
        own = {"code": self.code, "version": self.version, "sources": self.sources}
        return dict(msgspec.to_builtins(own)) | self.definition.to_json()


def parse_programme(raw: Mapping[str, object]) -> ProgrammeTemplate:
    """Return the template that `raw` defines; it has all parts that activation asks for.

    Raises:
        DefinitionError: something is missing, unknown or untranslated.
    """
    fields = Fields(raw, "", (*_TEMPLATE_KEYS, *_KEYS))
    definition = parse_draft({key: fields.raw(key) for key in fields if key in _KEYS})
    missing = missing_parts(definition)
    if missing:
        raise DefinitionError("", f"the template is not complete, it lacks {', '.join(missing)}")
    return ProgrammeTemplate(
        code=fields.need("code", code),
        version=fields.need("version", string),
        sources=fields.all("sources", source),
        definition=definition,
    )


def parse_draft(raw: Mapping[str, object]) -> ProgrammeDefinition:
    """Return the programme that `raw` defines, complete or not; what is there is right.

    Raises:
        DefinitionError: a part is malformed, names what is not there, or contradicts another.
    """
    fields = Fields(raw, "", _KEYS)
    definition = ProgrammeDefinition(
        title=fields.need("title", text),
        motivation=fields.maybe("motivation", text),
        domains=fields.all("domains", string),
        target_group=fields.all("target_group", profile),
        objectives=fields.all("objectives", objective),
        methods=fields.all("methods", method),
        services=fields.all("services", code),
        links=fields.all("links", causal_link),
        resources=fields.maybe("resources", resources),
        funding=fields.maybe("funding", text),
        effect=fields.maybe("effect", one_of(EFFECTS)),
        finality=fields.maybe("finality", one_of(TYPES_OF)),
        type=fields.maybe("type", name),
        ends=fields.maybe("ends", day),
        places=fields.maybe("places", natural),
        closure_vocabulary=fields.maybe("closure_vocabulary", code),
        model=fields.maybe("model", code),
    )
    _agree(definition)
    return definition


def _agree(definition: ProgrammeDefinition) -> None:
    """Refuse a definition whose parts contradict each other."""
    methods = [one.code for one in definition.methods]
    objectives = [one.code for one in definition.objectives]
    unique(methods, "methods")
    unique(objectives, "objectives")
    unique((one.code for one in definition.target_group), "target_group")
    for index, link in enumerate(definition.links):
        where = at("links", index)
        _exists(link.objective, objectives, at(where, "objective"))
        _exists(link.method, methods, at(where, "method"))
    for index, one in enumerate(definition.target_group):
        if one.method is not None:
            _exists(one.method, methods, at(at("target_group", index), "method"))
    _finality_and_type(definition)


def _exists(found: str, known: Collection[str], where: str) -> None:
    if found not in known:
        raise DefinitionError(where, f"the programme has no {found!r}{suggestion(found, known)}")


def _finality_and_type(definition: ProgrammeDefinition) -> None:
    finality, kind = definition.finality, definition.type
    if finality is None:
        if kind is not None:
            raise DefinitionError("type", "a type needs its finality")
        return
    allowed = TYPES_OF[finality]
    if kind is None and allowed:
        raise DefinitionError("type", f"{finality} needs one of {', '.join(allowed)}")
    if kind is not None and kind not in allowed:
        listing = ", ".join(allowed) or "no type"
        hint = suggestion(kind, allowed)
        raise DefinitionError("type", f"{finality} goes with {listing}, not {kind!r}{hint}")


def missing_parts(definition: ProgrammeDefinition) -> list[str]:
    """Return the codes of all parts that activation asks for and the programme lacks.

    A code is a part (``motivation``) or a part of something named (``indicators:stable_home``).
    """
    present = {
        "motivation": definition.motivation is not None,
        "target_group": bool(definition.target_group),
        "criteria": bool(definition.target_group),
        "objectives": bool(definition.objectives),
        "methods": bool(definition.methods),
        "resources": definition.resources is not None,
        "model": definition.model is not None,
        "closure_vocabulary": definition.closure_vocabulary is not None,
    }
    missing = [part for part, there in present.items() if not there]
    missing += [f"criteria:{one.code}" for one in definition.target_group if not one.has_criteria]
    explained = {link.objective for link in definition.links if link.theory is not None}
    for one in definition.objectives:
        if not one.indicators:
            missing.append(f"indicators:{one.code}")
        if one.code not in explained:
            missing.append(f"links:{one.code}")
    return missing


def missing_text(part: str, language: Language) -> str:
    """Return one sentence for a code of `missing_parts`."""
    kind, _, named = part.partition(":")
    return say("parts", f"{kind}_of" if named else kind, language, part=named)
