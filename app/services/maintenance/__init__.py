"""Keeping database and picture files whole: sweep, check and repair, backup and restore."""
