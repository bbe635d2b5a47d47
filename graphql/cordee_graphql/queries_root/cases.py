"""Persons, cases, referrals."""

from typing import Annotated

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.cases.queries import CaseQuery, cases_like
from cordee_core.people.queries import all_persons
from cordee_graphql.planner.declare import by_id
from cordee_graphql.types.case import Case
from cordee_graphql.types.filters import CaseFilter, PersonFilter
from cordee_graphql.types.lists import root_pages
from cordee_graphql.types.person import Person
from cordee_graphql.types.referral import Referral


@strawberry.type
class CaseQueries:
    """Root fields about persons and their cases."""

    persons = root_pages(
        "The persons registered, newest first; protected ones only where they are asked for. "
        "Null with `FORBIDDEN` without `person.read`.",
        Person,
        "persons.newest",
        lambda wanted, own: all_persons(own, protected=bool(wanted and wanted.protected)),
        Permission.PERSON_READ,
        given=Annotated[PersonFilter | None, strawberry.argument(description="Which persons.")],
        subject="id",
    )
    person = by_id("A person by their id.", Person)
    cases = root_pages(
        "The cases that fit, newest first. Null with `FORBIDDEN` without `case.read`.",
        Case,
        "cases.newest",
        lambda wanted, own: cases_like(wanted.query() if wanted else CaseQuery(), own),
        Permission.CASE_READ,
        given=Annotated[CaseFilter | None, strawberry.argument(description="Which cases.")],
        subject="person_id",
    )
    case = by_id("A case by its id.", Case)
    referral = by_id("A referral by its id.", Referral)
