"""Pictures that a generator made, and whether a version has any."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_TABLES = ("picture", "version")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(
            table, sa.Column("made", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "made")
