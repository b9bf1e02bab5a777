"""Versions of the data set."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "version",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), sa.ForeignKey("user.id", ondelete="SET NULL")),
        sa.Column("writer", sa.String(64)),
        sa.Column("since", sa.String(10)),
        sa.Column("until", sa.String(10)),
        sa.Column("frozen", sa.Integer(), nullable=False),
        sa.UniqueConstraint("name", name="version_name"),
    )
    op.create_table(
        "version_member",
        sa.Column(
            "version_id",
            sa.Uuid(),
            sa.ForeignKey("version.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "picture_id",
            sa.Uuid(),
            sa.ForeignKey("picture.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("label", sa.String(4), nullable=False),
        sa.Column("writer", sa.String(64)),
        sa.Column("held_out", sa.Boolean(), nullable=False),
    )
    op.create_index("version_member_picture", "version_member", ["picture_id"])


def downgrade() -> None:
    op.drop_table("version_member")
    op.drop_table("version")
