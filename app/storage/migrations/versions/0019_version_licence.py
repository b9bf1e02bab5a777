"""The licence of a version of the data set."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("version", sa.Column("licence", sa.String(200)))


def downgrade() -> None:
    op.drop_column("version", "licence")
