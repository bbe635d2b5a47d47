"""What a refusal owes the person: how to contest it, and where else to turn, or that nowhere."""

from dataclasses import dataclass

from cordee_core.errors import InvalidInputError
from cordee_core.validation import EMPTY, maybe_text, problem


@dataclass(frozen=True, kw_only=True, slots=True)
class Onward:
    """The appeal route, and the onward referral or an explicit "none"."""

    appeal_route: str | None = None
    onward_referral: str | None = None
    none: bool = False

    def as_inputs(self) -> dict[str, object]:
        """Return it as the record of a change keeps it."""
        return {
            "appeal_route": self.appeal_route,
            "onward_referral": self.onward_referral,
            "onward_none": self.none,
        }


def checked_onward(given: Onward, *, required: bool) -> Onward:
    """Return it without outer blanks; where it is `required`, all of it is there.

    Raises:
        InvalidInputError: the appeal route is missing, or neither or both of onward referral and
            "none" are given.
    """
    appeal = maybe_text(given.appeal_route, "input", "appealRoute", longest=2000)
    onward = maybe_text(given.onward_referral, "input", "onwardReferral", longest=2000)
    if required and appeal is None:
        raise InvalidInputError(path=("input", "appealRoute"), problem=EMPTY)
    if required and onward is None and not given.none:
        raise problem(
            ("input", "onwardReferral"),
            "say where the person is referred to, or that there is none",
            "dites vers qui la personne est orientée, ou qu'il n'y a personne",
        )
    if onward is not None and given.none:
        raise problem(
            ("input", "noOnwardReferral"),
            "there is an onward referral and it is said that there is none",
            "une orientation est donnée et il est dit qu'il n'y en a pas",
        )
    return Onward(appeal_route=appeal, onward_referral=onward, none=given.none and required)
