"""Every field of every type can be read, and nothing of it by another tenant."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import graphql
import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

from cordee_graphql import enums, ids
from cordee_graphql.types import enums as read_enums

ODD = "Mystère"
"""What stands in the first tenant's texts (see the conftest)."""

ROLES = {"Invitation": "admin", "JournalEntry": "admin", "SupervisionSession": "supervisor"}
"""Who reads the types that a referent does not."""

VALUES = {
    "code": '"housing.ethos_light"',
    "rule": '"housing.uk_homeless_duty"',
    "facts": "{days_until_homeless: 30}",
    "text": '"Martin"',
    "firstDay": '"2026-01-01"',
    "lastDay": '"2026-01-31"',
    "language": '"en"',
    "filter": "{}",
}
"""What is given for the required arguments of root fields that take no id."""

OF_PERSONS = {"accessLog"}
"""The root fields that take the id of a person and give something else; others take a case's."""


def query_of(real: Any) -> GraphQLObjectType:
    return real._schema.query_type


def leaves(kind: GraphQLObjectType | GraphQLInterfaceType) -> Iterator[str]:
    """Yield a selection for each field of `kind`, one or two levels deep."""
    for name, field in kind.fields.items():
        yield from selections(name, field)


def selections(name: str, field: GraphQLField) -> Iterator[str]:
    target = get_named_type(field.type)
    if is_leaf_type(target):
        yield name
    elif isinstance(target, GraphQLUnionType):
        yield f"{name} {{ __typename }}"
    elif target.name.endswith("Connection"):
        yield f"""{name} {{ totalCount pageInfo {{ hasNextPage }} edges {{ cursor }} nodes {{
          __typename }} }}"""
    else:
        yield f"{name}{arguments(field, '')} {{ {own_leaves(target)} }}"


def own_leaves(kind: Any) -> str:
    """The leaf fields of `kind`, and its parts that are no nodes with theirs."""
    found = ["__typename"]
    for name, field in kind.fields.items():
        target = get_named_type(field.type)
        if is_leaf_type(target):
            found.append(name)
        elif is_part(target):
            found.append(f"{name}{arguments(field, '')} {{ {own_leaves(target)} }}")
    return " ".join(found)


def is_part(kind: Any) -> bool:
    """Whether `kind` belongs to what it is reached from: no node, no list of nodes."""
    own = isinstance(kind, GraphQLObjectType) and not kind.name.endswith("Connection")
    return own and not is_node(kind)


def is_node(kind: GraphQLObjectType) -> bool:
    return any(one.name == "Node" for one in kind.interfaces)


def nodes_in(real: Any) -> list[GraphQLObjectType]:
    return [
        kind
        for kind in real._schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and is_node(kind)
    ]


def arguments(field: GraphQLField, gid: str, *, optional: bool = False) -> str:
    """The required arguments of a field; ids are `gid`, those that are `optional` too."""
    given = []
    for name, argument in field.args.items():
        kind = get_named_type(argument.type)
        required = graphql.is_non_null_type(argument.type)
        if required or (optional and kind.name == "ID"):
            inner: Any = argument.type.of_type if required else argument.type
            value = VALUES.get(name, "")
            if kind.name == "ID":
                value = f'["{gid}"]' if graphql.is_list_type(inner) else f'"{gid}"'
            elif isinstance(kind, GraphQLEnumType):
                value = next(iter(kind.values))
            given.append(f"{name}: {value}")
    return f"({', '.join(given)})" if given else ""


def takes_id(field: GraphQLField) -> bool:
    return any(get_named_type(one.type).name == "ID" for one in field.args.values())


async def test_every_field_of_every_node_is_read(both, reader, real):
    ours, _ = both
    assert {kind.name for kind in nodes_in(real)} == set(ours.uuids)
    for kind in nodes_in(real):
        role = ROLES.get(kind.name, "referent")
        for selection in leaves(kind):
            text = f"""{{ node(id: "{ours.gid(kind.name)}") {{ ... on {kind.name} {{
              {selection} }} }} }}"""
            data = await reader.data(ours[role], text)
            assert data["node"], text


