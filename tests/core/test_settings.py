"""Settings come from the environment or from files, are checked, and never shown."""

from pathlib import Path

import pytest

from cordee_core.errors import ConfigurationError
from cordee_core.settings import SETTINGS, load_settings, masked

KEY = "0123456789abcdef" * 4


def test_defaults_hold_where_nothing_is_said() -> None:
    settings = load_settings({"PATH": "/bin"})
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 1)
    assert not settings.has("CORDEE_DATABASE_URL")


def test_values_are_typed() -> None:
    settings = load_settings(
        {
            "CORDEE_PORT": "9000",
            "CORDEE_REQUIRED_PLUGINS": "housing, health",
            "CORDEE_GRAPHIQL": "no",
            "CORDEE_REDIS_URL": "redis://:x@127.0.0.1:6379/0",
        }
    )
    assert settings.port == 9000
    assert settings.required_plugins == ("housing", "health")
    assert settings.graphiql is False
    assert settings.redis_url == "redis://:x@127.0.0.1:6379/0"


def test_a_missing_address_is_an_error_where_it_is_needed() -> None:
    settings = load_settings({"CORDEE_RELAY_DATABASE_URL": "postgresql://r:p@db/cordee"})
    assert settings.relay_database_url.startswith("postgresql://")
    with pytest.raises(ConfigurationError, match="CORDEE_DATABASE_URL is not set"):
        _ = settings.database_url
    with pytest.raises(ConfigurationError, match="CORDEE_CONTEXT_KEY is not set"):
        _ = settings.context_keys


def test_a_file_holds_the_value(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(KEY + "\n", encoding="utf-8")
    settings = load_settings({"CORDEE_CONTEXT_KEY_FILE": str(file)})
    assert settings.context_keys == {"k1": bytes.fromhex(KEY)}


def test_keys_rotate_by_key_id() -> None:
    settings = load_settings({"CORDEE_CONTEXT_KEY": f"old:{KEY},new:{'a passphrase ' * 4}"})
    assert list(settings.context_keys) == ["old", "new"]
    assert settings.context_keys["new"] == ("a passphrase " * 4).strip().encode()


@pytest.mark.parametrize(
    ("environ", "problem"),
    [
        ({"CORDEE_DATABSE_URL": "x"}, "did you mean CORDEE_DATABASE_URL"),
        ({"CORDEE_NONSENSE_ALTOGETHER": "x"}, "is no setting of Cordée"),
        ({"CORDEE_PORT": "http"}, "CORDEE_PORT is no whole number from 1 to 65535"),
        ({"CORDEE_PORT": "0"}, "from 1 to 65535"),
        ({"CORDEE_DATABASE_URL": "mysql://u:hidden@h/d"}, "no address of the form postgresql://"),
        ({"CORDEE_DATABASE_URL": "postgresql://u:hidden@h:hidden/d"}, "no address of the form"),
        ({"CORDEE_CONTEXT_KEY": "hidden"}, "shorter than 32 bytes"),
        ({"CORDEE_CONTEXT_KEY": f"a:{KEY},a:{KEY}"}, "names the key 'a' twice"),
        ({"CORDEE_GRAPHIQL": "perhaps"}, "neither true nor false"),
        ({"CORDEE_LOG_LEVEL": "loud"}, "none of debug, info, warning, error"),
        ({"CORDEE_REQUIRED_PLUGINS": "Bad Name"}, "no list of names"),
        ({"CORDEE_CORS_ORIGINS": "https://a.example/page"}, "no list of origins"),
        ({"CORDEE_CORS_ORIGINS": "*"}, "no list of origins"),
        ({"CORDEE_REDIS_URL_FILE": "/nowhere/at/all"}, "can't be read: No such file"),
        ({"CORDEE_PORT": "1", "CORDEE_PORT_FILE": "/x"}, "both set"),
    ],
)
def test_what_is_wrong_is_said_without_the_value(environ: dict[str, str], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem) as caught:
        load_settings(environ)
    assert "hidden" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text(" \n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="is empty"):
        load_settings({"CORDEE_REDIS_URL_FILE": str(tmp_path / "empty")})


def test_secrets_are_never_shown() -> None:
    settings = load_settings(
        {
            "CORDEE_DATABASE_URL": "postgresql://cordee_app:hidden@db.example:5433/cordee",
            "CORDEE_REDIS_URL": "redis://:hidden@127.0.0.1:6379/0",
            "CORDEE_CONTEXT_KEY": "first:" + "hidden" * 8,
        }
    )
    shown = {setting.name: masked(setting, settings) for setting in SETTINGS}
    assert shown["CORDEE_DATABASE_URL"] == "postgresql://***@db.example:5433/cordee"
    assert shown["CORDEE_CONTEXT_KEY"] == "first:***"
    assert shown["CORDEE_MIGRATOR_DATABASE_URL"] == "(not set)"
    assert shown["CORDEE_PORT"] == "8000"
    assert "hidden" not in repr(settings) + str(shown)
