"""Topics mirrored as WeChat's tags, and mass calls that go to a tag or to all.

A subscription account may send one message a day and not to a list; a tag is the only way to send
it to a topic's followers alone.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "topic_tags",
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=True),
        sa.Column("trouble", sa.Integer(), nullable=False),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("checked_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["topic"], ["topics.slug"], name="fk_topic_tags_topic_topics"),
        sa.PrimaryKeyConstraint("topic", name="pk_topic_tags"),
    )
    op.create_table(
        "topic_tag_marks",
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("carried", sa.Boolean(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("listed_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["topic"], ["topics.slug"], name="fk_topic_tag_marks_topic_topics"),
        sa.PrimaryKeyConstraint("topic", "openid", name="pk_topic_tag_marks"),
    )
    op.create_index("ix_topic_tag_marks_openid", "topic_tag_marks", ["openid"])
    due = sa.text("changes > 0")
    op.create_index(
        "ix_topic_tag_marks_due",
        "topic_tag_marks",
        ["topic", "openid"],
        sqlite_where=due,
        postgresql_where=due,
    )
    target = sa.Column("target", sa.String(length=20), nullable=False, server_default="list")
    op.add_column("push_mass_batches", target)
    op.add_column("push_mass_batches", sa.Column("reach", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("push_mass_batches", "reach")
    op.drop_column("push_mass_batches", "target")
    op.drop_table("topic_tag_marks")
    op.drop_table("topic_tags")
