"""What every expected error has: a stable code, parameters of its text, a path."""

from collections.abc import Mapping
from typing import ClassVar


class CordeeError(Exception):
    """Base of all expected errors.

    `params` fill the placeholders of the localised text; `path` says where in the input the
    cause lies (GraphQL argument names and list indexes, outermost first).
    """

    code: ClassVar[str] = "internal"

    def __init__(self, *, path: tuple[str | int, ...] = (), **params: object) -> None:
        self.params: Mapping[str, object] = params
        self.path = path
        super().__init__(self.code + (f" {dict(params)}" if params else ""))
