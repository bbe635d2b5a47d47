"""The life of a case as a state machine: pure, driven by the model (`domain.md` §2).

`POSSIBLE` is what any model may choose from, the model says which of it exists. The same pairs are
refused by the database (migration ``9_lifecycle``).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cordee_core.programmes.model import STAGES as MODEL_STAGES

STAGES = (*(one for one in MODEL_STAGES if one != "merged"), "merged")
"""All stages; a case is merged into another one whatever the model says."""

WORKING = ("assessment", "planning", "implementation", "monitoring", "evaluation")
"""The stages in which a case has a referent, always."""

ENDED = ("closed", "transferred", "refused", "merged")
"""The stages of a case that is no longer open."""

_LEAVING = ("transferred", "merged")
_ASIDE = ("on_hold", *_LEAVING)

_NEXT: dict[str, tuple[str, ...]] = {
    "intake": ("assessment", "refused", *_ASIDE),
    "assessment": ("planning", "evaluation", *_ASIDE),
    "planning": ("assessment", "implementation", "evaluation", *_ASIDE),
    "implementation": ("assessment", "planning", "monitoring", "evaluation", *_ASIDE),
    "monitoring": ("assessment", "planning", "implementation", "evaluation", *_ASIDE),
    "evaluation": (
        *("assessment", "planning", "implementation", "monitoring", "closed"),
        *_ASIDE,
    ),
    "closed": ("reopened",),
    "on_hold": ("intake", *WORKING, "reopened", *_LEAVING),
    "reopened": ("assessment", "planning", "closed", *_ASIDE),
    "transferred": (),
    "refused": (),
    "merged": (),
}

POSSIBLE = frozenset((start, end) for start, ends in _NEXT.items() for end in ends)
"""The changes of stage that a model may provide for."""

Pair = tuple[str, str]


class IllegalMoveError(ValueError):
    """The case can't go there, whatever the model says."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands; `held_from` is the stage that a case on hold came from."""

    stage: str = "intake"
    held_from: str | None = None


def targets(allowed: Collection[Pair], standing: Standing) -> tuple[str, ...]:
    """Return the stages to which a case may go where the model allows these pairs, in their order.

    A case on hold returns to the stage it came from, and goes elsewhere only to be evaluated or to
    leave, where the model says so.
    """
    return tuple(
        end
        for end in STAGES
        if end != "merged" and (standing.stage, end) in allowed and _fits(standing, end)
    )


def step(standing: Standing, target: str) -> Standing:
    """Return where a case stands after it went to `target`. Raises IllegalMoveError."""
    if not _fits(standing, target):
        raise IllegalMoveError(f"{standing.stage} → {target}")
    return Standing(target, standing.stage if target == "on_hold" else None)


def replay(history: Iterable[Pair]) -> Standing:
    """Return where a case stands after these changes of stage since its opening.

    Raises:
        IllegalMoveError: a change does not begin where the one before it ended, or can't be.
    """
    standing = Standing()
    for start, end in history:
        if start != standing.stage:
            raise IllegalMoveError(f"{start} is not {standing.stage}")
        standing = step(standing, end)
    return standing


def _fits(standing: Standing, target: str) -> bool:
    if (standing.stage, target) not in POSSIBLE:
        return False
    if standing.stage != "on_hold" or target in _LEAVING:
        return True
    if target == "evaluation" and standing.held_from in WORKING:
        return True
    return target == standing.held_from
