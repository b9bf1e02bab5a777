"""Which native clients are connected, and to which process."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "native_listener",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("seen_at", moment, nullable=False),
    )
    op.create_table(
        "native_client",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "listener_id",
            sa.Uuid(),
            sa.ForeignKey("native_listener.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("user.id", ondelete="SET NULL")),
        sa.Column("since", moment, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("native_client")
    op.drop_table("native_listener")
