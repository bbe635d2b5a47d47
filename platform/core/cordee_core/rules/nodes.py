"""The nodes of a rule's tree: conditions that hold or not, and the values they compare.

A condition is true, false or unknown; a value is there or not known. `reader.Reader` makes the
nodes from their JSON form, `compiled` turns them into closures.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from cordee_core.definitions import Source
from cordee_core.languages import Text
from cordee_core.rules.functions import Function

Kind: TypeAlias = Literal["boolean", "number", "date", "text", "texts", "periods"]
"""What a value is, as far as comparing and calling go; money and whole numbers are numbers."""

Operator: TypeAlias = Literal["==", "!=", "<", "<=", ">", ">="]
Unit: TypeAlias = Literal["days", "months", "years"]
Scalar: TypeAlias = bool | int | Decimal | str | datetime.date


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written in the rule itself."""

    value: Scalar
    kind: Kind


@dataclass(frozen=True, slots=True)
class FactValue:
    """What is known of a fact."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class EvaluationDate:
    """The date for which the rule is asked."""

    kind: Kind = "date"


@dataclass(frozen=True, slots=True)
class Lookup:
    """The value of a parameter on the evaluation date, in the row that `keys` name."""

    parameter: str
    keys: tuple["Value", ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class DateDiff:
    """Whole units completed from `start` to `end`; below zero where `end` comes first."""

    start: "Value"
    end: "Value"
    unit: Unit
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class CountItems:
    """How many elements of a list there are, only those `among` some values if these are given."""

    items: "Value"
    among: tuple[Scalar, ...] | None
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class CountHolding:
    """How many of the conditions hold; not known while one of them is not."""

    parts: tuple["Check", ...]
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A sum, product, difference, least or greatest of numbers, exact."""

    operation: Literal["sum", "product", "difference", "min", "max"]
    operands: tuple["Value", ...]
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Choose:
    """The value of the first branch whose condition holds; the last one has no condition."""

    branches: tuple[tuple["Check | None", "Value"], ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Call:
    """The answer of a pure function to values declared by name."""

    function: Function
    arguments: tuple["Value", ...]
    kind: Kind


Value: TypeAlias = (
    Constant
    | FactValue
    | EvaluationDate
    | Lookup
    | DateDiff
    | CountItems
    | CountHolding
    | Arithmetic
    | Choose
    | Call
)


@dataclass(frozen=True, slots=True)
class Mark:
    """The name under which a condition appears in explanations, what it says, and its source."""

    code: str
    sentence: Text | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marked:
    mark: Mark | None = field(default=None)


@dataclass(frozen=True, slots=True)
class All(_Marked):
    """Holds when each part does."""

    parts: tuple["Check", ...]


@dataclass(frozen=True, slots=True)
class AnyOf(_Marked):
    """Holds when a part does."""

    parts: tuple["Check", ...]


@dataclass(frozen=True, slots=True)
class Not(_Marked):
    """Holds when the part does not."""

    part: "Check"


@dataclass(frozen=True, slots=True)
class AtLeast(_Marked):
    """Holds when `number` of the parts do."""

    number: int
    parts: tuple["Check", ...]


@dataclass(frozen=True, slots=True)
class Holds(_Marked):
    """Holds when a fact of type boolean is true."""

    fact: FactValue


@dataclass(frozen=True, slots=True)
class Compare(_Marked):
    """Holds when the comparison does."""

    left: Value
    operator: Operator
    right: Value


@dataclass(frozen=True, slots=True)
class Member(_Marked):
    """Holds when the value is one of `values`; for a list, when one of its elements is."""

    left: Value
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Between(_Marked):
    """Holds when the value is neither below `low` nor above `high`."""

    left: Value
    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class Exists(_Marked):
    """Holds when a fact is known and not empty; an unknown fact leaves it unknown, never false."""

    fact: FactValue


Leaf: TypeAlias = Holds | Compare | Member | Between | Exists
Check: TypeAlias = All | AnyOf | Not | AtLeast | Leaf
