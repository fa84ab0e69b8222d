"""what changed because of what people said; surveys and their answers"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0004'


def upgrade() -> None:
    op.create_table('changes',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('centre', sa.String(length=32), nullable=True),
    sa.Column('done', sa.Boolean(), nullable=False),
    sa.Column('said', sa.JSON(), nullable=False),
    sa.Column('did', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('written_by', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_changes_state'), ['state'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('changes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_changes_state'))
    op.drop_table('changes')
