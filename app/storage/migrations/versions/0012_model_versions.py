"""Versions of models that were added, and which was put in service when, by whom and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "model_version",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(64), nullable=False, unique=True),
        sa.Column("classes", sa.JSON(), nullable=False),
        sa.Column("accuracy", sa.Float()),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("source_sha256", sa.String(64), nullable=False),
        sa.Column("added_at", moment, nullable=False),
        sa.Column("added_by", sa.Uuid(), sa.ForeignKey("user.id", ondelete="SET NULL")),
        sa.UniqueConstraint("name", "number", name="model_version_number"),
    )
    op.create_table(
        "model_part",
        sa.Column(
            "model_id",
            sa.Uuid(),
            sa.ForeignKey("model_version.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "publication",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("version", sa.String(64)),
        sa.Column("published_at", moment, nullable=False),
        sa.Column("published_by", sa.Uuid(), sa.ForeignKey("user.id", ondelete="SET NULL")),
        sa.Column("reason", sa.String(500), nullable=False),
    )
    op.create_index("publication_newest", "publication", ["name", "number"])


def downgrade() -> None:
    for table in ("publication", "model_part", "model_version"):
        op.drop_table(table)
