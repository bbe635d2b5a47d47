"""Methods, models and vocabularies as data: parts, coverage, and what is wrong in two languages."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from definitions_samples import MODEL, WHOLE, Raw, T, fresh

from cordee_core.definition_texts import in_languages
from cordee_core.definitions import DefinitionError
from cordee_core.plugins.content import apply_schema, load_yaml
from cordee_core.programmes.coverage import is_checked, uncarried, uncarried_text
from cordee_core.programmes.definition import parse_draft
from cordee_core.programmes.method import parse_method
from cordee_core.programmes.model import STAGES, parse_model
from cordee_core.vocabularies import (
    CLOSURE,
    LIFE_DOMAINS,
    core_vocabularies,
    terms,
)

SCHEDULE: Raw = {
    "code": "week", "name": T, "anchor": "enrolment", "offset": -2, "unit": "business_days",
    "kind": "visit", "window_days": 3, "every": 5, "audience": "relative", "miss": "escalate",
}  # fmt: skip
EPISODE: Raw = {
    "code": "one", "name": T, "done_when": T, "contacts": 2, "instruments": ["sample.grid"],
    "schedule": SCHEDULE,
}  # fmt: skip
METHOD: Raw = {
    "code": "sample.visits", "version": "1", "title": T, "description": T,
    "episodes": [EPISODE, {"code": "two", "name": T, "done_when": T}],
}  # fmt: skip
FULL: Raw = {
    **MODEL,
    "signatories": [
        {"code": "doctor", "name": T},
        {"code": "family", "name": T, "required": False},
    ],
    "schedules": [SCHEDULE],
    "waivable": ["plan_agreed"],
    "trainings": [
        {"training": "first_aid", "method": "visits"},
        {"training": "grid", "instrument": "sample.grid"},
    ],
    "carries": [
        {"method": "visits", "stage": "assessment"},
        {"service": "sample.help", "provider": "The house"},
    ],
    "closure_vocabulary": "sample.closure",
}
Break = Callable[[Raw], object]


def test_methods_keep_episodes_in_order_with_contacts_instruments_schedule_and_sign() -> None:
    found = parse_method(METHOD)
    assert [one.code for one in found.episodes] == ["one", "two"]
    first = found.episodes[0]
    assert (first.contacts, first.instruments, first.done_when) == (2, ("sample.grid",), T)
    assert first.schedule is not None
    assert (first.schedule.offset, first.schedule.unit) == (-2, "business_days")
    assert parse_method(json.loads(json.dumps(found.to_json()))) == found
    apply_schema("methods", METHOD)


WRONG_METHODS: list[tuple[Break, str]] = [
    (lambda raw: raw.update(episodes=[]), "episodes"),
    (lambda raw: raw["episodes"].append(raw["episodes"][0]), "episodes"),
    (lambda raw: raw["episodes"][0].pop("done_when"), "episodes[0].done_when"),
    (lambda raw: raw["episodes"][0]["schedule"].update(unit="weeks"), "episodes[0].schedule.unit"),
    (lambda raw: raw["episodes"][0]["schedule"].pop("anchor"), "episodes[0].schedule.anchor"),
]


@pytest.mark.parametrize(("damage", "where"), WRONG_METHODS, ids=range(len(WRONG_METHODS)))
def test_a_wrong_method_is_refused_with_its_place(damage: Break, where: str) -> None:
    raw = fresh(METHOD)
    damage(raw)
    with pytest.raises(DefinitionError) as caught:
        parse_method(raw)
    assert caught.value.where == where


def test_a_model_has_what_carries_a_programme_out() -> None:
    found = parse_model(FULL)
    assert parse_model(json.loads(json.dumps(found.to_json()))) == found
    apply_schema("models", FULL)
    assert [(one.code, one.required) for one in found.signatories] == [
        ("doctor", True),
        ("family", False),
    ]
    assert found.schedules[0].code == "week"
    assert found.waivable == ("plan_agreed",)
    assert found.trainings_of(method="visits") == {"first_aid"}
    assert found.trainings_of(instrument="sample.grid") == {"grid"}
    assert found.trainings_of(method="other") == set()
    assert found.approvers("plan_agree") == {"supervisor"}
    assert found.approvers("service_authorise") == set()
    assert found.closure_vocabulary == "sample.closure"
    assert (found.leads, found.supervision_days) == ("single_referent", 30)
    assert found.review_days == {"low": 90, "medium": 30, "high": 7}
    assert "merged" in STAGES


WRONG_MODELS: list[tuple[Break, str]] = [
    (lambda raw: raw["trainings"][0].update(instrument="sample.grid"), "trainings[0]"),
    (lambda raw: raw["trainings"][0].pop("method"), "trainings[0]"),
    (lambda raw: raw["carries"][0].pop("stage"), "carries[0]"),
    (lambda raw: raw["carries"][0].update(stage="closed"), "carries[0].stage"),
    (lambda raw: raw["carries"][0].update(service="sample.help"), "carries[0]"),
    (lambda raw: raw["schedules"].append(raw["schedules"][0]), "schedules"),
    (lambda raw: raw["signatories"][0].pop("name"), "signatories[0].name"),
]


@pytest.mark.parametrize(("damage", "where"), WRONG_MODELS, ids=range(len(WRONG_MODELS)))
def test_a_wrong_part_of_a_model_is_refused_with_its_place(damage: Break, where: str) -> None:
    raw = fresh(FULL)
    damage(raw)
    with pytest.raises(DefinitionError) as caught:
        parse_model(raw)
    assert caught.value.where == where


def test_each_method_and_service_has_a_place_in_the_model() -> None:
    programme = parse_draft(WHOLE)
    assert uncarried(programme, parse_model(FULL)) == []
    bare = parse_model(MODEL)
    assert uncarried(programme, bare) == ["method:visits", "service:sample.help"]
    raw = fresh(WHOLE)
    raw["target_group"][0]["intensity"] = "heavy"
    raw.update(finality="cost_control", type="prior_authorisation")
    assert uncarried(parse_draft(raw), parse_model(FULL)) == [
        "intensity:heavy",
        "authoriser:service_authorise",
    ]
    named = fresh(FULL)
    named["approvals"] = [{"act": "service_authorise", "role": "payer"}]
    assert uncarried(parse_draft(raw), parse_model(named)) == ["intensity:heavy"]
    for code in ("method:a", "service:b", "intensity:c", "authoriser:d"):
        assert code.partition(":")[2] in uncarried_text(code, "fr")


def test_access_needs_no_type() -> None:
    assert parse_draft({"title": T, "finality": "access"}).type is None
    with pytest.raises(DefinitionError):
        parse_draft({"title": T, "finality": "access", "type": "gatekeeper"})


def test_a_newer_version_of_either_opens_the_check() -> None:
    pairing = {"checked_programme_version": 2, "checked_model_version": 3}
    assert is_checked(pairing, 2, 3)
    assert not is_checked(pairing, 3, 3)
    assert not is_checked(pairing, 2, 4)
    assert not is_checked({"checked_programme_version": None, "checked_model_version": None}, 1, 1)


def test_a_method_that_a_programme_uses_is_taken_as_it_stands() -> None:
    raw = {"title": T, "methods": [{"code": "visits", "uses": "sample.visits"}]}
    (before,) = parse_draft(raw).methods
    assert before.uses == "sample.visits"
    after = before.taking(parse_method(METHOD), 4)
    assert (after.name, after.version, len(after.episodes)) == (T, 4, 2)
    with pytest.raises(DefinitionError, match=r"methods\[0\].name: this key is missing"):
        parse_draft({"title": T, "methods": [{"code": "visits"}]})


def test_the_core_brings_life_domains_and_reasons_of_closure() -> None:
    codes = [one.code for one in core_vocabularies()[LIFE_DOMAINS].entries]
    assert codes == ["physical", "emotional", "social", "spiritual", "material"]
    assert core_vocabularies()[CLOSURE].entry("goals_reached") is not None
    for path in (CORE / "content/vocabularies").iterdir():
        apply_schema("vocabularies", load_yaml(path.read_text(encoding="utf-8")))


def test_the_tenants_own_vocabulary_goes_first() -> None:
    own = {"code": CLOSURE, "version": "2", "title": T, "entries": [{"code": "x", "label": T}]}
    found = terms([own], [], CLOSURE)
    assert found is not None
    assert found.entry("x") is not None
    assert terms([], [], CLOSURE) is core_vocabularies()[CLOSURE]
    assert terms([own], [], "nobody.closure") is None


CORE = Path(__file__).parents[2] / "platform/core/cordee_core"
PARSERS = (
    "definitions.py", "vocabularies.py", "rules/definition.py", "rules/reader.py",
    "rules/conditions.py", "rules/values.py", "rules/parameters.py", "rules/facts.py",
    "programmes/definition.py", "programmes/parts.py", "programmes/method.py",
    "programmes/model_parts.py", "programmes/schedules.py", "programmes/model.py",
)  # fmt: skip


def problems_of(path: Path) -> Iterator[str]:
    """Yield each problem that the parser tells, something put in each placeholder."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        if name in ("DefinitionError", "error"):
            told = node.args[-1]
            if isinstance(told, ast.Constant):
                yield str(told.value)
            elif isinstance(told, ast.JoinedStr):
                yield "".join(
                    piece.value if isinstance(piece, ast.Constant) else _filled(piece)
                    for piece in told.values
                )


def _filled(piece: Any) -> str:
    inside = ast.unparse(piece)
    if re.search(r"hint|near|suggestion", inside):
        return ""
    words = {"{what}": "fact", "{needed}": "are needed for"}
    return words.get(inside, "text" if "kind" in inside else "X")


@pytest.mark.parametrize("path", PARSERS)
def test_each_problem_of_the_parsers_is_said_in_french(path: str) -> None:
    found = list(problems_of(CORE / path))
    same = [told for told in found if in_languages(told)["fr"] == told]
    assert same == []
    assert found or path == "programmes/schedules.py" or path == "programmes/model.py"


def test_a_suggestion_is_said_in_french_too() -> None:
    told = in_languages("'intak' is none of intake, closed; did you mean 'intake'?")
    assert told["fr"] == "'intak' n'est pas parmi intake, closed ; vouliez-vous dire 'intake' ?"
    assert in_languages("number or text is needed, not boolean")["fr"] == (
        "attendu : un nombre ou un texte, pas un booléen"
    )
