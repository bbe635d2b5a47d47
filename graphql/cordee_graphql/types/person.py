"""The persons whom cases are about."""

from datetime import date, datetime

from cordee_core.access.permissions import Permission
from cordee_core.cases.queries import CASES_OF_PERSON
from cordee_core.people import tables
from cordee_graphql.enums import BirthDatePrecision, Sex
from cordee_graphql.nodes import Node
from cordee_graphql.planner.declare import RowSource, column
from cordee_graphql.types.declaring import described
from cordee_graphql.types.lists import pages


@described
class Person(Node):
    """Somebody whom cases are about."""

    source = RowSource(table=tables.Person, needs=Permission.PERSON_READ, subject="id")

    number: str = column("The organisation's number, as `2026-000001`.")
    family_name: str = column("Family name, in any script.")
    given_names: str = column("Given names; may be empty.")
    birth_date: date | None = column("Birth date, as exact as it is known.")
    birth_date_precision: BirthDatePrecision = column(
        "How exact the birth date is, or why there is none."
    )
    sex: Sex = column("Sex as the person says it.")
    languages: list[str] = column("Languages that the person speaks (ISO 639), the best first.")
    interpreter_needed: bool = column("Whether an interpreter is needed.")
    phone: str | None = column("Telephone number.")
    email: str | None = column("Address for mail.")
    safe_contact: str | None = column(
        "How the person can be reached without danger. Read it before any contact."
    )
    created_at: datetime = column("When the person was registered.")
    row_version: int = column("Raised by each change.")

    cases = pages(
        "The person's cases, newest first. Null with `FORBIDDEN` without `case.read`.",
        "cordee_graphql.types.case:Case",
        CASES_OF_PERSON,
        order="person.cases",
        needs=Permission.CASE_READ,
    )
