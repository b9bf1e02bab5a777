"""Walls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wall",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("code", sa.String(8), nullable=False, unique=True),
        sa.Column(
            "owner_id", sa.Uuid(), sa.ForeignKey("user.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected", sa.String(1)),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("collects", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_wall_owner_id", "wall", ["owner_id"])
    op.create_index("ix_wall_created_at", "wall", ["created_at"])


def downgrade() -> None:
    op.drop_table("wall")
