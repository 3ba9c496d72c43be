"""Answers that die with their basis, the bank of questions, yearly reviews, those who are told.

An entry stops answering when a document it rests on ends, so the row says by which; facts are
what one feature tells another. What was there answers as before: nothing is stopped by this.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_questions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("wording", sa.String(length=200), nullable=False),
        sa.Column("targets", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("added_by", sa.String(length=60), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_questions")),
        sa.UniqueConstraint("wording", name=op.f("uq_bank_questions_wording")),
    )
    op.create_table(
        "basis_reviews",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=191), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(length=60), nullable=False),
        sa.Column("proposer_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basis_reviews")),
        sa.UniqueConstraint("kind", "key", "number", name=op.f("uq_basis_reviews_kind_key_number")),
    )
    with op.batch_alter_table("basis_reviews", schema=None) as batch_op:
        batch_op.create_index("ix_basis_reviews_outcome", ["outcome"], unique=False)

    op.create_table(
        "catalogue_reviews",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_reviews")),
        sa.UniqueConstraint("kind", "year", name=op.f("uq_catalogue_reviews_kind_year")),
    )
    op.create_table(
        "cluster_answers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("wording", sa.String(length=200), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster_answers")),
        sa.UniqueConstraint("subject", "wording", name=op.f("uq_cluster_answers_subject_wording")),
    )
    with op.batch_alter_table("cluster_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cluster_answers_subject"), ["subject"], unique=False)

    op.create_table(
        "ended_documents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=60), nullable=False),
        sa.Column("said_by", sa.String(length=60), nullable=False),
        sa.Column("clerk_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ended_documents")),
        sa.UniqueConstraint("number", name=op.f("uq_ended_documents_number")),
    )
    op.create_table(
        "facts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_facts_kind_subject")),
    )
    with op.batch_alter_table("facts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_facts_untaken",
            ["kind"],
            unique=False,
            sqlite_where=sa.text("taken_at IS NULL"),
            postgresql_where=sa.text("taken_at IS NULL"),
        )

    op.add_column("knowledge_batch", sa.Column("replay", sa.JSON(), nullable=True))
    op.add_column(
        "knowledge_entry",
        sa.Column("stopped_by", sa.String(length=400), server_default="", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("knowledge_entry", "stopped_by")
    op.drop_column("knowledge_batch", "replay")

    with op.batch_alter_table("facts", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_facts_untaken",
            sqlite_where=sa.text("taken_at IS NULL"),
            postgresql_where=sa.text("taken_at IS NULL"),
        )

    op.drop_table("facts")
    op.drop_table("ended_documents")
    with op.batch_alter_table("cluster_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cluster_answers_subject"))

    op.drop_table("cluster_answers")
    op.drop_table("catalogue_reviews")
    with op.batch_alter_table("basis_reviews", schema=None) as batch_op:
        batch_op.drop_index("ix_basis_reviews_outcome")

    op.drop_table("basis_reviews")
    op.drop_table("bank_questions")
