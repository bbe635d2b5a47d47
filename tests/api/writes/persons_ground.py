"""The mutations of persons with every id that they take."""

from typing import Any

from cordee_core.access.permissions import Permission

PERSON_NEEDED = {
    "personIdentifierAdd": Permission.PERSON_WRITE,
    "personIdentifierRemove": Permission.PERSON_WRITE,
    "personMerge": Permission.PERSON_MERGE,
    "personUnmerge": Permission.PERSON_MERGE,
    "personProtect": Permission.PERSON_PROTECT,
    "personAccessGrant": Permission.PERSON_PROTECT,
    "personAccessEnd": Permission.PERSON_PROTECT,
    "personFieldDefine": Permission.TENANT_MANAGE,
    "identifierKindDefine": Permission.TENANT_MANAGE,
}
PERSON_IDS = [
    ("personIdentifierAdd", "personId"), ("personIdentifierRemove", "personId"),
    ("personMerge", "personId"), ("personMerge", "intoId"), ("personUnmerge", "personId"),
    ("personProtect", "personId"), ("personAccessGrant", "personId"),
    ("personAccessGrant", "memberId"), ("personAccessEnd", "personId"),
    ("personAccessEnd", "memberId"),
]  # fmt: skip
PERSON_STALE = ("personIdentifierAdd", "personProtect")
PERSON_SUPERVISED = ("personMerge", "personUnmerge")


def person_inputs(world: Any) -> dict[str, dict[str, Any]]:
    """An input for each mutation of persons that came after the first ones."""
    version, why = {"rowVersion": 999}, {"reason": "x"}
    person = {"personId": world.ids["person"]}
    access = {**person, "memberId": world.ids["member"], **why}
    identifier = {**person, **version, "kind": "nhs_number"}
    return {
        "personIdentifierAdd": {**identifier, "value": "9434765919"},
        "personIdentifierRemove": {**identifier, **why},
        "personMerge": {
            **person, **version, **why, "intoId": world.ids["person"], "intoRowVersion": 999,
        },
        "personUnmerge": {**person, **version, **why},
        "personProtect": {**person, **version, **why, "protection": "RESTRICTED"},
        "personAccessGrant": access,
        "personAccessEnd": access,
    }  # fmt: skip
