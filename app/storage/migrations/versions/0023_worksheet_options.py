"""What a worksheet was made from, so that the same can be made again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    options = sa.Column("options", sa.JSON(), nullable=False, server_default="{}")
    op.add_column("worksheet", options)


def downgrade() -> None:
    op.drop_column("worksheet", "options")
