"""Access to the services of an application for views and commands."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app

from app.services import Services

__all__ = ["get_services", "register_services", "services_of"]


def register_services(app: Flask, services: Services) -> None:
    """Attach the services to an application."""
    app.extensions["services"] = services


def services_of(app: Flask) -> Services:
    """Return the services of an application."""
    return cast(Services, app.extensions["services"])


def get_services() -> Services:
    """Return the services of the current application."""
    return services_of(current_app)
