"""Worksheets: made, printed, written on, photographed, marked and looked over."""

from app.blueprints.worksheets.views import blueprint

__all__ = ["blueprint"]
