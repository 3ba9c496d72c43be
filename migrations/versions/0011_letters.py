"""Letters split in two, what a draft says beside its words, and an index over the words.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # No foreign key: SQLite would have to build anew a table that many others point at.
    op.add_column("tickets", sa.Column("split_from_id", ID, nullable=True))
    op.create_index("ix_tickets_split_from_id", "tickets", ["split_from_id"])
    op.create_index("ix_asks_undecided", "ticket_asks", ["kind", "granted"])
    for column in _of_drafts():
        op.add_column("ticket_drafts", column)


def downgrade() -> None:
    for column in reversed(_of_drafts()):
        op.drop_column("ticket_drafts", column.name)
    op.drop_index("ix_asks_undecided", "ticket_asks")
    op.drop_index("ix_tickets_split_from_id", "tickets")
    op.drop_column("tickets", "split_from_id")


def _of_drafts() -> list[sa.Column[object]]:
    """Columns for place, name, telephone and the two wishes; older drafts have none of them."""
    return [
        sa.Column("place", sa.String(length=120), nullable=False, server_default=""),
        sa.Column("name_sealed", sa.Text(), nullable=False, server_default=""),
        sa.Column("phone_sealed", sa.Text(), nullable=False, server_default=""),
        sa.Column("anonymous", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("may_publish", sa.Boolean(), nullable=False, server_default=sa.false()),
    ]
