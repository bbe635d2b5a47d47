"""Closed vocabularies about the people and places around a person."""

from enum import Enum

import strawberry

from cordee_graphql.enums import _word as word


@strawberry.enum(description="What somebody is in a household.")
class HouseholdRole(Enum):
    """Roles in a household."""

    HEAD = word("head", "Who answers for it.")
    PARTNER = word("partner", "The partner of the head.")
    CHILD = word("child", "A child, of whatever age.")
    PARENT = word("parent", "A parent of the head or partner.")
    OTHER_RELATIVE = word("other_relative", "Another relative.")
    OTHER = word("other", "Somebody else.")


@strawberry.enum(description="What one person is to another one; a relation has a direction.")
class RelationKind(Enum):
    """Kinds of relation."""

    PARENT = word("parent", "A parent.")
    STEP_PARENT = word("step_parent", "A step-parent.")
    FOSTER_PARENT = word("foster_parent", "A foster parent.")
    GRANDPARENT = word("grandparent", "A grandparent.")
    GUARDIAN = word("guardian", "A guardian.")
    SIBLING = word("sibling", "A brother or sister.")
    SPOUSE = word("spouse", "Married to the other.")
    PARTNER = word("partner", "The partner of the other.")
    FORMER_PARTNER = word("former_partner", "A former partner.")
    CARER = word("carer", "Cares for the other.")
    FRIEND = word("friend", "A friend.")
    NEIGHBOUR = word("neighbour", "A neighbour.")
    OTHER = word("other", "Something else; see the detail.")


@strawberry.enum(description="By what somebody may act for a person.")
class RepresentativeKind(Enum):
    """Kinds of representative."""

    PARENT = word("parent", "A parent of a minor.")
    GUARDIAN = word("guardian", "A guardian appointed by law or court.")
    CURATOR = word("curator", "A curator appointed by a court.")
    MANDATARY = word("mandatary", "Mandated by the person.")
    TRUSTED_PERSON = word("trusted_person", "Named by the person to be asked.")
    OTHER = word("other", "By something else; see the proof.")


@strawberry.enum(description="In what somebody may act for a person.")
class RepresentativeScope(Enum):
    """Scopes of a representative."""

    CONSENT = word("consent", "Consents.")
    CARE = word("care", "Decisions about care and treatment.")
    PROPERTY = word("property", "Property and money.")
    RESIDENCE = word("residence", "Where the person lives.")
    EDUCATION = word("education", "School and training.")
    ADMINISTRATION = word("administration", "Requests, letters, statements.")


@strawberry.enum(description="What somebody is in the circle of a case.")
class CircleKind(Enum):
    """Kinds of circle member."""

    MEMBER = word("member", "A member of the organisation.")
    RELATIVE = word("relative", "A relative.")
    PROFESSIONAL = word("professional", "A professional from elsewhere.")
    VOLUNTEER = word("volunteer", "A volunteer.")
    PEER = word("peer", "Somebody who went through the like.")
    NEIGHBOUR = word("neighbour", "A neighbour.")
    ASSOCIATION = word("association", "An association.")
    OTHER = word("other", "Somebody else.")


@strawberry.enum(description="How much of a person somebody in the circle may see.")
class CircleAccess(Enum):
    """Levels of disclosure, each with what the ones before it show."""

    NONE = word("none", "Nothing.")
    EXISTS = word("exists", "That there is such a person.")
    NAME = word("name", "The name.")
    SUMMARY = word("summary", "What a first meeting needs.")
    FULL = word("full", "Everything the role permits.")


@strawberry.enum(description="What kind of place a person lives in.")
class PlaceKind(Enum):
    """Kinds of place of living."""

    HOME = word("home", "The person's own home.")
    INSTITUTION = word("institution", "An institution.")
    SHELTER = word("shelter", "A shelter.")
    WITH_OTHERS = word("with_others", "With others, in their home.")
    NONE = word("none", "Nowhere.")
    UNKNOWN = word("unknown", "It is not known.")


@strawberry.enum(description="What a custom is about.")
class CustomKind(Enum):
    """Kinds of custom."""

    FAITH = word("faith", "Faith and its days.")
    FOOD = word("food", "Food.")
    WORKER_GENDER = word("worker_gender", "The gender of who works with the person.")
    WHO_MAY_BE_TOLD = word("who_may_be_told", "Who may be spoken to, about what.")
    WHO_DECIDES = word("who_decides", "Who decides with the person.")
    OTHER = word("other", "Something else.")


@strawberry.enum(description="How an interpreter works.")
class InterpreterMode(Enum):
    """Modes of interpreting."""

    ON_SITE = word("on_site", "In the same room.")
    TELEPHONE = word("telephone", "By telephone.")
    VIDEO = word("video", "By video.")


@strawberry.enum(description="What became of a booking.")
class BookingStatus(Enum):
    """States of a booking."""

    BOOKED = word("booked", "Still to come.")
    HELD = word("held", "The interpreter came.")
    MISSED = word("missed", "The interpreter did not come.")
    CANCELLED = word("cancelled", "Not needed any more.")


@strawberry.enum(description="What the person says.")
class StatementKind(Enum):
    """Kinds of statement."""

    WISH = word("wish", "A wish.")
    GOAL = word("goal", "A goal of their own.")
    COMMENT = word("comment", "A comment on what is written or planned.")
    DISSENT = word("dissent", "A dissent.")
    CHOICE = word("choice", "A choice among offers; the refused ones are kept.")
    COMPLAINT = word("complaint", "A complaint: an answer is due.")
    REFERENT_REQUEST = word("referent_request", "A request for another referent: likewise.")


@strawberry.enum(description="How the person came to say it.")
class StatementForm(Enum):
    """Forms of a statement."""

    OWN = word("own", "By themself.")
    REPRESENTATIVE = word("representative", "Through who may act for them.")
    SUPPORTED = word("supported", "With support, which is described.")


@strawberry.enum(description="A text that persons read.")
class PersonTextCode(Enum):
    """Texts that a tenant writes in the languages of its persons."""

    INFORMATION_SHEET = word("information_sheet", "What is done with the person's data, and why.")
    CONSENT = word("consent", "What the person agrees to.")
    APPEAL_ROUTE = word("appeal_route", "Where to appeal a refusal.")
    COMPLAINT_ROUTE = word("complaint_route", "Where to complain.")
    RIGHTS = word("rights", "The person's rights.")
    CLOSING = word("closing", "What follows when the support ends.")
