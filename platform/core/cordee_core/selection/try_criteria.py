"""Loads what dry runs need: what is known of persons, and the decisions taken so far."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from cordee_core.access.scope import Scope
from cordee_core.errors import UnknownRuleError
from cordee_core.programmes.checking import checked_rule
from cordee_core.programmes.definition import ProgrammeDefinition, parse_draft
from cordee_core.programmes.parts import Profile
from cordee_core.programmes.queries import current_version
from cordee_core.selection.criteria import chosen_profile, criteria_of
from cordee_core.selection.dry_run import CriteriaRun, TargetGroupRun, run_criteria, run_profiles
from cordee_core.selection.queries import decided_cases, facts_of_persons

MOST_RECORDS = 20_000
"""Records of facts that one dry run reads."""
MOST_CASES = 5_000
"""Decided cases that one dry run reads, the newest first."""


async def try_profiles(scope: Scope, definition: ProgrammeDefinition) -> TargetGroupRun:
    """Return what the profiles say of the persons of whom facts were recorded.

    Of one person the newest value of each fact counts. Profiles without criteria are left out.
    """
    rules = {
        one.code: criteria_of(scope, one)
        for one in definition.target_group
        if one.has_criteria and _known(scope, one)
    }
    rows = await facts_of_persons(MOST_RECORDS)
    persons = [
        {name: value for row in group for name, value in row["facts"].items()}
        for _, group in groupby(rows, key=lambda row: row["person_id"])
    ]
    return run_profiles(rules, persons, scope.clock().date())


async def try_criteria(
    scope: Scope,
    programme: Mapping[str, Any],
    profile: str | None,
    criteria: Mapping[str, object] | None,
) -> CriteriaRun | None:
    """Return who would change if the profile had these `criteria`, or those written in the draft.

    None before the programme's first activation: nothing was decided by its criteria.

    Raises:
        InvalidInputError: there is no such profile, or the criteria are no rule; it says where.
    """
    version = await current_version(UUID(str(programme["id"])))
    if version is None:
        return None
    profiles = parse_draft(version["definition"]).target_group
    before = chosen_profile(profiles, profile)
    if criteria is not None:
        after = checked_rule(criteria, "criteria")
    else:
        written = parse_draft(programme["definition"]).target_group
        after = criteria_of(scope, chosen_profile(written, before.code))
    rows = await decided_cases(UUID(str(programme["id"])), MOST_CASES)
    mine = [row for row in rows if row["profile"] == before.code]
    return run_criteria(criteria_of(scope, before), after, mine)


def _known(scope: Scope, profile: Profile) -> bool:
    if profile.criteria is None:
        return True
    try:
        scope.host.rule(profile.criteria)
    except UnknownRuleError:
        return False
    return True