async def test_every_root_field_is_read(both, reader, real):
    ours, _ = both
    for name, field in query_of(real).fields.items():
        role = "admin" if name == "plugins" else "supervisor"
        kind = get_named_type(field.type).name
        usual = "Person" if name in OF_PERSONS else "Case"
        gid = ours.gid(kind if kind in ours.uuids else usual)
        chosen = next(selections(name, field)).removeprefix(name)
        chosen = chosen.removeprefix(arguments(field, ""))
        data = await reader.data(ours[role], f"{{ {name}{arguments(field, gid)}{chosen} }}")
        assert data[name] not in (None, []), name


async def test_another_tenant_reads_nothing_with_our_ids(both, reader, real):
    ours, theirs = both
    seen = 0
    for name, field in query_of(real).fields.items():
        if not takes_id(field):
            continue
        for kind in ours.uuids:
            given = arguments(field, ours.gid(kind), optional=True)
            text = f"{{ {name}{given} {{ __typename }} }}"
            answer = await reader.ask(theirs["supervisor"], text)
            assert (answer["data"] or {name: None})[name] in (None, [None]), text
            seen += 1
    assert seen > 50


@pytest.mark.parametrize("role", ["admin", "supervisor", "referent", "reader", "person"])
async def test_no_answer_to_another_tenant_holds_a_word_of_ours(both, reader, real, role):
    ours, theirs = both
    secrets = [str(one) for one in ours.uuids.values()] + [ours.tenancy.slug]
    for name, field in query_of(real).fields.items():
        kind = get_named_type(field.type).name
        known = kind if kind in ours.uuids else "Case"
        for gid in (ours.gid(known), theirs.gid(known)):
            chosen = next(selections(name, field)).removeprefix(name)
            chosen = chosen.removeprefix(arguments(field, ""))
            if kind.endswith("Connection"):
                chosen = chosen.replace("nodes { __typename }", f"nodes {{ {nested(field)} }}")
            answer = await reader.ask(theirs[role], f"{{ {name}{arguments(field, gid)}{chosen} }}")
            text = str(answer)
            assert ODD not in text
            assert not [one for one in secrets if one in text], name


def nested(field: GraphQLField) -> str:
    nodes: Any = get_named_type(field.type).fields["nodes"]
    return own_leaves(get_named_type(nodes.type))


async def test_the_odd_word_is_there_to_be_found(both, reader, real):
    ours, _ = both
    found = set()
    for kind in nodes_in(real):
        role = ROLES.get(kind.name, "referent")
        text = f"""{{ node(id: "{ours.gid(kind.name)}") {{ ... on {kind.name} {{
          {own_leaves(kind)} }} }} }}"""
        if ODD in str(await reader.data(ours[role], text)):
            found.add(kind.name)
    assert found >= {
        "Invitation", "Team", "Case", "SelectionDecision", "Consent", "Note", "EligibilityResult",
        "Service", "Referral",
    }  # fmt: skip


async def test_absent_and_foreign_have_the_same_answer(both, reader, real):
    ours, theirs = both
    for name, field in query_of(real).fields.items():
        kind = get_named_type(field.type).name
        if not takes_id(field) or kind not in ours.uuids:
            continue
        absent = ids.encode(kind, UUID(int=7))
        answers = []
        for gid in (ours.gid(kind), absent, "nonsense", ids.encode("Plan", UUID(int=7))):
            text = "query Read($gid: ID!) { " + f"{name}(id: $gid) {{ __typename }} }}"
            answers.append(await reader.ask(theirs["supervisor"], text, gid=gid))
        assert answers[0]["errors"][0]["extensions"]["code"] == "NOT_FOUND"
        assert all(answer == answers[0] for answer in answers[1:]), name


