"""feedback has a clock, an officer, a translation and a cell key; staff may be bound to a centre"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'

# a random whole number below 1,000,000, as the column's default in store/tables.py
RANDOM = {
    'sqlite': 'abs(random() % 1000000)',
    'postgresql': 'floor(random() * 1000000)::integer',
}


def upgrade() -> None:
    with op.batch_alter_table('feedback', schema=None) as batch_op:
        batch_op.add_column(sa.Column('waiting_since', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('answered_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('assigned_to', sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column('needs_translation', sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column('translation', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('translated_by', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('cell_key', sa.Integer(), nullable=True))
    number = RANDOM[op.get_bind().dialect.name]
    op.execute(f'UPDATE feedback SET waiting_since = given_on, cell_key = {number}')
    with op.batch_alter_table(
        'feedback', schema=None, table_kwargs={'sqlite_with_rowid': False}
    ) as batch_op:
        batch_op.alter_column('waiting_since', existing_type=sa.Date(), nullable=False)
        batch_op.alter_column('cell_key', existing_type=sa.Integer(), nullable=False)
        batch_op.create_index(
            batch_op.f('ix_feedback_waiting_since'), ['waiting_since'], unique=False
        )
    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.add_column(sa.Column('centre', sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.drop_column('centre')
    with op.batch_alter_table(
        'feedback', schema=None, table_kwargs={'sqlite_with_rowid': False}
    ) as batch_op:
        batch_op.drop_index(batch_op.f('ix_feedback_waiting_since'))
        for name in (
            'cell_key',
            'translated_by',
            'translation',
            'needs_translation',
            'assigned_to',
            'answered_on',
            'waiting_since',
        ):
            batch_op.drop_column(name)
