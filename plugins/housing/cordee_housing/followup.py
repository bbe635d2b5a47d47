"""The reminder that follows a request to a housing service."""

from dataclasses import dataclass

from cordee_core import Text

KIND = "housing.referral_followup"


@dataclass(frozen=True, kw_only=True, slots=True)
class HousingSettings:
    """What a tenant may set for this plugin."""

    referral_followup_days: int = 15
    """Days after which the answer to a request is to be checked; 1 to 365."""

    def __post_init__(self) -> None:
        if not 1 <= self.referral_followup_days <= 365:
            raise ValueError("referral_followup_days must be from 1 to 365")


def label(days: int) -> Text:
    """Return the words of the reminder, to check the answer within so many `days`."""
    return {
        "en": f"Housing request sent: check the answer within {_count(days, 'day')}.",
        "fr": f"Demande de logement envoyée : vérifier la réponse sous {_count(days, 'jour')}.",
    }


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
