"""Odd values in every field of every input: answered with a code, never a fault of ours."""

from collections.abc import Iterator, Mapping
from enum import EnumMeta
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLSchema, get_named_type

from cordee_core.access.permissions import ROLES
from cordee_core.assessments import complete_assessment
from cordee_core.cases import open_case
from cordee_core.eligibility import evaluate_eligibility
from cordee_core.languages import LANGUAGES
from cordee_core.people import check_record
from cordee_core.programmes import definition
from cordee_core.selection import decide_selection
from cordee_core.services import definition as services
from cordee_core.sharing import record_consent
from cordee_graphql import enums
from cordee_graphql.schema import build_schema

DEEP: Any = []
for _ in range(30):
    DEEP = [DEEP]
TEXTS = ["", " ", "\u202e\u0301é", "x" * 30_000, "'; --", "%s {0} {problem}", "null", "\U0001f600"]
NUMBERS = [-1, 0, 2**31 - 1]
JSONS = [None, [], {}, [1, None], "x", 10**300, -0.5, 1e300, {"": 1}, {"x" * 5000: "y"}, DEEP]
NAMES = ["housing", "groups", "days_until_homeless", "living_situation", "zone"]


@pytest.fixture(scope="module")
def mutations(host: Any) -> Mapping[str, Any]:
    """The mutation fields as graphql-core has them."""
    schema: GraphQLSchema = build_schema(host, strict=True)._schema
    assert schema.mutation_type is not None
    return schema.mutation_type.fields


def odd(kind: Any) -> list[Any]:
    named = get_named_type(kind)
    listed = "[" in str(kind)
    if isinstance(named, (GraphQLEnumType, GraphQLInputObjectType)):
        return []
    found: list[Any] = {
        "String": TEXTS, "ID": [*TEXTS, "UGVyc29uOg=="], "Int": NUMBERS, "Boolean": [False],
        "Date": ["0001-01-01", "9999-12-31"], "DateTime": ["0001-01-01T00:00:00+14:00"],
        "JSON": [*JSONS, *({name: value} for name in NAMES for value in JSONS)],
    }[named.name]  # fmt: skip
    return [[one] * 3 for one in found] if listed else found


def variants(whole: Mapping[str, Any], kind: GraphQLInputObjectType) -> Iterator[dict[str, Any]]:
    """`whole` with one field at a time made odd; inside nested inputs too."""
    for name, field in kind.fields.items():
        nested = get_named_type(field.type)
        if isinstance(nested, GraphQLInputObjectType):
            given = whole.get(name) or {}
            yield from ({**whole, name: one} for one in variants(given, nested))
        else:
            yield from ({**whole, name: one} for one in odd(field.type))


def base(world: Any) -> dict[str, dict[str, Any]]:
    """An input for each mutation, which `variants` spoils."""
    ids, case, text = world.ids, {"caseId": world.ids["case"]}, {"en": "T", "fr": "T"}
    version = {"rowVersion": 999}
    return {
        "tenantSignUp": {
            "name": "N", "slug": "x", "plan": "none", "adminName": "A", "adminEmail": "a@b.co",
        },
        "invitationAccept": {"code": "x"},
        "memberInvite": {"email": "a", "displayName": "A", "roles": ["READER"]},
        "teamCreate": {"name": "North"},
        "pluginEnable": {"plugin": "housing"},
        "pluginDisable": {"plugin": "none"},
        "programmeCopyTemplate": {"template": "housing.none"},
        "programmeCreate": {"code": " ", "parts": {"title": text}},
        "programmeUpdate": {"programmeId": ids["programme"], "parts": {"places": 1}, **version},
        "modelCreate": {"code": "own.model", "parts": {"title": text, "description": text}},
        "methodCreate": {"code": "own.method", "parts": {"title": text, "description": text}},
        "vocabularyCreate": {"code": "own.words", "parts": {"title": text}},
        "personRegister": {"familyName": " "},
        "personUpdate": {"personId": ids["person"], **version},
        "caseOpen": world.request(),
        "selectionDecide": {**case, "facts": {}, "decision": "ADMITTED", "reason": "why"},
        "consentRecord": {
            **case, "language": "fr", "givenOn": "2026-01-15", "informationGivenOn": "2026-01-15",
        },
        "noteAdd": {**case, "text": " "},
        "assessmentComplete": {
            **case, "instrument": "housing.ssm", "answers": {}, "assessedOn": "2999-01-01",
        },
        "eligibilityEvaluate": {**case, "rule": "housing.uk_homeless_duty", "facts": {}},
        "eligibilityDecide": {
            "resultId": ids["result"], "decision": "GRANTED", "reason": "x", **version,
        },
        "serviceCreate": {"code": "x", "name": text, "description": text, "kind": "ATELIER"},
        "serviceProviderSet": {"serviceId": ids["service"], "provider": "x", **version},
        "referralCreate": {**case, "serviceId": ids["service"], "reason": " "},
        "referralDecline": {"referralId": ids["referral"], "reason": "x", **version},
    }  # fmt: skip


