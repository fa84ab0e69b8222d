"""indexes that hold what is counted of feedback; audit lines hold an export's purpose and filters"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'

INDEXES = {
    'ix_feedback_counts': (
        'sensitive given_on type centre language channel status category code coded_by '
        'waiting_since answered_on cell_key'
    ),
    'ix_feedback_people': 'sensitive type centre language channel given_on cell_key',
    'ix_feedback_topics': (
        'sensitive code category type status given_on centre language cell_key'
    ),
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.create_index(name, 'feedback', columns.split(), unique=False)
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.alter_column('thing', existing_type=sa.String(128), type_=sa.String(512))


def downgrade() -> None:
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.alter_column('thing', existing_type=sa.String(512), type_=sa.String(128))
    for name in INDEXES:
        op.drop_index(name, table_name='feedback')
