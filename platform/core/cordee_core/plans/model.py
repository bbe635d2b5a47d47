"""The versions of a plan as pure logic: draft, then agreed or waived, then replaced by the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cordee_core.programmes.model import ModelTemplate

IN_FORCE = ("agreed", "waived")
PERSON = "person"
"""The signatory who is the person; every other code is one that the model names."""

AGREE, WAIVABLE = "plan_agree", "plan_agreed"
"""The act that a model may want approved, and the guard that it may let waive."""

SCALE = range(-2, 3)
"""Goal Attainment Scaling (Kiresuk and Sherman 1968): 0 is the outcome expected."""

RESPONSIBLES = ("member", "person", "relative", "provider")


class PlanStepError(ValueError):
    """The version can't take that step; the text is the code of what stands against it."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version: `touched` says that somebody agreed, dissented or approved it as it is."""

    number: int
    status: str = "draft"
    touched: bool = False

    @property
    def frozen(self) -> bool:
        """Whether its content no longer changes: what was agreed is what stands there."""
        return self.status != "draft" or self.touched


History = tuple[Version, ...]
"""The versions of one person's plan in a case, oldest first."""


def drafted(history: History) -> History:
    """Return the history with its first version. Raises where there is a plan already."""
    if history:
        raise PlanStepError("plan_draft_exists")
    return (Version(1),)


def changed(history: History, number: int) -> History:
    """Return the history after the content of a version changed. Raises where it is frozen."""
    if _at(history, number).frozen:
        raise PlanStepError("plan_frozen")
    return history


def touched(history: History, number: int) -> History:
    """Return the history after somebody agreed, dissented or approved. Raises where replaced."""
    version = _at(history, number)
    if version.status == "replaced":
        raise PlanStepError("plan_frozen")
    return _with(history, replace(version, touched=True))


def settled(history: History, number: int, status: str) -> History:
    """Return the history with a draft in force, agreed or waived, and the one before replaced."""
    version = _at(history, number)
    if version.status != "draft":
        raise PlanStepError("plan_frozen")
    former = tuple(
        replace(one, status="replaced") if one.status in IN_FORCE else one for one in history
    )
    return _with(former, replace(version, status=status))


def revised(history: History) -> History:
    """Return the history with a further draft; a draft that is frozen is replaced by it at once.

    What is in force stays so until the new version is agreed in its turn.
    """
    if not history or not history[-1].frozen:
        raise PlanStepError("plan_not_revisable")
    last = history[-1]
    if last.status == "draft":
        history = _with(history, replace(last, status="replaced"))
    return (*history, Version(last.number + 1))


def _at(history: History, number: int) -> Version:
    return next(one for one in history if one.number == number)


def _with(history: History, version: Version) -> History:
    return tuple(version if one.number == version.number else one for one in history)


def incomplete(action: Mapping[str, Any]) -> bool:
    """Return whether an action lacks a responsible, a date, a method or a goal."""
    needed = ("responsible", "due_on", "method_code", "goal_id")
    return any(action[name] is None for name in needed)


def unsigned(model: ModelTemplate, agreements: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return the further signatories of the model who must agree and have not, in its order.

    Of several words of one signatory the last one counts; `agreements` stand in their order.
    """
    last = {one["signatory"]: one["agrees"] for one in agreements}
    return [one for one in model.signatories if one.required and not last.get(one.code, False)]
