"""the staff's Telegram group: linked phones, a topic for each case"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'


def upgrade() -> None:
    op.create_table('phones',
    sa.Column('staff', sa.String(length=64), nullable=False),
    sa.Column('telegram_hash', sa.String(length=64), nullable=True),
    sa.Column('code_hash', sa.String(length=64), nullable=True),
    sa.Column('code_until', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('staff'),
    sa.UniqueConstraint('telegram_hash'),
    sa.UniqueConstraint('code_hash'),
    )
    op.create_table('group_topics',
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('topic_id', sa.BigInteger(), nullable=True),
    sa.Column('name', sa.String(length=128), nullable=True),
    sa.Column('introduced', sa.Boolean(), nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.Column('holder', sa.String(length=64), nullable=True),
    sa.Column('words_to', sa.Integer(), nullable=False),
    sa.Column('events_to', sa.Integer(), nullable=False),
    sa.Column('failures_to', sa.Integer(), nullable=False),
    sa.Column('sending_to', sa.Integer(), nullable=False),
    sa.Column('shown_rev', sa.Integer(), nullable=False),
    sa.Column('until', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('case_id'),
    sa.UniqueConstraint('topic_id'),
    )


def downgrade() -> None:
    op.drop_table('group_topics')
    op.drop_table('phones')
