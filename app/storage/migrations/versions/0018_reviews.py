"""Reviews of pictures, and who is looking at which."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BANDS = ("band_0", "band_1", "band_2", "band_3")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "review",
        sa.Column(
            "picture_id",
            sa.Uuid(),
            sa.ForeignKey("picture.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("label", sa.String(4)),
        sa.Column("urgency", sa.Float()),
        sa.Column("reviewed_at", moment),
        sa.Column("reviewed_by", sa.Uuid(), sa.ForeignKey("user.id", ondelete="SET NULL")),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("former", sa.String(4)),
        sa.Column("compared", sa.Boolean(), nullable=False),
        sa.Column("twin_id", sa.Uuid()),
        *(sa.Column(band, sa.Integer()) for band in _BANDS),
    )
    op.create_index("review_urgency", "review", ["urgency", "picture_id"])
    op.create_index("review_compared", "review", ["compared", "picture_id"])
    op.create_index("review_reviewed_by", "review", ["reviewed_by"])
    for band in _BANDS:
        op.create_index(f"review_{band}", "review", [band])
    op.create_table(
        "review_claim",
        sa.Column(
            "picture_id",
            sa.Uuid(),
            sa.ForeignKey("picture.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "user_id", sa.Uuid(), sa.ForeignKey("user.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("claim", sa.Uuid(), nullable=False),
        sa.Column("until", moment, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("review_claim")
    op.drop_table("review")
