"""Digits that people drew so that others are written like them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hand_sample",
        sa.Column(
            "user_id", sa.Uuid(), sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("digit", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("place", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("pixels", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("digit BETWEEN 0 AND 9 AND place >= 0", name="hand_sample_digit"),
        sa.CheckConstraint("length(pixels) = 784", name="hand_sample_pixels"),
    )


def downgrade() -> None:
    op.drop_table("hand_sample")
