"""Pictures that were refused and that a person labelled: the network's answer may be none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ANSWER = "(digit IS NULL) = (confidence IS NULL)"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _replace_table(nullable=True)
    else:
        for column in ("digit", "confidence"):
            op.alter_column("picture", column, nullable=True)
        _replace_shown(nullable=True)
        op.create_check_constraint("picture_answer", "picture", _ANSWER)
        op.drop_index("picture_newest_digit", "picture")
    # Back what a downgrade wrote: no network's answer has a probability of zero.
    op.execute(
        "UPDATE picture SET digit = NULL, confidence = NULL "
        "WHERE confidence = 0 AND source <> 'import'"
    )


def downgrade() -> None:
    # The former schema demands an answer. No picture is lost: it gets the person's digit.
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("picture_answer", "picture", type_="check")
    op.execute(
        "UPDATE picture SET confidence = 0, digit = "
        "CASE WHEN label IS NULL OR label = 'none' THEN 0 ELSE CAST(label AS SMALLINT) END "
        "WHERE digit IS NULL"
    )
    if op.get_bind().dialect.name == "sqlite":
        _replace_table(nullable=False)
        return
    _replace_shown(nullable=False)
    for column in ("digit", "confidence"):
        op.alter_column("picture", column, nullable=False)
    op.create_index("picture_newest_digit", "picture", ["digit", "created_at", "id"])


def _shown(*, nullable: bool) -> sa.Column[str]:
    last = ", 'none'" if nullable else ""
    words = f"COALESCE(label, CAST(digit AS VARCHAR(4)){last})"
    return sa.Column("shown", sa.String(4), sa.Computed(words, persisted=True), nullable=False)


def _replace_shown(*, nullable: bool) -> None:
    """Replace the computed column, whose index goes with it."""
    op.drop_column("picture", "shown")
    op.add_column("picture", _shown(nullable=nullable))
    op.create_index("picture_newest_shown", "picture", ["shown", "created_at", "id"])


def _replace_table(*, nullable: bool) -> None:
    """Copy all rows into a new table: SQLite can change neither column where it is.

    Foreign keys are off, see env.py, so that nothing which refers to a row goes with it.
    """
    checks = [
        sa.CheckConstraint("digit BETWEEN 0 AND 9", name="picture_digit"),
        sa.CheckConstraint(
            "source IN ('upload', 'draw', 'native', 'import')", name="picture_source"
        ),
    ]
    if nullable:
        checks.append(sa.CheckConstraint(_ANSWER, name="picture_answer"))
    moment = sa.DateTime(timezone=True)
    new = op.create_table(
        "picture_new",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("digit", sa.SmallInteger(), nullable=nullable),
        sa.Column("confidence", sa.Float(), nullable=nullable),
        sa.Column("probabilities", sa.JSON()),
        sa.Column("pixels", sa.LargeBinary()),
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("label", sa.String(4)),
        sa.Column("labelled_by", sa.Uuid(), sa.ForeignKey("user.id", ondelete="SET NULL")),
        sa.Column("labelled_at", moment),
        sa.Column("writer", sa.String(64)),
        _shown(nullable=nullable),
        *checks,
    )
    names = [column.name for column in new.columns if column.computed is None]
    former = sa.table("picture", *map(sa.column, names))
    op.execute(new.insert().from_select(names, sa.select(former)))
    op.drop_table("picture")
    op.rename_table("picture_new", "picture")
    op.create_index("picture_newest", "picture", ["created_at", "id"])
    op.create_index("picture_newest_shown", "picture", ["shown", "created_at", "id"])
    if not nullable:
        op.create_index("picture_newest_digit", "picture", ["digit", "created_at", "id"])
    op.create_index("picture_labelled_by", "picture", ["labelled_by"])