TRIED = (
    *("tenantSignUp", "invitationAccept", "memberInvite", "teamCreate", "pluginEnable"),
    *("pluginDisable", "programmeCopyTemplate", "programmeCreate", "programmeUpdate"),
    *("modelCreate", "methodCreate", "vocabularyCreate"),
    *("personRegister", "personUpdate", "caseOpen", "selectionDecide", "consentRecord"),
    *("noteAdd", "assessmentComplete", "eligibilityEvaluate", "eligibilityDecide"),
    *("serviceCreate", "serviceProviderSet", "referralCreate", "referralDecline"),
)
MANAGED = ("member", "team", "plugin", "programme", "service", "model", "method", "vocabulary")


@pytest.fixture(scope="module")
async def odd_world(client: Any, make_world: Any) -> Any:
    """A tenant that odd values may be written to."""
    world = await make_world(client)
    await world.open()
    await world.refer()
    return world


@pytest.mark.parametrize("name", TRIED)
async def test_an_odd_value_is_taken_or_refused(
    name: str, odd_world: Any, mutations: Mapping[str, Any]
) -> None:
    world = odd_world
    kind = mutations[name].args["input"].type.of_type
    role = "admin" if name.startswith(MANAGED) else "referent"
    for given in variants(base(world)[name], kind):
        answer = await world.client.change(world.tokens[role], name, given)
        codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
        assert "INTERNAL" not in codes, (given, answer)


RULE = "housing.uk_homeless_duty"


@pytest.mark.parametrize(
    ("literal", "code"),
    [
        ("9" * 5000, "BAD_USER_INPUT"),
        ("1e400", "BAD_USER_INPUT"),
        ("[" * 40 + "]" * 40, None),
        ('{a: "\\ud83d"}', "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_an_odd_literal(odd_world: Any, literal: str, code: str | None) -> None:
    answer = await odd_world.client.ask(
        f'mutation {{ eligibilityEvaluate(input: {{ caseId: "{odd_world.ids["case"]}",'
        f' rule: "{RULE}", facts: {{ x: {literal} }} }}) {{ result {{ id }} }} }}',
        token=odd_world.tokens["referent"],
    )
    codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
    assert codes == ([] if code is None else [code])


@pytest.mark.parametrize("number", ["1e400", "NaN", "-Infinity", "9" * 5000])
async def test_a_number_that_json_cannot_carry(odd_world: Any, number: str) -> None:
    answer = await odd_world.client.http.post(
        "/graphql", content='{"query": "{ __typename }", "variables": {"a": ' + number + "}}",
        headers={"Content-Type": "application/json"},
    )  # fmt: skip
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize(
    ("enum", "words"),
    [
        (enums.Language, LANGUAGES),
        (enums.Role, ROLES),
        (enums.Sex, check_record.SEXES),
        (enums.BirthDatePrecision, check_record.PRECISIONS),
        (enums.ProgrammeEffect, definition.EFFECTS),
        (enums.ProgrammeFinality, definition.TYPES_OF),
        (enums.RequestSource, open_case.SOURCES),
        (enums.Admission, decide_selection.DECISIONS),
        (enums.ConsentPurpose, record_consent.PURPOSES),
        (enums.LegalBasis, record_consent.BASES),
        (enums.ConsentForm, record_consent.FORMS),
        (enums.Informant, complete_assessment.INFORMANTS),
        (enums.EligibilityDecision, evaluate_eligibility.DECISIONS),
        (enums.ServiceKind, services.TYPES),
    ],
)
def test_the_vocabularies_are_the_cores(enum: EnumMeta, words: Any) -> None:
    assert [member.value for member in enum] == list(words)  # type: ignore[var-annotated]
    for member in enum:  # type: ignore[var-annotated]
        assert member.name == member.value.upper().replace("-", "_")
