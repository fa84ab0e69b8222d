"""an index that holds what is counted of feedback; audit lines hold an export's purpose and filters"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'

COLUMNS = [
    'sensitive',
    'given_on',
    'type',
    'centre',
    'language',
    'channel',
    'status',
    'category',
    'code',
    'coded_by',
    'waiting_since',
    'answered_on',
    'cell_key',
]


def upgrade() -> None:
    op.create_index('ix_feedback_counts', 'feedback', COLUMNS, unique=False)
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.alter_column('thing', existing_type=sa.String(128), type_=sa.String(512))


def downgrade() -> None:
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.alter_column('thing', existing_type=sa.String(512), type_=sa.String(128))
    op.drop_index('ix_feedback_counts', table_name='feedback')
