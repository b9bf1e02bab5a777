"""Runs of training."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "training_run",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False, unique=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("created_by", sa.Uuid(), sa.ForeignKey("user.id", ondelete="SET NULL")),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(16)),
        sa.Column("message", sa.String(64)),
        sa.Column("values", sa.JSON()),
        sa.Column("started_at", moment),
        sa.Column("ended_at", moment),
        sa.Column("base", sa.String(64)),
        sa.Column("compared_with", sa.String(64)),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("gate", sa.JSON()),
        sa.Column("model", sa.String(64)),
    )


def downgrade() -> None:
    op.drop_table("training_run")
