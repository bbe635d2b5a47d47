"""Search: any order, any accents, ranked and paged, by index alone; nothing of who is protected."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from cordee_core.database.engine import fetch
from cordee_core.database.unit_of_work import perform
from cordee_core.errors import InvalidInputError
from cordee_core.people.edit_identifiers import IdentifierDraft, add_identifier
from cordee_core.people.names import FurtherName
from cordee_core.people.protect_person import ProtectDraft, protect_person
from cordee_core.people.register_person import (
    PersonChange,
    PersonDraft,
    register_person,
    update_person,
)
from cordee_core.people.search import Matches, SearchDraft, Term, find_matches, parse_search
from cordee_core.people.search.queries import MOST_MATCHES, count_sql, match_sql


@pytest.fixture
def do(engine: Any, tenant: Any) -> Any:
    async def run(use_case: Any, draft: Any, role: str = "referent") -> Any:
        return (await perform(engine, tenant[role], "test", use_case, draft)).changed

    return run


@pytest.fixture
def search(engine: Any, tenant: Any) -> Any:
    """Finds persons; gives their ids, how many there are, whether these are all."""

    async def run(text: str = "", role: str = "reader", **more: Any) -> Any:
        limit, after = more.pop("limit", 50), more.pop("after", None)
        scope = tenant[role]
        async with engine.transaction(cordee__context=scope.signed()):
            found = await find_matches(scope.tenant, parse_search(SearchDraft(text, **more)))
        page = found.page(after, None, limit, reverse=False)
        return [one.person for one in page], len(found.persons), found.complete

    return run


async def register(do: Any, family: str, given: str = "", **more: Any) -> Any:
    draft = PersonDraft(family_name=family, given_names=given, **more)
    return (await do(register_person, draft))["person"]


@pytest.mark.parametrize(
    "text",
    [
        "Étoile Nour", "nour etoile", "NOUR ÉTOILE", "eto no", "Nour", "étoile, nour",
        "o'neil nour", "oneil", "neil etoile", "نجمة",
        "1990-02-01 etoile", "01/02/1990 nour", "nour 1990-02",
    ],
)  # fmt: skip
async def test_a_person_is_found_by_any_words_in_any_order(do: Any, search: Any, text: str) -> None:
    names = (
        FurtherName(kind="birth", family_name="O’Neil"),
        FurtherName(kind="official", family_name="نجمة"),
    )
    born = {"birth_date": date(1990, 2, 1), "birth_date_precision": "day"}
    wanted = await register(do, "Étoile", "Nour", names=names, **born)
    await register(do, "Autre", "Personne")
    assert (await search(text))[0] == [wanted]


@pytest.mark.parametrize(
    "text", ["toile", "nour zzz", "1991-02-01 nour", "nouretoile", "%", "no_r"]
)
async def test_nobody_is_found_by_other_words(do: Any, search: Any, text: str) -> None:
    await register(do, "Étoile", "Nour", birth_date=date(1990, 2, 1), birth_date_precision="day")
    try:
        assert (await search(text))[:2] == ([], 0)
    except InvalidInputError:
        assert text == "%"


async def test_birth_date_phone_number_and_identifier_are_parts(do: Any, search: Any) -> None:
    born = {"birth_date": date(1990, 2, 1), "birth_date_precision": "month"}
    wanted = await register(do, "Étoile", phone="+33 6 12 34 56 78", **born)
    draft = IdentifierDraft(person=wanted, row_version=1, kind="nhs_number", value="943 476 5919")
    await do(add_identifier, draft)
    await register(do, "Étoile")
    assert (await search("etoile", birth_date="1990"))[0] == [wanted]
    assert (await search(birth_date="1990-02"))[0] == [wanted]
    assert (await search(phone="06 12 34 56 78"))[0] == [wanted]
    assert (await search("9434765919"))[0] == [wanted]
    for wrong in ("1990-13", "yesterday", "90"):
        with pytest.raises(InvalidInputError):
            await search(birth_date=wrong)
    with pytest.raises(InvalidInputError):
        await search(" ")


async def test_exact_words_come_before_beginnings_and_the_shown_name_before_others(
    do: Any, search: Any
) -> None:
    begins = await register(do, "Durandeau")
    alias = await register(do, "Zola", names=(FurtherName(kind="alias", family_name="Durand"),))
    exact = await register(do, "Durand")
    assert (await search("durand"))[0] == [exact, alias, begins]


async def test_pages_follow_each_other_without_gap(do: Any, search: Any) -> None:
    made = {await register(do, "Durand", f"N{place}") for place in range(7)}
    seen: list[Any] = []
    after = None
    while True:
        page, total, complete = await search("durand", limit=3, after=after)
        assert (total, complete) == (7, True)
        if not page:
            break
        seen += page
        after = (-13, page[-1])
    assert len(seen) == 7
    assert set(seen) == made


async def test_a_change_of_name_is_found_at_once(do: Any, search: Any) -> None:
    person = await register(do, "Avant")
    values = {"family_name": "Après"}
    await do(update_person, PersonChange(person=person, row_version=1, values=values))
    assert (await search("avant"))[0] == []
    assert (await search("apres"))[0] == [person]


async def test_who_is_protected_is_found_by_nobody(
    do: Any, search: Any, engine: Any, tenant: Any
) -> None:
    shown, hidden = await register(do, "Étoile"), await register(do, "Étoile")
    draft = ProtectDraft(person=hidden, row_version=1, protection="restricted", reason="Threats")
    await do(protect_person, draft)
    for role in ("reader", "supervisor", "referent"):
        assert await search("etoile", role=role) == ([shown], 1, True)
    async with engine.transaction(cordee__context=tenant["referent"].signed()):
        rows = await fetch("SELECT DISTINCT person_id FROM core.person_tokens")
    assert hidden not in {row["person_id"] for row in rows}
    await do(
        protect_person,
        ProtectDraft(person=hidden, row_version=3, protection="none", reason="Over"),
    )
    assert set((await search("etoile"))[0]) == {shown, hidden}


async def test_another_tenant_finds_nobody_of_ours(do: Any, engine: Any, tenants: Any) -> None:
    await register(do, "Introuvable")
    async with engine.transaction(cordee__context=tenants[1]["reader"].signed()):
        terms = parse_search(SearchDraft("introuvable"))
        assert await find_matches(tenants[1].id, terms) == Matches((), complete=True)


def nodes(plan: Any) -> Sequence[str]:
    found = [plan["Node Type"]]
    for below in plan.get("Plans", ()):
        found += nodes(below)
    return found


@pytest.mark.parametrize("words", [1, 2, 3])
async def test_under_row_security_the_search_reads_by_index_alone(
    engine: Any, tenant: Any, cluster: Any, words: int
) -> None:
    import asyncpg

    superuser = await asyncpg.connect(cluster.superuser_url())
    await superuser.execute(
        "INSERT INTO core.persons (tenant_id, id, number, family_name, created_at, created_by)"
        " SELECT $1, gen_random_uuid(), 'x' || n, 'x', now(), $1 FROM generate_series(1, 3000) n",
        tenant.id,
    )
    await superuser.execute(
        "INSERT INTO core.person_tokens (tenant_id, token, person_id, weight)"
        " SELECT tenant_id, w || (substr(number, 2)::int %% 700), id, 3 FROM core.persons,"
        " unnest(ARRAY['martin', 'marie', 'lou']) w WHERE tenant_id = $1 AND number LIKE 'x%%'"
        .replace("%%", "%"),
        tenant.id,
    )  # fmt: skip
    await superuser.execute("ANALYZE core.persons")
    await superuser.execute("ANALYZE core.person_tokens")
    await superuser.close()
    terms = [Term.prefix(one) for one in ("martin12", "marie12", "lou12")][:words]
    bounds = [bound for term in terms for bound in (term.low, term.high)]
    async with engine.transaction(cordee__context=tenant["reader"].signed()):
        for statement in (match_sql(words), count_sql(words)):
            (row,) = await fetch(f"EXPLAIN (FORMAT JSON) {statement}", tenant.id, *bounds)
            plan = row["QUERY PLAN"]
            kinds = nodes(
                (plan if isinstance(plan, list) else __import__("json").loads(plan))[0]["Plan"]
            )
            assert "Seq Scan" not in kinds, plan
            assert any(kind.startswith("Index") for kind in kinds)


async def test_the_cost_of_a_search_is_bounded() -> None:
    assert f"LIMIT {MOST_MATCHES}" in match_sql(3)
    assert match_sql(2).count("LIMIT") == 1
    assert count_sql(4).count(f"LIMIT {MOST_MATCHES + 1}") == 4
    assert len(parse_search(SearchDraft(" ".join(map(chr, range(97, 120)))))) == 8
