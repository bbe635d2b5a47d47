"""Global ids: opaque, stable, unique across types (Relay's global object identification)."""

import base64
import binascii
import re
from functools import lru_cache
from uuid import UUID

from cordee_core.errors import NotFoundError

_TYPE = re.compile(r"[A-Z][A-Za-z0-9]{0,63}")
_LONGEST = 160


def encode(type_name: str, uuid: UUID) -> str:
    """Return the global id of the object `uuid` of the type `type_name`."""
    return base64.b64encode(f"{type_name}:{uuid}".encode()).decode()


def decode(gid: str, *path: str | int) -> tuple[str, UUID]:
    """Return the type's name and the UUID in the global id `gid`.

    Only the form that `encode` gives is taken, so an object has one id.

    Raises:
        NotFoundError: it is no id of ours, said as if the object were absent. `path` says where
            in the input the id stood.
    """
    found = _read(gid) if len(gid) <= _LONGEST else None
    if found is None:
        raise NotFoundError(path=path)
    return found


@lru_cache(1024)
def _read(gid: str) -> tuple[str, UUID] | None:
    """Return what an id says, None where it is none; a request looks at each several times."""
    try:
        type_name, _, rest = base64.b64decode(gid, validate=True).decode("ascii").partition(":")
        uuid = UUID(rest)
    except (ValueError, binascii.Error):
        return None
    if not _TYPE.fullmatch(type_name) or encode(type_name, uuid) != gid:
        return None
    return type_name, uuid


def uuid_of(gid: str, type_name: str, *path: str | int) -> UUID:
    """Return the UUID in `gid`, which must be an id of the type `type_name`.

    Raises:
        NotFoundError: it is no id of ours or one of another type.
    """
    found, uuid = decode(gid, *path)
    if found != type_name:
        raise NotFoundError(path=path)
    return uuid
