"""How people write 1, 4, 7 and 9: what they say, and what was learned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_FORMS = (
    "(digit = '1' AND {0} IN ('bare', 'flagged')) OR (digit = '4' AND {0} IN ('open', 'closed'))"
    " OR (digit = '7' AND {0} IN ('plain', 'crossed'))"
    " OR (digit = '9' AND {0} IN ('straight', 'hooked'))"
)


def upgrade() -> None:
    op.create_table(
        "habit",
        sa.Column(
            "user_id", sa.Uuid(), sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("digit", sa.String(1), primary_key=True),
        sa.Column("said", sa.String(8)),
        sa.Column("learned", sa.String(8)),
        sa.CheckConstraint(_FORMS.format("said"), name="habit_said"),
        sa.CheckConstraint(_FORMS.format("learned"), name="habit_learned"),
    )


def downgrade() -> None:
    op.drop_table("habit")
