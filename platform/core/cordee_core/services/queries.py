"""Queries about the service catalog."""

from dataclasses import dataclass

from cordee_core.database.lists import RowList
from cordee_core.services.tables import Service


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceQuery:
    """Which services are asked for; None asks for any."""

    plugin: str | None = None
    code: str | None = None
    active: bool | None = None


def services_like(wanted: ServiceQuery) -> RowList:
    """Return the services of the tenant's catalog that fit, in the order they were added."""
    columns = (
        (Service.plugin, wanted.plugin),
        (Service.code, wanted.code),
        (Service.active, wanted.active),
    )
    conditions = tuple(column == value for column, value in columns if value is not None)
    return RowList(Service, conditions, newest_first=False)
