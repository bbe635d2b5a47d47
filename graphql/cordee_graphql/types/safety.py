"""Safety plans, and who is called when an instrument raises a safety flag."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.assessments.tables import SafetyContact as SafetyContactRow
from cordee_core.plans import tables
from cordee_graphql.nodes import Node
from cordee_graphql.plan_enums import AgreementForm
from cordee_graphql.planner.declare import RowSource, column, named
from cordee_graphql.types.below import BelowCase
from cordee_graphql.types.declaring import described
from cordee_graphql.types.member import Member


@described
class SafetyPlan(BelowCase, Node):
    """One version of what helps when it gets dangerous (its parts: Stanley and Brown 2012)."""

    source = RowSource(table=tables.SafetyPlan, needs=Permission.CASE_READ, below=True)
    version: int = column("Its number: 1, 2, 3.")
    warning_signs: str = column("What announces it.")
    own_coping: str = column("What the person can do alone.")
    people_and_places: str = column("People and places that take the mind off it.")
    contacts: str = column("Who may be asked for help.")
    professionals: str = column("Professionals and emergency numbers.")
    environment: str = column("How the surroundings are made safe.")
    revision_trigger: str | None = column("What made the version before change.")
    language: str = column("In which language (ISO 639) it was spoken about.")
    written_at: datetime = column("When it was written.")
    agreed_on: date | None = column("When the person agreed to it.")
    agreement_form: AgreementForm | None = column("How.")
    row_version: int = column("Raised by each change.")
    author = named("Who wrote it.", Member, "author_id")
    agreement_recorded_by = named("Who recorded the agreement.", Member, "agreement_recorded_by")


@described
class SafetyContact(Node):
    """Who is called when an instrument raises a safety flag: set before it can be used."""

    source = RowSource(table=SafetyContactRow, needs=Permission.MEMBER_READ)
    instrument_code: str = column("Code of the instrument.")
    note: str | None = column("How they are reached.")
    changed_at: datetime = column("Since when.")
    row_version: int = column("Raised by each change.")
    row: strawberry.Private[Mapping[str, Any]]
    member = named("Who is called.", Member, "member_id")
    changed_by = named("Who set it.", Member, "changed_by")
