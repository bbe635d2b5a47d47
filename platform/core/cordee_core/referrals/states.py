"""The states of a referral and who may move it from one to the next."""

from collections.abc import Mapping
from dataclasses import dataclass

from cordee_core.access.permissions import Permission


@dataclass(frozen=True, slots=True)
class Step:
    """One move: from which state to which, under which permission."""

    start: str
    end: str
    permission: Permission


STEPS: Mapping[str, Step] = {
    "send": Step("draft", "sent", Permission.REFERRAL_SEND),
    "receive": Step("sent", "received", Permission.REFERRAL_RECEIVE),
    "accept": Step("received", "accepted", Permission.REFERRAL_DECIDE),
    "decline": Step("received", "declined", Permission.REFERRAL_DECIDE),
}
"""The moves of this version (`domain.md` §7 names them all)."""
