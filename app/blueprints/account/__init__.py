"""Signing up, logging in and out, and a person's own page."""

from app.blueprints.account.views import blueprint

__all__ = ["blueprint"]
