"""rumours that editors check"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'


def upgrade() -> None:
    op.create_table(
        'rumours',
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.Column('heard', sa.JSON(), nullable=False),
        sa.Column('known', sa.JSON(), nullable=False),
        sa.Column('as_of', sa.Date(), nullable=False),
        sa.Column('valid_until', sa.Date(), nullable=False),
        sa.Column('centre', sa.String(length=32), nullable=True),
        sa.Column('sources', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('written_by', sa.String(length=64), nullable=False),
        sa.Column('published_by', sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint('id'),
    )
    with op.batch_alter_table('rumours', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rumours_state'), ['state'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('rumours', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rumours_state'))
    op.drop_table('rumours')
