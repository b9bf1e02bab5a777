"""Training data on its way into the collection."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "owner_id", sa.Uuid(), sa.ForeignKey("user.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("writer", sa.String(64)),
        sa.Column("label", sa.String(4)),
        sa.Column("labels", sa.JSON()),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("unasked", sa.Boolean(), nullable=False),
        sa.Column("check_id", sa.Uuid()),
        sa.Column("import_id", sa.Uuid()),
        sa.Column("preview", sa.JSON()),
        sa.Column("result", sa.JSON()),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("touched_at", moment, nullable=False),
    )
    op.create_index("upload_owner", "upload", ["owner_id", "created_at"])


def downgrade() -> None:
    op.drop_table("upload")
