"""Closed vocabularies of needs, plans and obligations; the values are the core's own words."""

from enum import Enum

import strawberry

from cordee_graphql.enums import _word as word


@strawberry.enum(description="How something due stands.")
class ObligationStatus(Enum):
    """States of an obligation."""

    OPEN = word("open", "Due, or late.")
    DONE = word("done", "It was done.")
    CANCELLED = word("cancelled", "It fell away, with a reason.")


@strawberry.enum(description="What an assessment or a conversation brought out.")
class NeedKind(Enum):
    """Kinds of needs."""

    NEED = word("need", "What is lacking.")
    STRENGTH = word("strength", "What the person or their circle can build on.")
    WISH = word("wish", "What is wanted.")
    NONE = word("none", "Neither strength nor wish is recorded; the words say why.")


@strawberry.enum(description="From where it is known.")
class NeedSource(Enum):
    """Sources of a need."""

    ASSESSMENT = word("assessment", "From an assessment of the case.")
    CONVERSATION = word("conversation", "From a conversation.")


@strawberry.enum(description="Whose need, strength or wish it is.")
class NeedHolder(Enum):
    """Holders of a need."""

    PERSON = word("person", "The person supported.")
    RELATIVE = word("relative", "A relative, who has needs of their own.")


@strawberry.enum(description="How a version of a plan stands.")
class PlanStatus(Enum):
    """States of a version."""

    DRAFT = word("draft", "Being written, or waiting for agreement.")
    AGREED = word("agreed", "In force: the person agreed to it.")
    WAIVED = word("waived", "In force without agreement, as the model allows, with a reason.")
    REPLACED = word("replaced", "A later version stands in its place.")


@strawberry.enum(description="Who is responsible for an action.")
class Responsible(Enum):
    """Responsibles."""

    MEMBER = word("member", "A member of the organisation.")
    PERSON = word("person", "The person supported.")
    RELATIVE = word("relative", "A relative, by name.")
    PROVIDER = word("provider", "A provider, by name.")


@strawberry.enum(description="How an action stands.")
class ActionStatus(Enum):
    """States of an action."""

    OPEN = word("open", "Still to be done.")
    DONE = word("done", "Done.")
    CANCELLED = word("cancelled", "Given up, with a reason.")


@strawberry.enum(description="How somebody agreed to a plan.")
class AgreementForm(Enum):
    """Forms of an agreement."""

    SIGNED = word("signed", "By signature.")
    RECORDED = word("recorded", "By words that were recorded.")
    REPRESENTATIVE = word("representative", "By a representative, who is named.")
