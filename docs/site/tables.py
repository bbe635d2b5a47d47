"""The tables of the guides that the code knows better: settings, roles, limits, hooks and what
stands against the steps of a case.

Each stands between ``<!-- table NAME -->`` and ``<!-- end -->``, where `write` puts it.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path

from cordee_core.access.permissions import ROLES, Permission, Reach
from cordee_core.cases.lifecycle import POSSIBLE, STAGES
from cordee_core.hookspecs import SPECS
from cordee_core.languages import Text, catalogue
from cordee_core.people.disclosure import LEVELS, SHOWN
from cordee_core.settings import SETTINGS, Settings
from cordee_graphql.connection import DEFAULT_PAGE, MAX_PAGE
from cordee_graphql.limits import Limits
from cordee_graphql.nodes import MAX_IDS
from cordee_graphql.throttle import Budget
from cordee_server.streams.limits import StreamLimits

GUIDES = Path(__file__).resolve().parents[1] / "guides"
_BLOCK = re.compile(r"<!-- table (\w+) -->\n(.*?)<!-- end -->", re.DOTALL)

_MEANING: Mapping[Permission, tuple[str, str]] = {
    Permission.TENANT_MANAGE: ("change the organisation", "modifier l'organisation"),
    Permission.MEMBER_READ: ("see members and teams", "voir membres et équipes"),
    Permission.MEMBER_MANAGE: ("invite, end, form teams", "inviter, exclure, former des équipes"),
    Permission.PLUGIN_MANAGE: ("enable and set plugins", "activer et régler les modules"),
    Permission.PROGRAMME_READ: ("read programmes and models", "lire programmes et modèles"),
    Permission.PROGRAMME_MANAGE: ("write and activate programmes", "écrire, activer un programme"),
    Permission.SERVICE_READ: ("read the catalog", "lire le catalogue"),
    Permission.SERVICE_MANAGE: ("change the catalog", "modifier le catalogue"),
    Permission.PERSON_READ: ("read persons", "lire les personnes"),
    Permission.PERSON_WRITE: ("register and change persons", "inscrire, modifier des personnes"),
    Permission.PERSON_PROTECT: ("protect persons, grant access", "protéger, ouvrir un accès"),
    Permission.PERSON_MERGE: ("merge and part records", "fusionner, séparer des dossiers"),
    Permission.CASE_READ: ("read cases", "lire les suivis"),
    Permission.CASE_OPEN: ("open cases", "ouvrir un suivi"),
    Permission.CASE_DECIDE: ("decide selection, eligibility", "décider admission et éligibilité"),
    Permission.CASE_ASSIGN: ("designate the referent", "désigner le référent"),
    Permission.CASE_WRITE: ("note, assess, record consent", "noter, évaluer, recueillir l'accord"),
    Permission.CASE_MOVE: ("move a case to another stage", "faire changer un suivi d'étape"),
    Permission.PLAN_APPROVE: ("approve plans of others", "approuver le plan d'un autre"),
    Permission.PLAN_APPROVE_OWN: ("approve own plans", "approuver son propre plan"),
    Permission.REFERRAL_SEND: ("prepare and send referrals", "préparer, envoyer une orientation"),
    Permission.REFERRAL_RECEIVE: ("note that one was received", "noter qu'elle est reçue"),
    Permission.REFERRAL_DECIDE: ("note acceptance or refusal", "noter acceptation ou refus"),
    Permission.JOURNAL_READ: ("read the journal", "lire le journal"),
    Permission.CASELOAD_OVERRIDE: ("override a norm or a training", "passer outre une norme"),
    Permission.REPORT_READ: ("read field reports", "lire les comptes rendus de terrain"),
    Permission.REPORT_WRITE: ("write field reports", "rédiger un compte rendu de terrain"),
    Permission.SUPERVISION_MANAGE: ("record supervision", "consigner les supervisions"),
    Permission.ETHICS_CONSULT: ("ask and advise on ethics", "consulter et conseiller en éthique"),
    Permission.PERSON_SENSITIVE: ("read and write customs", "lire et écrire les habitudes"),
    Permission.VOICE_WRITE: ("say what the person says", "dire ce que dit la personne"),
    Permission.EXPORT: ("read long pages of lists", "lire de longues pages de listes"),
}
_SIGNS = {Reach.TENANT: "yes", Reach.TEAM: "own team", Reach.SELF: "own"}
_GUARDS: Mapping[str, tuple[str, ...]] = {
    "opening": ("programme_not_active", "programme_ended", "model_incomplete"),
    "intake → assessment": (
        *("selection_missing", "selection_refused", "waiting_for_place", "waiting_removed"),
        "consent_missing",
    ),
    "intake → refused": ("selection_missing", "selection_admitted"),
    "to a later stage of the work": (
        *("instrument_missing", "instrument_not_final", "instrument_expired"),
    ),
    "assessment → planning": ("strength_missing", "safety_plan_missing"),
    "→ implementation": (
        *("plan_missing", "plan_not_agreed", "plan_empty", "plan_signatory_missing"),
        *("plan_not_approved", "action_incomplete"),
    ),
    "→ evaluation": ("goal_not_scored",),
    "evaluation → closed": ("closure_missing",),
    "reopened →": ("consent_asked_again",),
    "→ transferred": ("transfer_missing", "transfer_consent_missing", "transfer_changed"),
    "→ merged": ("merger_missing",),
    "→ assessment to evaluation": ("referent_missing",),
    "any": ("transition_unknown", "plugin_failed"),
}
"""What may stand against each step; the texts are those that a caller reads."""
_SHOWN_AS = {"secrecy": "protection"}
_INSIDE = {"merged_from"}  # no field of the schema
_LIMITS: Mapping[str, str] = {
    "tokens": "tokens of a document",
    "depth": "nested fields",
    "aliases": "aliases",
    "directives": "directives",
    "root_fields": "root fields",
    "cost": "cost (objects that the answer can hold)",
}


def settings() -> str:
    """Return the settings with their defaults."""
    default = Settings()
    rows = []
    for setting in SETTINGS:
        value = "" if setting.secret else getattr(default, setting.attribute)
        shown = ", ".join(value) if isinstance(value, tuple) else str(value)
        kind = "none; secret" if setting.secret else f"`{shown}`" if shown else ""
        rows.append((f"`{setting.name}`", setting.about, kind))
    return _table(("setting", "what it is", "default"), rows)


def roles() -> str:
    """Return what each role may do."""
    head = ("permission", "to do what", "pour quoi faire", *(f"`{role.upper()}`" for role in ROLES))
    rows = [
        (f"`{one}`", *_MEANING[one], *(_sign(ROLES[role].get(one)) for role in ROLES))
        for one in Permission
    ]
    return _table(head, rows)


def limits() -> str:
    """Return how large an operation may be."""
    most = Limits()
    rows = [(_LIMITS[one.name], f"{getattr(most, one.name):,}") for one in fields(most)]
    budget, streams = Budget(), StreamLimits()
    rows += [
        ("elements of one page", f"{MAX_PAGE} ({DEFAULT_PAGE} where none is asked for)"),
        ("ids of `nodes`", f"{MAX_IDS}"),
        ("connections of one member that stay, a process", f"{streams.member_connections}"),
        ("subscriptions on one connection", f"{streams.operations}"),
        ("bucket of one member", f"{budget.capacity:,}, filled by {budget.restore:,} a second"),
    ]
    return _table(("what", "most"), rows)


def steps() -> str:
    """Return the steps that a model may choose from."""
    rows = [
        (f"`{start}`", ", ".join(f"`{end}`" for end in STAGES if (start, end) in POSSIBLE) or "–")
        for start in STAGES
    ]
    return _table(("from", "to"), rows)


def guards() -> str:
    """Return what may stand against a step, as a caller reads it."""
    texts = catalogue("objections")
    rows = [
        (step if first else "", f"`{code}`", _open(texts[code], "en"), _open(texts[code], "fr"))
        for step, codes in _GUARDS.items()
        for first, code in ((code == codes[0], code) for code in codes)
    ]
    return _table(("step", "code", "what stands against it", "ce qui s'y oppose"), rows)


def hooks() -> str:
    """Return the hooks with their first lines."""
    rows = [
        (f"`{name}`", kind, str(inspect.getdoc(getattr(spec, name))).partition("\n")[0])
        for kind, spec in zip(("registration", "decision", "event"), SPECS, strict=True)
        for name in vars(spec)
        if name.startswith("cordee_")
    ]
    return _table(("hook", "kind", "what it does"), rows)


def disclosure() -> str:
    """Return what each level of disclosure shows beyond the one before it."""
    shown = {
        level: [f"`{_camel(one)}`" for one in SHOWN if SHOWN[one] == level and one not in _INSIDE]
        for level in LEVELS
    }
    rows = [(f"`{level.upper()}`", ", ".join(names)) for level, names in shown.items()]
    return _table(("level", "shows, beside what the ones before it show"), rows)


def _open(text: Text, language: str) -> str:
    return re.sub(r"{\w+}", "…", text[language])


def _camel(name: str) -> str:
    first, *rest = _SHOWN_AS.get(name, name).split("_")
    return first + "".join(one.title() for one in rest)


def _sign(reach: Reach | None) -> str:
    return "" if reach is None else _SIGNS[reach]


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [tuple(head)]
    lines += [tuple("---" for _ in lines[0]), *map(tuple, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


TABLES: Mapping[str, Callable[[], str]] = {
    "settings": settings, "roles": roles, "limits": limits, "steps": steps, "guards": guards,
    "disclosure": disclosure, "hooks": hooks,
}  # fmt: skip


def current(text: str) -> str:
    """Return `text` with each table as it is now."""
    return _BLOCK.sub(lambda one: f"<!-- table {one[1]} -->\n{TABLES[one[1]]()}<!-- end -->", text)


def write() -> None:
    """Bring the tables of all guides up to date."""
    for guide in sorted(GUIDES.glob("*.md")):
        text = guide.read_text(encoding="utf-8")
        if (fresh := current(text)) != text:
            guide.write_text(fresh, encoding="utf-8")
