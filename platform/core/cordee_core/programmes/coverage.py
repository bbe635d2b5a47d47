"""Whether a model carries a programme: each method and service has its place in it."""

from collections.abc import Mapping
from typing import Any

from cordee_core.languages import LANGUAGES, Language, say
from cordee_core.programmes.definition import ProgrammeDefinition
from cordee_core.programmes.model import SERVICE_AUTHORISE, ModelTemplate


def uncarried(programme: ProgrammeDefinition, model: ModelTemplate) -> list[str]:
    """Return what the programme has and the model gives no stage, role or provider to.

    A code names the kind and the thing (``method:visits``, ``service:house.shelter``,
    ``intensity:light``, ``authoriser:service_authorise``).
    """
    methods = {one.method for one in model.carries if one.method is not None}
    services = {one.service for one in model.carries if one.service is not None}
    steps = {one.code for one in model.intensities}
    found = [f"method:{one.code}" for one in programme.methods if one.code not in methods]
    found += [f"service:{code}" for code in programme.services if code not in services]
    wanted = {one.intensity for one in programme.target_group if one.intensity is not None}
    found += [f"intensity:{code}" for code in sorted(wanted - steps)]
    if programme.type == "prior_authorisation" and not model.approvers(SERVICE_AUTHORISE):
        found.append(f"authoriser:{SERVICE_AUTHORISE}")
    return found


def uncarried_text(code: str, language: Language) -> str:
    """Return one sentence for a code of `uncarried`."""
    kind, _, named = code.partition(":")
    return say("parts", f"uncarried_{kind}", language, part=named)


def uncarried_texts(codes: list[str]) -> Mapping[str, str]:
    """Return all codes as sentences in each language."""
    return {lang: " ".join(uncarried_text(code, lang) for code in codes) for lang in LANGUAGES}


def is_checked(pairing: Mapping[str, Any], programme_version: int, model_version: int) -> bool:
    """Return whether the pairing was checked with these versions: a newer one opens it again."""
    checked = (pairing["checked_programme_version"], pairing["checked_model_version"])
    return checked == (programme_version, model_version)
