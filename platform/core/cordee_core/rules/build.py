"""Builds a rule's tree in Python: the JSON that plugins write as YAML and tenants in a form.

    any_(fact("age") >= 60, all_(fact("alone"), fact("income") < lookup("ceilings", fact("size"))))

Every function returns plain mappings and lists (`Node` and `Operand` hold them in `tree`); `tree`
gives them to `parse_rule`.
"""

import datetime
from collections.abc import Mapping, Sequence


class Node:
    """A condition."""

    def __init__(self, tree: Mapping[str, object]) -> None:
        self.tree: dict[str, object] = dict(tree)

    def named(
        self, code: str, *, sentence: Mapping[str, str] | None = None, source: str | None = None
    ) -> "Node":
        """Return the condition under a code of its own, with what it says and its source."""
        marks = {"code": code, "sentence": sentence, "source": source}
        return Node({**self.tree, **{key: one for key, one in marks.items() if one is not None}})


class Operand:
    """A value; comparing it gives a condition."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, tree: Mapping[str, object]) -> None:
        self.tree: dict[str, object] = dict(tree)

    def __eq__(self, other: object) -> Node:  # type: ignore[override]
        return self._compare("==", other)

    def __ne__(self, other: object) -> Node:  # type: ignore[override]
        return self._compare("!=", other)

    def __lt__(self, other: object) -> Node:
        return self._compare("<", other)

    def __le__(self, other: object) -> Node:
        return self._compare("<=", other)

    def __gt__(self, other: object) -> Node:
        return self._compare(">", other)

    def __ge__(self, other: object) -> Node:
        return self._compare(">=", other)

    def __add__(self, other: object) -> "Operand":
        return Operand({"sum": [self.tree, tree(other)]})

    def __sub__(self, other: object) -> "Operand":
        return Operand({"difference": [self.tree, tree(other)]})

    def __mul__(self, other: object) -> "Operand":
        return Operand({"product": [self.tree, tree(other)]})

    def in_(self, *values: object) -> Node:
        """Return: one of the values, or for a list, one of its elements among them."""
        return Node({"in": {"left": self.tree, "values": [tree(value) for value in values]}})

    def between(self, low: object, high: object) -> Node:
        """Return: neither below `low` nor above `high`."""
        return Node({"between": {"left": self.tree, "low": tree(low), "high": tree(high)}})

    def _compare(self, operator: str, other: object) -> Node:
        return Node({"cmp": {"left": self.tree, "op": operator, "right": tree(other)}})


def tree(one: object) -> object:
    """Return the JSON form of a node, an operand or a constant."""
    if isinstance(one, (Node, Operand)):
        return one.tree
    if isinstance(one, datetime.date):
        return {"date": one.isoformat()}
    return one


def all_(*parts: "Node | Operand") -> Node:
    """Return: each part holds."""
    return Node({"all": [part.tree for part in parts]})


def any_(*parts: "Node | Operand") -> Node:
    """Return: a part holds."""
    return Node({"any": [part.tree for part in parts]})


def not_(part: "Node | Operand") -> Node:
    """Return: the part does not hold."""
    return Node({"not": part.tree})


def at_least(number: int, *parts: "Node | Operand") -> Node:
    """Return: `number` of the parts hold."""
    return Node({"at_least": {"n": number, "of": [part.tree for part in parts]}})


def exists(name: str) -> Node:
    """Return: the fact is known and not empty."""
    return Node({"exists": name})


def fact(name: str) -> Operand:
    """Return the value of a fact; a fact of type boolean is a condition, too."""
    return Operand({"fact": name})


def param(name: str) -> Operand:
    """Return the value of a parameter on the evaluation date."""
    return Operand({"param": name})


def lookup(name: str, *by: object) -> Operand:
    """Return the value of a table's row on the evaluation date."""
    return Operand({"table_lookup": {"param": name, "by": [tree(key) for key in by]}})


def date_diff(start: object, end: object, unit: str) -> Operand:
    """Return the whole ``days``, ``months`` or ``years`` completed from `start` to `end`."""
    return Operand({"date_diff": {"from": tree(start), "to": tree(end), "unit": unit}})


def evaluation_date() -> Operand:
    """Return the date for which the rule is asked."""
    return Operand({"evaluation_date": True})


def count(*parts: "Node | Operand") -> Operand:
    """Return how many of the parts hold."""
    return Operand({"count": {"of": [part.tree for part in parts]}})


def count_items(items: Operand, among: Sequence[object] | None = None) -> Operand:
    """Return how many elements a list has, only those `among` some values if these are given."""
    limit = {} if among is None else {"among": [tree(one) for one in among]}
    return Operand({"count": {"list": items.tree, **limit}})


def least(*operands: object) -> Operand:
    """Return the least of the numbers."""
    return Operand({"min": [tree(one) for one in operands]})


def greatest(*operands: object) -> Operand:
    """Return the greatest of the numbers."""
    return Operand({"max": [tree(one) for one in operands]})


def choose(*branches: "tuple[Node | Operand, object]", otherwise: object) -> Operand:
    """Return the value of the first branch whose condition holds, else `otherwise`."""
    rows: list[object] = [{"when": when.tree, "value": tree(value)} for when, value in branches]
    return Operand({"choose": [*rows, {"value": tree(otherwise)}]})


def call(function: str, **inputs: object) -> Operand:
    """Return what a function answers to the inputs."""
    given = {name: tree(value) for name, value in inputs.items()}
    return Operand({"call": {"function": function, "with": given}})


def use(name: str) -> Operand:
    """Return a value of the rule's `definitions`; it stands for a condition where that is one."""
    return Operand({"use": name})
