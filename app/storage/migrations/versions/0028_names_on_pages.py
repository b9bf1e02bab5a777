"""Whose a page of a worksheet is that names no pupil, as a person says."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "worksheet_page", sa.Column("name", sa.String(80), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("worksheet_page", "name")
