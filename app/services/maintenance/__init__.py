"""Maintenance of database and picture files: sweep, check, repair, backup, restore."""
