"""Names that are typed alike are one thing, and names that look alike another."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

from app.storage.database import UtcDateTime
from app.storage.name_forms import name_key, name_shapes

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    name_shape = op.create_table(
        "name_shape",
        sa.Column("shape", sa.String(1024), primary_key=True),
        sa.Column(
            "user_id", sa.Uuid(), sa.ForeignKey("user.id", ondelete="CASCADE"), nullable=False
        ),
    )
    op.create_index("ix_name_shape_user_id", "name_shape", ["user_id"])
    person = sa.table(
        "user",
        sa.column("id", sa.Uuid()),
        sa.column("username", sa.String()),
        sa.column("username_key", sa.String()),
        sa.column("created_at", UtcDateTime()),
    )
    connection = op.get_bind()
    people = connection.execute(
        sa.select(person.c.id, person.c.username).order_by(person.c.created_at, person.c.id)
    ).all()
    # No new key may meet a former one on the way. Two names with one new key had one
    # former key as well, and so there are none.
    for keys in (
        [f" {user_id}" for user_id, _ in people],
        [name_key(name) for _, name in people],
    ):
        for (user_id, _), key in zip(people, keys, strict=True):
            connection.execute(
                person.update().where(person.c.id == user_id).values(username_key=key)
            )
    # Of two that look alike by now both stay, and the earlier has the shape. A name of the
    # widest characters, which would be refused today, has none.
    holders: dict[str, UUID] = {}
    for user_id, name in people:
        for shape in name_shapes(name):
            if 1 <= len(shape) <= 1024:
                holders.setdefault(shape, user_id)
    rows = [{"shape": shape, "user_id": user_id} for shape, user_id in holders.items()]
    if rows:
        op.bulk_insert(name_shape, rows)


def downgrade() -> None:
    op.drop_table("name_shape")
