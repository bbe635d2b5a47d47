"""What belongs to a case: who may read the case may read it, and reading it is journalled."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import strawberry

from cordee_graphql.planner.declare import one
from cordee_graphql.types.declaring import described_interface


@described_interface
class BelowCase:
    """A record of one case."""

    case_id: strawberry.Private[UUID]
    row: strawberry.Private[Mapping[str, Any]]
    case = one("The case that it belongs to.", "cordee_graphql.types.case:Case", "case_id")
