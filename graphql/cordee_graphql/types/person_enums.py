"""Closed vocabularies of persons; the values are the core's own words."""

from enum import Enum

from cordee_graphql.types.enums import enumeration


@enumeration
class Gender(Enum):
    """Gender as the person says it; `UNKNOWN` and `REFUSED` are answers."""

    WOMAN = "woman"
    MAN = "man"
    NON_BINARY = "non_binary"
    OTHER = "other"
    UNKNOWN = "unknown"
    REFUSED = "refused"


@enumeration
class NameKind(Enum):
    """What a further name of a person is."""

    OFFICIAL = "official"
    USED = "used"
    BIRTH = "birth"
    ALIAS = "alias"


@enumeration
class ContactKind(Enum):
    """What a further contact point is."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    MESSAGING = "messaging"
    OTHER = "other"


@enumeration
class Unanswered(Enum):
    """Why a field is empty: it was asked and is not known, or the person would not say."""

    UNKNOWN = "unknown"
    REFUSED = "refused"


@enumeration
class PersonFieldType(Enum):
    """What the value of a field is that the organisation added."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"


@enumeration
class Protection(Enum):
    """How a person is protected: not, known by name to few, or registered without a name."""

    NONE = "none"
    RESTRICTED = "restricted"
    CODED = "coded"


@enumeration
class DisclosureLevel(Enum):
    """How much of a person is shown, each level what the ones before it show and more."""

    NONE = "none"
    EXISTS = "exists"
    NAME = "name"
    SUMMARY = "summary"
    FULL = "full"


@enumeration
class AccessSource(Enum):
    """By what a member has access to a protected person."""

    REFERENT = "referent"
    CIRCLE = "circle"
    GRANTED = "granted"
    OWN = "own"


@enumeration
class PersonChangeKind(Enum):
    """What happened to the record of a person."""

    REGISTERED = "registered"
    UPDATED = "updated"
    IDENTIFIER_ADDED = "identifier_added"
    IDENTIFIER_REMOVED = "identifier_removed"
    PROTECTED = "protected"
    ACCESS_GRANTED = "access_granted"
    ACCESS_ENDED = "access_ended"
    MERGED = "merged"
    UNMERGED = "unmerged"