async def test_filters_with_foreign_ids_find_nothing(both, reader):
    ours, theirs = both
    lists = {
        "cases": [("referentId", "Member"), ("programmeId", "Programme"), ("teamId", "Team")],
        "journal": [("personId", "Person"), ("memberId", "Member")],
    }
    for name, filters in lists.items():
        for argument, kind in filters:
            text = f"""{{ {name}(filter: {{{argument}: "{ours.gid(kind)}"}}) {{ totalCount
              nodes {{ id }} }} }}"""
            assert (await reader.data(theirs["supervisor"], text))[name] == {
                "totalCount": 0,
                "nodes": [],
            }
            assert (await reader.data(ours["supervisor"], text))[name]["totalCount"] > 0


def test_types_and_fields_say_what_they_are(real):
    ours = ("cordee_graphql.types", "cordee_graphql.queries_root", "cordee_graphql.enums")
    for name, kind in real._schema.type_map.items():
        definition: Any = (kind.extensions or {}).get("strawberry-definition")
        origin = getattr(definition, "origin", getattr(definition, "wrapped_cls", None))
        if name != "Query" and not getattr(origin, "__module__", "").startswith(ours):
            continue
        assert kind.description or name == "Query", name
        for field_name, field in getattr(kind, "fields", {}).items():
            assert field.description, f"{name}.{field_name}"
            for argument_name, argument in getattr(field, "args", {}).items():
                assert argument.description, f"{name}.{field_name}({argument_name})"


def test_no_field_is_a_float(real):
    assert "Float" not in real._schema.type_map


def test_enums_have_the_words_of_the_core(real):
    from cordee_core.access.permissions import ROLES as SHIPPED
    from cordee_core.assessments.complete_assessment import INFORMANTS
    from cordee_core.authorisations.decide_authorisation import DECISIONS as AUTHORISED
    from cordee_core.cases.open_case import SOURCES
    from cordee_core.eligibility.evaluate_eligibility import DECISIONS as ELIGIBILITY
    from cordee_core.instruments.model import ITEM_TYPES, VERDICTS
    from cordee_core.people.check_record import PRECISIONS, SEXES
    from cordee_core.programmes.adaptation import CONSULTED
    from cordee_core.programmes.definition import EFFECTS, TYPES_OF
    from cordee_core.programmes.model import LEADS
    from cordee_core.programmes.schedules import UNITS
    from cordee_core.selection.decide_selection import DECISIONS
    from cordee_core.services.definition import TYPES
    from cordee_core.sharing.record_consent import BASES, FORMS, PURPOSES

    expected = {
        enums.Role: SHIPPED, enums.Sex: SEXES, enums.BirthDatePrecision: PRECISIONS,
        enums.RequestSource: SOURCES, enums.Admission: DECISIONS, enums.ConsentForm: FORMS,
        enums.ConsentPurpose: PURPOSES, enums.LegalBasis: BASES, enums.Informant: INFORMANTS,
        enums.EligibilityDecision: ELIGIBILITY, enums.ProgrammeEffect: EFFECTS,
        enums.ProgrammeFinality: TYPES_OF, enums.ServiceKind: TYPES, read_enums.Lead: LEADS,
        read_enums.ItemType: ITEM_TYPES, read_enums.LicenceVerdict: VERDICTS,
        read_enums.Consulted: CONSULTED, read_enums.AuthorisationDecision: AUTHORISED,
        read_enums.ScheduleUnit: UNITS,
        read_enums.ProgrammeType: [one for types in TYPES_OF.values() for one in types],
    }  # fmt: skip
    for kind, words in expected.items():
        definition: Any = real._schema.type_map[kind.__name__]
        assert isinstance(definition, GraphQLEnumType)
        assert sorted(definition.values) == sorted(one.upper().replace("-", "_") for one in words)
