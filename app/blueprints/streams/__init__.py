"""Streams: cameras that send frames, and the monitor on which administrators watch them."""

from app.blueprints.streams.views import begin, blueprint

__all__ = ["begin", "blueprint"]
