"""How values go into JSON columns."""

import msgspec

_JSON = msgspec.json.Encoder(decimal_format="number", uuid_format="canonical")


def encode_json(value: object) -> str:
    """Return `value` as JSON text; a string is JSON already (Piccolo encodes before asyncpg)."""
    return value if isinstance(value, str) else _JSON.encode(value).decode()
