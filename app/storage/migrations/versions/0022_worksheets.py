"""Worksheets."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TABLES = (
    "worksheet_upload",
    "worksheet_left_out",
    "worksheet_answer",
    "worksheet_page",
    "worksheet_pupil",
    "worksheet_file",
    "worksheet",
)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "worksheet",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "owner_id", sa.Uuid(), sa.ForeignKey("user.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("sheet", sa.String(10), nullable=False, unique=True),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index("worksheet_owner", "worksheet", ["owner_id", "created_at"])
    op.create_index("ix_worksheet_created_at", "worksheet", ["created_at"])
    op.create_table(
        "worksheet_file",
        _of_worksheet(primary_key=True),
        sa.Column("name", sa.String(8), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("name IN ('sheet', 'answers')", name="worksheet_file_name"),
    )
    op.create_table(
        "worksheet_pupil",
        _of_worksheet(primary_key=True),
        sa.Column("place", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(80), nullable=False),
    )
    op.create_table(
        "worksheet_page",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _of_worksheet(),
        sa.Column("page", sa.SmallInteger(), nullable=False),
        sa.Column("pupil", sa.SmallInteger(), nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index("worksheet_page_pupil", "worksheet_page", ["worksheet_id", "pupil", "page"])
    op.create_table(
        "worksheet_answer",
        sa.Column(
            "page_id",
            sa.Uuid(),
            sa.ForeignKey("worksheet_page.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("question", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("read", sa.String(64), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("mark", sa.String(5), nullable=False),
        sa.Column("decision", sa.String(5)),
        sa.Column("said", sa.String(16)),
        sa.Column("decided_by", sa.Uuid(), sa.ForeignKey("user.id", ondelete="SET NULL")),
        sa.Column("decided_at", moment),
        sa.CheckConstraint("mark IN ('right', 'wrong', 'look')", name="worksheet_answer_mark"),
        sa.CheckConstraint("decision IN ('right', 'wrong')", name="worksheet_answer_decision"),
    )
    op.create_table(
        "worksheet_left_out",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _of_worksheet(),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("of_several", sa.Boolean(), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index("ix_worksheet_left_out_worksheet_id", "worksheet_left_out", ["worksheet_id"])
    op.create_table(
        "worksheet_upload",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _of_worksheet(),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index("ix_worksheet_upload_worksheet_id", "worksheet_upload", ["worksheet_id"])
    op.create_index("ix_worksheet_upload_job_id", "worksheet_upload", ["job_id"])


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)


def _of_worksheet(*, primary_key: bool = False) -> sa.Column[UUID]:
    return sa.Column(
        "worksheet_id",
        sa.Uuid(),
        sa.ForeignKey("worksheet.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )
