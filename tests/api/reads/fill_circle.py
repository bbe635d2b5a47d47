"""The people and places around the person of the filled case, and what the person says."""

from datetime import UTC, date, datetime
from typing import Any

from cordee_core.circle.join_circle import CircleDraft, join_circle
from cordee_core.customs.record_custom import CustomDraft, record_custom
from cordee_core.households.appoint_representative import (
    RepresentativeDraft,
    appoint_representative,
)
from cordee_core.households.make_household import (
    HouseholdDraft,
    StayDraft,
    join_household,
    make_household,
)
from cordee_core.households.relate_persons import RelationDraft, relate_persons
from cordee_core.interpreters.book_interpreter import BookingDraft, book_interpreter
from cordee_core.people.register_person import PersonDraft, register_person
from cordee_core.places.record_place import PlaceDraft, record_place
from cordee_core.places.write_territory import TerritoryDraft, make_territory
from cordee_core.texts.write_text import PersonTextDraft, write_text
from cordee_core.voice.say import AnswerDraft, StatementDraft, answer_statement, say

TODAY = date(2026, 1, 15)


async def fill_circle(it: Any, odd: str) -> None:
    """Make one of each: household, relation, representative, place, custom, statement …"""
    known, case, person = it.uuids, it.uuids["Case"], it.uuids["Person"]
    other = (await it.do("referent", register_person, PersonDraft(family_name=odd)))["person"]
    made = await it.do("referent", make_household, HouseholdDraft(name=odd, note=odd))
    known["Household"] = made["household"]
    stay = StayDraft(household=made["household"], person=person, role="head", starts_on=TODAY)
    known["HouseholdMember"] = (await it.do("referent", join_household, stay))["stay"]
    relation = RelationDraft(
        person=person, other=other, kind="sibling", detail=odd, starts_on=TODAY
    )
    known["Relation"] = (await it.do("referent", relate_persons, relation))["relation"]
    appointed = RepresentativeDraft(
        person=person, kind="curator", scopes=("administration",), starts_on=TODAY, name=odd,
        proof=odd,
    )  # fmt: skip
    known["Representative"] = (await it.do("referent", appoint_representative, appointed))[
        "representative"
    ]
    area = TerritoryDraft(code=odd, name=odd, team=known["Team"], cap=10)
    known["Territory"] = (await it.do("admin", make_territory, area))["territory"]
    place = PlaceDraft(
        person=person, kind="shelter", starts_on=TODAY, detail=odd, territory=known["Territory"]
    )
    known["PlaceOfLiving"] = (await it.do("referent", record_place, place))["place"]
    custom = CustomDraft(person=person, kind="food", words=odd)
    known["Custom"] = (await it.do("referent", record_custom, custom))["custom"]
    joined = CircleDraft(
        case=case, kind="professional", role=odd, starts_on=TODAY, name=odd, organisation=odd
    )
    known["CircleMember"] = (await it.do("referent", join_circle, joined))["circle_member"]
    booking = BookingDraft(
        case=case, contact_at=datetime(2026, 2, 1, 9, tzinfo=UTC), language="ti",
        mode="telephone", interpreter=odd, relative=False,
    )  # fmt: skip
    known["InterpreterBooking"] = (await it.do("referent", book_interpreter, booking))["booking"]
    text = PersonTextDraft(code="information_sheet", language="en", text=odd)
    known["PersonText"] = (await it.do("admin", write_text, text))["text"]
    said = StatementDraft(case=case, kind="complaint", words=odd, language="fr")
    statement = (await it.do("person", say, said))["statement"]
    known["Statement"] = statement
    answer = AnswerDraft(statement=statement, row_version=1, answer=odd)
    await it.do("supervisor", answer_statement, answer)
