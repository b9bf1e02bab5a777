"""Attacks on a running server, with figures before and after: docs/security.md has the tables."""
