"""notices, subscriptions to them, and broadcasts"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'


def upgrade() -> None:
    op.create_table('notices',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('centre', sa.String(length=32), nullable=True),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('place', sa.JSON(), nullable=False),
    sa.Column('starts', sa.DateTime(), nullable=True),
    sa.Column('ends', sa.DateTime(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('over', sa.DateTime(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('as_of', sa.DateTime(), nullable=False),
    sa.Column('written_by', sa.String(length=64), nullable=False),
    sa.Column('published_by', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_notices_current', 'notices', ['state', 'over'])
    op.create_table('subscriptions',
    sa.Column('pseudonym', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('address', sa.LargeBinary(), nullable=False),
    sa.Column('centre', sa.String(length=32), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('told_end', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('pseudonym'),
    )
    op.create_index('ix_subscriptions_centre', 'subscriptions', ['centre'])
    op.create_index('ix_subscriptions_until', 'subscriptions', ['until'])
    op.create_table('broadcasts',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('notice_id', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.Column('failed', sa.Integer(), nullable=False),
    sa.Column('started_by', sa.String(length=64), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_broadcasts_notice_id', 'broadcasts', ['notice_id'])
    op.create_index('ix_broadcasts_state', 'broadcasts', ['state'])
    op.create_table('broadcast_outbox',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('broadcast_id', sa.String(length=32), nullable=False),
    sa.Column('pseudonym', sa.String(length=64), nullable=False),
    sa.Column('next_try', sa.DateTime(), nullable=True),
    sa.Column('claimed_until', sa.DateTime(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('broadcast_id', 'pseudonym'),
    )
    op.create_index('ix_broadcast_outbox_pseudonym', 'broadcast_outbox', ['pseudonym'])
    op.create_table('broadcaster',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('holder', sa.String(length=32), nullable=True),
    sa.Column('held_until', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    )
    op.execute('INSERT INTO broadcaster (id) VALUES (1)')


def downgrade() -> None:
    for table in ('broadcaster', 'broadcast_outbox', 'broadcasts', 'subscriptions', 'notices'):
        op.drop_table(table)
