"""People: their names and passwords, and what slows down those who guess."""

from app.services.accounts.accounts import (
    Accounts,
    Farewell,
    NameTaken,
    Person,
    Throttled,
    add_user,
)

__all__ = ["Accounts", "Farewell", "NameTaken", "Person", "Throttled", "add_user"]
