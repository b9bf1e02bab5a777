"""People, their pictures, and attempts that failed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "user",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("username_key", sa.String(1024), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_table(
        "picture",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("digit", sa.SmallInteger(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("probabilities", sa.JSON()),
        sa.Column("pixels", sa.LargeBinary()),
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("label", sa.String(4)),
        sa.Column("labelled_by", sa.Uuid(), sa.ForeignKey("user.id", ondelete="SET NULL")),
        sa.Column("labelled_at", moment),
        sa.Column("writer", sa.String(64)),
        sa.Column(
            "shown",
            sa.String(4),
            sa.Computed("COALESCE(label, CAST(digit AS VARCHAR(4)))", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint("digit BETWEEN 0 AND 9", name="picture_digit"),
        sa.CheckConstraint(
            "source IN ('upload', 'draw', 'native', 'import')", name="picture_source"
        ),
    )
    op.create_index("picture_newest", "picture", ["created_at", "id"])
    op.create_index("picture_newest_shown", "picture", ["shown", "created_at", "id"])
    op.create_index("picture_newest_digit", "picture", ["digit", "created_at", "id"])
    op.create_index("picture_labelled_by", "picture", ["labelled_by"])
    op.create_table(
        "holding",
        sa.Column(
            "user_id", sa.Uuid(), sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("picture_id", sa.Uuid(), sa.ForeignKey("picture.id"), primary_key=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("exempt", sa.Boolean(), nullable=False),
    )
    op.create_index("holding_newest", "holding", ["user_id", "created_at", "picture_id"])
    op.create_index("holding_picture", "holding", ["picture_id"])
    op.create_table(
        "attempt",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("wait_until", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
    )
    op.create_index("ix_attempt_expires_at", "attempt", ["expires_at"])


def downgrade() -> None:
    for table in ("attempt", "holding", "picture", "user"):
        op.drop_table(table)
