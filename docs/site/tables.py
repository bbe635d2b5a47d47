"""The tables of the guides that the code knows better: settings, roles, limits.

Each stands between ``<!-- table NAME -->`` and ``<!-- end -->``, where `write` puts it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path

from cordee_core.access.permissions import ROLES, Permission, Reach
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
    Permission.CASE_READ: ("read cases", "lire les suivis"),
    Permission.CASE_OPEN: ("open cases", "ouvrir un suivi"),
    Permission.CASE_DECIDE: ("decide selection, eligibility", "décider admission et éligibilité"),
    Permission.CASE_ASSIGN: ("designate the referent", "désigner le référent"),
    Permission.CASE_WRITE: ("note, assess, record consent", "noter, évaluer, recueillir l'accord"),
    Permission.CASE_MOVE: ("move a case to another stage", "faire changer un suivi d'étape"),
    Permission.REFERRAL_SEND: ("prepare and send referrals", "préparer, envoyer une orientation"),
    Permission.REFERRAL_RECEIVE: ("note that one was received", "noter qu'elle est reçue"),
    Permission.REFERRAL_DECIDE: ("note acceptance or refusal", "noter acceptation ou refus"),
    Permission.JOURNAL_READ: ("read the journal", "lire le journal"),
}
_SIGNS = {Reach.TENANT: "yes", Reach.SELF: "own record"}
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


def _sign(reach: Reach | None) -> str:
    return "" if reach is None else _SIGNS[reach]


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [tuple(head)]
    lines += [tuple("---" for _ in lines[0]), *map(tuple, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


TABLES: Mapping[str, Callable[[], str]] = {"settings": settings, "roles": roles, "limits": limits}


def current(text: str) -> str:
    """Return `text` with each table as it is now."""
    return _BLOCK.sub(lambda one: f"<!-- table {one[1]} -->\n{TABLES[one[1]]()}<!-- end -->", text)


def write() -> None:
    """Bring the tables of all guides up to date."""
    for guide in sorted(GUIDES.glob("*.md")):
        text = guide.read_text(encoding="utf-8")
        if (fresh := current(text)) != text:
            guide.write_text(fresh, encoding="utf-8")
