"""Accounts: names, passwords, API tokens, and delays for those who guess."""

from app.services.accounts.accounts import (
    Accounts,
    Login,
    NameTaken,
    Person,
    Throttled,
    add_user,
)
from app.services.accounts.keeping_rules import KeepingRule

__all__ = ["Accounts", "KeepingRule", "Login", "NameTaken", "Person", "Throttled", "add_user"]
