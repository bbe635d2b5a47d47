"""References drawn by lot: they stand in no order, so they leave no gap that tells of somebody."""

import secrets

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # without letters and digits that look alike
_LENGTH = 8


def drawn_reference() -> str:
    """Return a reference for a coded person, or for the case of a protected one."""
    return "C-" + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
