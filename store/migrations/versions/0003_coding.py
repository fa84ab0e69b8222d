"""feedback is coded by a frame, what is sensitive is kept apart, one message back, alerts

On SQLite the rows are no longer numbered in the order in which they came.
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    anew = 'always' if op.get_bind().dialect.name == 'sqlite' else 'never'
    with op.batch_alter_table(
        'feedback', recreate=anew, table_kwargs={'sqlite_with_rowid': False}
    ) as batch_op:
        batch_op.add_column(sa.Column('more', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('code', sa.String(length=48), nullable=True))
        batch_op.add_column(sa.Column('frame_version', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('coded_by', sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column('sensitive', sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column('alerts', sa.Integer(), nullable=False, server_default='0')
        )
        batch_op.create_index(batch_op.f('ix_feedback_code'), ['code'], unique=False)
        batch_op.create_index(batch_op.f('ix_feedback_sensitive'), ['sensitive'], unique=False)
    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('alerts', sa.Integer(), nullable=False, server_default='0')
        )


def downgrade() -> None:
    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.drop_column('alerts')
    with op.batch_alter_table('feedback', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feedback_sensitive'))
        batch_op.drop_index(batch_op.f('ix_feedback_code'))
        batch_op.drop_column('alerts')
        batch_op.drop_column('sensitive')
        batch_op.drop_column('coded_by')
        batch_op.drop_column('frame_version')
        batch_op.drop_column('code')
        batch_op.drop_column('more')
