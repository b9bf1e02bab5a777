"""Which pages of worksheets came together: the same page sent again later is a new attempt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("worksheet_page", "worksheet_upload"):
        op.add_column(table, sa.Column("sending", sa.Uuid(), nullable=True))


def downgrade() -> None:
    for table in ("worksheet_upload", "worksheet_page"):
        op.drop_column(table, "sending")
