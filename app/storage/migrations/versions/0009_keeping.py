"""What is kept of what each person draws and sends, once they have chosen."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # By hand, since Alembic adds no column with a check on SQLite.
    op.execute(
        'ALTER TABLE "user" ADD COLUMN keeping VARCHAR(16) CONSTRAINT user_keeping '
        "CHECK (keeping IN ('confirmed', 'everything', 'asked'))"
    )


def downgrade() -> None:
    op.drop_column("user", "keeping")
