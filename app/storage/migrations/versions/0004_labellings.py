"""What each person says of a picture, in a table of its own."""

from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from app.storage.database import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CHUNK = 1000


def upgrade() -> None:
    labelling = op.create_table(
        "labelling",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "picture_id",
            sa.Uuid(),
            sa.ForeignKey("picture.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("user.id", ondelete="SET NULL")),
        sa.Column("label", sa.String(4), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("by_admin", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("picture_id", "user_id", name="labelling_once"),
    )
    op.create_index("labelling_user", "labelling", ["user_id"])
    connection = op.get_bind()
    given = connection.execute(_given()).all()
    for start in range(0, len(given), _CHUNK):
        rows = [
            {
                "id": uuid4(),
                "picture_id": picture_id,
                "user_id": user_id,
                "label": label,
                "at": at or created,
                # Whoever is gone held it then at the latest, and perhaps not before.
                "since": held or at or created,
                "by_admin": bool(is_admin),
            }
            for picture_id, user_id, label, at, created, held, is_admin in given[
                start : start + _CHUNK
            ]
        ]
        op.bulk_insert(labelling, rows)


def _given() -> sa.Select[Any]:
    """Select each label with who gave it and since when that person holds the picture."""
    person = sa.table("user", sa.column("id", sa.Uuid()), sa.column("is_admin", sa.Boolean()))
    picture = sa.table(
        "picture",
        sa.column("id", sa.Uuid()),
        sa.column("created_at", UtcDateTime()),
        sa.column("label"),
        sa.column("labelled_by", sa.Uuid()),
        sa.column("labelled_at", UtcDateTime()),
    )
    holding = sa.table(
        "holding",
        sa.column("user_id", sa.Uuid()),
        sa.column("picture_id", sa.Uuid()),
        sa.column("created_at", UtcDateTime()),
    )
    theirs = (holding.c.picture_id == picture.c.id) & (holding.c.user_id == picture.c.labelled_by)
    return (
        sa.select(
            picture.c.id,
            picture.c.labelled_by,
            picture.c.label,
            picture.c.labelled_at,
            picture.c.created_at,
            holding.c.created_at,
            person.c.is_admin,
        )
        .select_from(
            picture.outerjoin(person, person.c.id == picture.c.labelled_by).outerjoin(
                holding, theirs
            )
        )
        .where(picture.c.label.is_not(None))
    )


def downgrade() -> None:
    op.drop_table("labelling")
