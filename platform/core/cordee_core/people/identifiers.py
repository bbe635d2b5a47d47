"""Identifiers of a person: their form, and the checksums of those that have one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cordee_core.languages import Text
from cordee_core.people.fold import compact

_NIR = re.compile(r"[1-478]\d{4}(?:\d{2}|2[AB])\d{8}")


@dataclass(frozen=True, slots=True)
class KnownKind:
    """A kind of identifier that comes with Cordée: its title and what makes a value right."""

    title: Text
    check: Callable[[str], bool]
    system: str
    """Who issues it, as a URI or OID where there is one."""


def nir_is_right(value: str) -> bool:
    """Return whether a French social-security number (NIR, also INS) has its right key.

    15 characters, key = 97 - n mod 97, where 2A counts as 19 and 2B as 18 (Corsica): Insee,
    "Numéro de sécurité sociale"; arrêté du 28 mai 2018 portant approbation du référentiel
    « Identifiant national de santé ».
    """
    if not _NIR.fullmatch(value):
        return False
    number = value[:13].replace("2A", "19").replace("2B", "18")
    return 97 - int(number) % 97 == int(value[13:])


def nhs_is_right(value: str) -> bool:
    """Return whether an NHS number of England and Wales has its right check digit.

    Ten digits; the first nine are weighted 10 to 2, 11 minus the sum mod 11 is the last one,
    11 counts as 0 and 10 is never issued (NHS Data Dictionary, "NHS NUMBER").
    """
    if not re.fullmatch(r"[0-9]{10}", value):
        return False
    digit = (
        11
        - sum(int(one) * weight for one, weight in zip(value, range(10, 1, -1), strict=False)) % 11
    )
    return (0 if digit == 11 else digit) == int(value[9])


KNOWN: Mapping[str, KnownKind] = {
    "fr_nir": KnownKind(
        {"en": "French social-security number (NIR, INS)", "fr": "NIR, matricule INS"},
        nir_is_right,
        "urn:oid:1.2.250.1.213.1.4.8",
    ),
    "nhs_number": KnownKind(
        {"en": "NHS number", "fr": "Numéro NHS"},
        nhs_is_right,
        "https://fhir.nhs.uk/Id/nhs-number",
    ),
}
"""The kinds that every tenant has, with a checksum each. Tenants define further ones without."""


def normalised(value: str) -> str:
    """Return a value as it is stored and compared: its letters and digits, in capitals."""
    return compact(value).upper()
