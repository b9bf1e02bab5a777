"""Attempts are counted before their outcome is known."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempt", sa.Column("pending", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("attempt", sa.Column("pending_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("attempt", "pending_until")
    op.drop_column("attempt", "pending")
