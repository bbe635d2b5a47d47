"""Catalog entries: the services that a plugin or a tenant describes.

The closed lists are those of data·inclusion v1 (Licence Ouverte 2.0, read 2026-11-21).
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    Source,
    at,
    boolean,
    code,
    day,
    natural,
    one_of,
    source,
    string,
    text,
)
from cordee_core.languages import Text

TYPES = (
    *("accompagnement", "aide-financiere", "aide-materielle", "atelier", "formation"),
    "information",
)
FEES = ("gratuit", "payant")
RECEPTION = ("a-distance", "en-presentiel")
MOBILISATION = (
    *("envoyer-un-courriel", "se-presenter", "telephoner", "utiliser-lien-mobilisation"),
)
_TERM = re.compile(r"[a-z]+(-[a-z]+)*(--[a-z]+(-[a-z]+)*)?")
_KEYS = (
    *("code", "name", "description", "type", "thematiques", "publics", "eligibility"),
    *("min_age", "max_age", "fees", "reception", "mobilisation", "area"),
    *("required_documents", "source", "last_modified", "confidential"),
)


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """One service of the catalog; ages in years, `area` in INSEE codes or ``france``.

    `eligibility` is the code of a rule. A confidential entry is not exported to public directories.
    """

    code: str
    name: Text
    description: Text
    type: str
    thematiques: tuple[str, ...]
    publics: tuple[str, ...]
    fees: str
    reception: tuple[str, ...]
    mobilisation: tuple[str, ...]
    area: tuple[str, ...]
    source: Source
    last_modified: datetime.date
    eligibility: str | None = None
    min_age: int | None = None
    max_age: int | None = None
    required_documents: tuple[Text, ...] = ()
    confidential: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the entry as `parse_service` takes it back."""
        return dict(msgspec.to_builtins(self))


def parse_service(raw: Mapping[str, object]) -> ServiceEntry:
    """Return the catalog entry that `raw` defines.

    Raises:
        DefinitionError: something is missing, unknown or untranslated.
    """
    fields = Fields(raw, "", _KEYS)
    youngest, oldest = fields.maybe("min_age", natural), fields.maybe("max_age", natural)
    if youngest is not None and oldest is not None and youngest > oldest:
        raise DefinitionError("max_age", f"{oldest} is below min_age {youngest}")
    return ServiceEntry(
        code=fields.need("code", code),
        name=fields.need("name", text),
        description=fields.need("description", text),
        type=fields.need("type", one_of(TYPES)),
        thematiques=_some(fields.all("thematiques", _term), "thematiques"),
        publics=_some(fields.all("publics", _term), "publics"),
        eligibility=fields.maybe("eligibility", code),
        min_age=youngest,
        max_age=oldest,
        fees=fields.need("fees", one_of(FEES)),
        reception=_some(fields.all("reception", one_of(RECEPTION)), "reception"),
        mobilisation=_some(fields.all("mobilisation", one_of(MOBILISATION)), "mobilisation"),
        area=_some(fields.all("area", string), "area"),
        required_documents=fields.all("required_documents", text),
        source=fields.need("source", source),
        last_modified=fields.need("last_modified", day),
        confidential=fields.get("confidential", boolean, default=False),
    )


def _term(raw: object, where: str) -> str:
    found = string(raw, where)
    if not _TERM.fullmatch(found):
        raise DefinitionError(where, f"{found!r} is no term: small letters, '-' and one '--'")
    return found


def _some(found: tuple[str, ...], where: str) -> tuple[str, ...]:
    if not found:
        raise DefinitionError(at("", where), "at least one is needed")
    return found
