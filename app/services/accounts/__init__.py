"""Accounts: names, passwords, and delays for those who guess."""

from app.services.accounts.accounts import (
    Accounts,
    Login,
    NameTaken,
    Person,
    Throttled,
    add_user,
)

__all__ = ["Accounts", "Login", "NameTaken", "Person", "Throttled", "add_user"]
