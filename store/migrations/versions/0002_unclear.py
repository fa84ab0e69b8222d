"""messages not understood, kept for an editor"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    op.create_table('unclear',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('kept_on', sa.Date(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('script', sa.String(length=4), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('guess', sa.String(length=64), nullable=True),
    sa.Column('label', sa.String(length=64), nullable=True),
    sa.Column('labelled_by', sa.String(length=64), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('unclear', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unclear_kept_on'), ['kept_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_unclear_state'), ['state'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('unclear', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_unclear_state'))
        batch_op.drop_index(batch_op.f('ix_unclear_kept_on'))

    op.drop_table('unclear')
