"""Each mutation, asked by each role: done or FORBIDDEN as the permissions say, and journalled."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
)
from needed_permissions import ANYBODY, NEEDED, OWN, PUBLIC, SELF

from cordee_core.access.permissions import ROLES, Reach
from cordee_graphql.ids import encode
from cordee_graphql.schema import build_schema

_VALUES = {
    "String": "x",
    "Int": 1,
    "Date": "2026-01-15",
    "JSON": {},
    "Boolean": True,
    "DateTime": "2026-01-15T10:00:00+00:00",
}


@pytest.fixture(scope="session")
def sdl(host: Any) -> GraphQLSchema:
    """The schema as graphql-core has it."""
    return build_schema(host, strict=True)._schema


@pytest.fixture(scope="session")
async def superuser(cluster: Any) -> Any:
    connection = await asyncpg.connect(cluster.superuser_url())
    yield connection
    await connection.close()


def sample(kind: Any, name: str) -> Any:
    """A value of the type of an input field; ids lead nowhere."""
    if isinstance(kind, GraphQLNonNull):
        return sample(kind.of_type, name)
    if isinstance(kind, GraphQLList):
        return [sample(kind.of_type, name)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        wanted = {
            each: field
            for each, field in kind.fields.items()
            if isinstance(field.type, GraphQLNonNull) and not _has_default(field)
        }
        return {each: sample(field.type, each) for each, field in wanted.items()}
    if kind.name == "ID":
        return encode(type_of(name), uuid4())
    return _VALUES[kind.name]


def type_of(name: str) -> str:
    """The type whose id the input field `name` takes."""
    found = name.removesuffix("Ids").removesuffix("Id")
    renamed = {
        "into": "Person", "result": "EligibilityResult", "plan": "CasePlan", "goal": "PlanGoal",
        "action": "PlanAction", "conflict": "InterestConflict", "role": "OwnRole",
        "assignment": "FieldAssignment", "consultation": "EthicsConsultation",
        "adviser": "Member", "participant": "Member", "booking": "InterpreterBooking",
        "place": "PlaceOfLiving", "other": "Person", "receiver": "Member",
    }  # fmt: skip
    return renamed.get(found, found[0].upper() + found[1:])


def _has_default(field: Any) -> bool:
    return repr(field.default_value) != "Undefined"


def test_every_mutation_has_its_row(sdl: GraphQLSchema) -> None:
    assert sdl.mutation_type is not None
    assert set(sdl.mutation_type.fields) == {*PUBLIC, *ANYBODY, *NEEDED}


def test_descriptions_name_the_permission(sdl: GraphQLSchema) -> None:
    assert sdl.mutation_type is not None
    for name, permission in NEEDED.items():
        assert f"`{permission}`" in (sdl.mutation_type.fields[name].description or ""), name


def test_everything_in_the_input_is_described_and_one_payload_has_user_errors(
    sdl: GraphQLSchema,
) -> None:
    assert sdl.mutation_type is not None
    for name, field in sdl.mutation_type.fields.items():
        payload: Any = field.type
        assert payload.name == f"{name[0].upper()}{name[1:]}Payload"
        assert payload.description
        assert all(each.description for each in payload.fields.values()), name
        assert "userErrors" in payload.fields
        assert set(field.args) <= {"input"}
        for argument in field.args.values():
            given = argument.type.of_type
            assert given.name == f"{name[0].upper()}{name[1:]}Input"
            assert given.description
            assert all(each.description for each in given.fields.values()), name


@pytest.mark.parametrize("name", NEEDED)
async def test_only_roles_with_the_permission_may(
    name: str, sdl: GraphQLSchema, client: Any, tenant: Any, superuser: Any
) -> None:
    assert sdl.mutation_type is not None
    given = sample(sdl.mutation_type.fields[name].args["input"].type, "input")
    if name == "caseMerge":  # `into` is a person elsewhere
        given["intoId"] = given["caseId"]
    for role, granted in ROLES.items():
        allowed = granted.get(NEEDED[name]) in {Reach.TENANT, SELF.get(name, Reach.TENANT)}
        allowed = allowed or (role == "person" and name in OWN)
        answer = await client.change(tenant.tokens[role], name, given)
        codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
        assert codes == ([] if allowed else ["FORBIDDEN"]), role
        assert (answer["data"][name] is not None) is allowed
        denials = await superuser.fetch(
            "SELECT fields, code FROM core.journal_entries WHERE tenant_id = $1 AND kind = 'denied'"
            " AND action = $2 AND member_id = $3",
            tenant.id, name, tenant.scopes[role].actor.id,
        )  # fmt: skip
        expected = [] if allowed else [([str(NEEDED[name])], "forbidden")]
        assert [(list(row["fields"]), row["code"]) for row in denials] == expected, role


@pytest.mark.parametrize("name", sorted(NEEDED) + sorted(ANYBODY))
async def test_nobody_may_without_a_token(name: str, sdl: GraphQLSchema, client: Any) -> None:
    assert sdl.mutation_type is not None
    field = sdl.mutation_type.fields[name]
    if field.args:
        answer = await client.change(None, name, sample(field.args["input"].type, "input"))
    else:
        answer = await client.ask(f"mutation {{ {name} {{ userErrors {{ code }} }} }}")
    assert "data" not in answer
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]


@pytest.mark.parametrize("role", ROLES)
async def test_anybody_signs_out_and_the_token_is_dead(role: str, client: Any, tenant: Any) -> None:
    document = "mutation { signOut { signedOut userErrors { code } } }"
    token = tenant.tokens[role]
    answer = await client.ask(document, token=token)
    assert answer["data"] == {"signOut": {"signedOut": True, "userErrors": []}}
    again = await client.post("{ __typename }", token=token)
    assert again.status_code == 401
    others = [each for each in ROLES if each != role]
    for each in others:
        assert (await client.post("{ __typename }", token=tenant.tokens[each])).status_code == 200


@pytest.mark.parametrize("role", ROLES)
async def test_anybody_renews_the_token_and_the_former_one_ends_soon(
    role: str, client: Any, tenant: Any, superuser: Any
) -> None:
    former = tenant.tokens[role]
    answer = await client.ask("mutation { tokenRenew { token member { id } } }", token=former)
    fresh = answer["data"]["tokenRenew"]["token"]
    for token in (former, fresh):
        assert (await client.post("{ __typename }", token=token)).status_code == 200
    ends = await superuser.fetchval(
        "SELECT revoked_at - now() FROM auth.tokens WHERE token_hash = $1",
        hashlib.sha256(former.encode()).digest(),
    )
    assert timedelta(minutes=4) < ends <= timedelta(minutes=5)
    await superuser.execute(
        "UPDATE auth.tokens SET revoked_at = now() WHERE token_hash = $1",
        hashlib.sha256(former.encode()).digest(),
    )
    assert (await client.post("{ __typename }", token=former)).status_code == 401
    assert (await client.post("{ __typename }", token=fresh)).status_code == 200
