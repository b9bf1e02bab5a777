"""The sites and people of the application's own tests."""

from tests.app.conftest import (
    ann,
    app,
    bob,
    client,
    database_url,
    one,
    open_app,
    services,
    settings,
    seven,
    shared_settings,
    shared_site,
    site,
)

__all__ = [
    "ann",
    "app",
    "bob",
    "client",
    "database_url",
    "one",
    "open_app",
    "services",
    "settings",
    "seven",
    "shared_settings",
    "shared_site",
    "site",
]
