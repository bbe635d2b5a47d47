"""The settings of an installation, read once from the environment.

Each setting ``CORDEE_X`` may be given as ``CORDEE_X_FILE``, the path of a file that holds the value
(a mounted secret). A name that is no setting is refused: a slip of the pen is not a default.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from cordee_core.errors import ConfigurationError

PREFIX = "CORDEE_"
KEY_BYTES = 32
"""Least length of a context key: as long as the digest of HMAC-SHA256 (RFC 2104 §3)."""


def _text(value: str) -> str:
    return value


def _url(*schemes: str) -> Callable[[str], str]:
    forms = " or ".join(f"{scheme}://…" for scheme in schemes)

    def parse(value: str) -> str:
        if not _is_address(value, schemes):
            raise ValueError(f"is no address of the form {forms}")
        return value

    return parse


def _is_address(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        known = parts.scheme in schemes and parts.port != 0
    except ValueError:  # its text would repeat a piece of the address
        return False
    return known and bool(parts.hostname or parts.path.strip("/"))


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not re.fullmatch(r"\d{1,18}", value) or not least <= int(value) <= most:
            raise ValueError(f"is no whole number from {least} to {most}")
        return int(value)

    return parse


def _flag(value: str) -> bool:
    if value.lower() not in {"true", "false", "1", "0", "yes", "no"}:
        raise ValueError("is neither true nor false")
    return value.lower() in {"true", "1", "yes"}


def _names(value: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in value.split(",") if part.strip())
    if not all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names):
        raise ValueError("is no list of names separated by commas")
    return names


def _origins(value: str) -> tuple[str, ...]:
    origins = tuple(part.strip() for part in value.split(",") if part.strip())
    if not all(re.fullmatch(r"https?://[^/\s?#*@]+", origin) for origin in origins):
        raise ValueError("is no list of origins (https://host:port) separated by commas")
    return origins


def _level(value: str) -> str:
    if value.lower() not in {"debug", "info", "warning", "error"}:
        raise ValueError("is none of debug, info, warning, error")
    return value.lower()


def _parser(value: str) -> str:
    if value.lower() not in {"fast", "stock"}:
        raise ValueError("is neither fast nor stock")
    return value.lower()


def _keys(value: str) -> Mapping[str, bytes]:
    keys: dict[str, bytes] = {}
    for part in value.split(","):
        named = re.fullmatch(r"([a-z0-9_-]{1,16}):(.+)", part.strip())
        kid, secret = (named[1], named[2]) if named else ("k1", part.strip())
        if kid in keys:
            raise ValueError(f"names the key {kid!r} twice")
        keys[kid] = _key(secret)
    return MappingProxyType(keys)


def _key(secret: str) -> bytes:
    as_hex = re.fullmatch(r"(?:[0-9a-fA-F]{2})+", secret) is not None
    raw = bytes.fromhex(secret) if as_hex and len(secret) >= 2 * KEY_BYTES else secret.encode()
    if len(raw) < KEY_BYTES:
        raise ValueError(f"is shorter than {KEY_BYTES} bytes")
    return raw


@dataclass(frozen=True)
class Setting:
    """One setting: its name in the environment, what it is for and how its text is read."""

    name: str
    about: str
    parse: Callable[[str], object] = _text
    secret: bool = False

    @property
    def attribute(self) -> str:
        """Name of the setting in `Settings`: lower case, without the prefix."""
        return self.name.removeprefix(PREFIX).lower()


_POSTGRES = _url("postgresql", "postgres")

SETTINGS: tuple[Setting, ...] = (
    Setting("CORDEE_DATABASE_URL", "PostgreSQL as the application's role", _POSTGRES, secret=True),
    Setting("CORDEE_MIGRATOR_DATABASE_URL", "PostgreSQL as the migrator", _POSTGRES, secret=True),
    Setting("CORDEE_RELAY_DATABASE_URL", "PostgreSQL as the relay", _POSTGRES, secret=True),
    Setting("CORDEE_REDIS_URL", "Redis", _url("redis", "rediss", "unix"), secret=True),
    Setting(
        "CORDEE_CONTEXT_KEY",
        "signs the database context: 32 bytes or more, or kid:key,kid:key (the last signs)",
        _keys,
        secret=True,
    ),
    Setting("CORDEE_HOST", "address that the web process listens on", _text),
    Setting("CORDEE_PORT", "port that the web process listens on", _whole(1, 65535)),
    Setting("CORDEE_WORKERS", "web processes of one `cordee serve`", _whole(1, 64)),
    Setting("CORDEE_POOL_SIZE", "database connections of one process", _whole(1, 200)),
    Setting("CORDEE_MAX_BODY_BYTES", "largest request body", _whole(1024, 1 << 30)),
    Setting("CORDEE_OPERATION_SECONDS", "longest time of one operation", _whole(1, 600)),
    Setting("CORDEE_REQUIRED_PLUGINS", "plugins without which nothing is served", _names),
    Setting("CORDEE_CORS_ORIGINS", "web pages elsewhere that may call the API", _origins),
    Setting("CORDEE_TRUSTED_DOCUMENTS", "folder of the documents that clients name by their hash"),
    Setting("CORDEE_TRUSTED_ONLY", "whether only those documents are executed", _flag),
    Setting("CORDEE_GRAPHIQL", "whether /graphql answers a browser with GraphiQL", _flag),
    Setting("CORDEE_SHOW_PLANS", "whether answers show their SQL (for development only)", _flag),
    Setting("CORDEE_HTTP_PARSER", "who reads HTTP/1.1: fast (httptools) or stock (h11)", _parser),
    Setting("CORDEE_LOG_LEVEL", "least level that is logged", _level),
    Setting("CORDEE_CACHE", "folder for notes on plugins that loaded before; may be lost"),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True)
class Settings:
    """The checked settings of a process.

    The properties raise `ConfigurationError` where a process needs a setting that nobody gave: a
    relay runs without the application's address, a migration without Redis.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    pool_size: int = 10
    max_body_bytes: int = 1 << 20
    operation_seconds: int = 30
    required_plugins: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    trusted_documents: str = ""
    trusted_only: bool = False
    graphiql: bool = True
    show_plans: bool = False
    http_parser: str = "fast"
    log_level: str = "info"
    cache: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict, repr=False)
    keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def has(self, name: str) -> bool:
        """Return whether the address or key called `name` in the environment was given."""
        return bool(self.keys) if name == "CORDEE_CONTEXT_KEY" else name in self.addresses

    def _address(self, name: str) -> str:
        if name not in self.addresses:
            raise ConfigurationError(f"{name} is not set ({_BY_NAME[name].about})")
        return self.addresses[name]

    @property
    def database_url(self) -> str:
        """Address of PostgreSQL as the application's role."""
        return self._address("CORDEE_DATABASE_URL")

    @property
    def migrator_database_url(self) -> str:
        """Address of PostgreSQL as the migrator."""
        return self._address("CORDEE_MIGRATOR_DATABASE_URL")

    @property
    def relay_database_url(self) -> str:
        """Address of PostgreSQL as the relay: ids and due times of all tenants, no content."""
        return self._address("CORDEE_RELAY_DATABASE_URL")

    @property
    def redis_url(self) -> str:
        """Address of Redis."""
        return self._address("CORDEE_REDIS_URL")

    @property
    def context_keys(self) -> Mapping[str, bytes]:
        """Keys of the database context by key id; the last signs, all verify."""
        if not self.keys:
            raise ConfigurationError("CORDEE_CONTEXT_KEY is not set (signs the database context)")
        return self.keys


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings in `environ`, each given as ``CORDEE_X`` or as ``CORDEE_X_FILE``.

    Raises:
        ConfigurationError: a name is unknown, given twice, or its value can't be read. The text
            says what is wrong without repeating the value, which may be a secret.
    """
    _refuse_unknown(environ)
    fields: dict[str, Any] = {}
    addresses: dict[str, str] = {}
    for setting in SETTINGS:
        value = _read(setting, environ)
        if value is None:
            continue
        if setting.name == "CORDEE_CONTEXT_KEY":
            fields["keys"] = value
        elif setting.secret:
            addresses[setting.name] = str(value)
        else:
            fields[setting.attribute] = value
    return Settings(**fields, addresses=MappingProxyType(addresses))


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    for name in sorted(environ):
        if name.startswith(PREFIX) and name.removesuffix("_FILE") not in _BY_NAME:
            near = get_close_matches(name.removesuffix("_FILE"), _BY_NAME, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ConfigurationError(f"{name} is no setting of Cordée{hint}")


def _read(setting: Setting, environ: Mapping[str, str]) -> object | None:
    name, file = setting.name, environ.get(f"{setting.name}_FILE", "")
    value = environ.get(name, "")
    if value and file:
        raise ConfigurationError(f"{name} and {name}_FILE are both set; give one")
    if file:
        value = _content(name, Path(file))
    if not value:
        return None
    try:
        return setting.parse(value)
    except ValueError as error:
        raise ConfigurationError(f"{name} {error}") from None


def _content(name: str, file: Path) -> str:
    try:
        value = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise ConfigurationError(f"{name}_FILE: {file} can't be read: {reason}") from None
    if not value:
        raise ConfigurationError(f"{name}_FILE: {file} is empty")
    return value


def masked(setting: Setting, settings: Settings) -> str:
    """Return the effective value of `setting` as text; of a secret only that, and where, it is."""
    if not setting.secret:
        value = getattr(settings, setting.attribute)
        return ", ".join(value) if isinstance(value, tuple) else str(value)
    if not settings.has(setting.name):
        return "(not set)"
    if setting.name == "CORDEE_CONTEXT_KEY":
        return ", ".join(f"{kid}:***" for kid in settings.keys)
    parts = urlsplit(settings.addresses[setting.name])
    place = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""
    return f"{parts.scheme}://***@{place}{parts.path}"
