from pathlib import Path

import pytest

from app.config import Settings
from app.errors import SettingsError


def test_defaults():
    settings = Settings.from_environment({})
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.instance_path.name == "instance"
    assert settings.model is None
    assert settings.https is False


def test_values_are_taken_from_the_environment():
    settings = Settings.from_environment(
        {
            "DIGITNET_HOST": "0.0.0.0",
            "DIGITNET_PORT": " 8080 ",
            "DIGITNET_MODEL": "model.dnm",
            "DIGITNET_HTTPS": "1",
            "DIGITNET_THREADS": "",
        }
    )
    assert (settings.host, settings.port, settings.threads) == ("0.0.0.0", 8080, 8)
    assert settings.model == Path("model.dnm")
    assert settings.https is True


@pytest.mark.parametrize("kind", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_database_may_be_named_in_every_usual_way(kind):
    settings = Settings.from_environment({"DIGITNET_DATABASE_URL": f"{kind}://me:p%40ss@host/db"})
    assert settings.database_url == "postgresql+psycopg://me:p%40ss@host/db"


def test_a_wrong_database_is_named_without_its_password():
    for url in ("nonsense", "mysql://me:secret@host/db", "postgresql://me:secret@host:port/db"):
        with pytest.raises(SettingsError, match="DIGITNET_DATABASE_URL must be like") as refused:
            Settings.from_environment({"DIGITNET_DATABASE_URL": url})
        assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("PORT", "²"),
        ("THREADS", "1.5"),
        ("HTTPS", "yes"),
        ("TRUSTED_PROXIES", "everybody"),
    ],
)
def test_a_wrong_value_is_named(name, value):
    with pytest.raises(SettingsError, match=f"DIGITNET_{name} must be .*{value}"):
        Settings.from_environment({f"DIGITNET_{name}": value})
