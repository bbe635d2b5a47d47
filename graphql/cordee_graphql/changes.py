"""What a change of the schema breaks, and what our policy asks of it.

The policy: a field, argument or enum value is marked ``@deprecated`` for one release before it is
removed, and every breaking change is named in the newest part of ``CHANGELOG.md``.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import graphql
from graphql import BreakingChange, BreakingChangeType, DangerousChange

_REMOVED = frozenset(
    {
        BreakingChangeType.FIELD_REMOVED,
        BreakingChangeType.ARG_REMOVED,
        BreakingChangeType.VALUE_REMOVED_FROM_ENUM,
    }
)
_MEMBER = re.compile(r"@?\w+\.\w+(?:\(\w+:\))?|@\w+\(\w+:\)")
_PROSE = "Standard|Field|Argument|Enum|Directive|Repeatable|An?"
_NAME = re.compile(rf"@\w+|\b(?!(?:{_PROSE})\b)[A-Z]\w*")
_PART = re.compile(r"^## .*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


class Weight(StrEnum):
    """How bad a change is for clients: it fails, or it may behave in another way."""

    BREAKING = "breaking"
    DANGEROUS = "dangerous"


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One change: where (a schema coordinate), what, and what the policy misses of it."""

    weight: Weight
    coordinate: str
    description: str
    missing: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.weight}: {self.description}"


def changes_between(before: str, after: str, changelog: str) -> list[SchemaChange]:
    """Return what in the schema `after` may hurt a client written for `before`."""
    old, new = graphql.build_schema(before), graphql.build_schema(after)
    newest = _PART.search(changelog)
    told = newest[0] if newest else ""
    return [
        *(_breaking(old, change, told) for change in graphql.find_breaking_changes(old, new)),
        *(_dangerous(change) for change in graphql.find_dangerous_changes(old, new)),
    ]


def _breaking(old: graphql.GraphQLSchema, change: BreakingChange, told: str) -> SchemaChange:
    coordinate = coordinate_in(change.description)
    missing: list[str] = []
    if not re.search(rf"(?<![\w.@]){re.escape(coordinate)}(?![\w.(])", told):
        missing.append(f"the newest part of CHANGELOG.md does not name {coordinate}")
    if change.type in _REMOVED and not _deprecated(old, coordinate):
        missing.append(f"{coordinate} was not @deprecated in the release before")
    return SchemaChange(Weight.BREAKING, coordinate, change.description, tuple(missing))


def _dangerous(change: DangerousChange) -> SchemaChange:
    return SchemaChange(Weight.DANGEROUS, coordinate_in(change.description), change.description)


def coordinate_in(description: str) -> str:
    """Return the schema coordinate that a change's description names."""
    found = _MEMBER.search(description) or _NAME.search(description)
    return found[0] if found else description


def _deprecated(schema: graphql.GraphQLSchema, coordinate: str) -> bool:
    """Return whether `schema` marks the member at `coordinate`, or the field around it."""
    found = re.fullmatch(r"(\w+)\.(\w+)(?:\((\w+):\))?", coordinate)
    if found is None:  # arguments of directives can't be marked
        return True
    owner: Any = schema.get_type(found[1])
    members = getattr(owner, "fields", None) or getattr(owner, "values", {})
    member = members[found[2]]
    argument = member.args[found[3]] if found[3] else None
    return any(one is not None and one.deprecation_reason for one in (member, argument))
