"""the handoff: offers, transfers, messages of several kinds, files, referrals, presence, shifts"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'

STAFF = ('shown_as', 'languages', 'desks', 'serves', 'capacity')
CASES = (
    'channel', 'languages', 'topic', 'details', 'waiting_since', 'desk', 'offered_to',
    'offer_until', 'passed_by', 'assigned_to', 'last_by', 'taken_at', 'first_reply_at',
    'unanswered_since', 'outcome', 'reopened', 'rating', 'tags', 'rev',
)
MESSAGES = (
    'kind', 'author', 'key', 'attempts', 'next_try', 'failure', 'seen_at',
)


def upgrade() -> None:
    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shown_as', sa.String(length=64), nullable=True))
        for name in ('languages', 'desks', 'serves'):
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(
            sa.Column('capacity', sa.Integer(), nullable=False, server_default='20')
        )
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('channel', sa.String(length=16), nullable=False, server_default='web')
        )
        for name in ('languages', 'passed_by', 'tags'):
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('topic', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('details', sa.LargeBinary(), nullable=True))
        batch_op.add_column(
            sa.Column(
                'waiting_since', sa.DateTime(), nullable=False, server_default='2026-01-01 00:00:00'
            )
        )
        batch_op.add_column(sa.Column('desk', sa.String(length=32), nullable=True))
        for name in ('offered_to', 'assigned_to', 'last_by'):
            batch_op.add_column(sa.Column(name, sa.String(length=64), nullable=True))
        for name in ('offer_until', 'taken_at', 'first_reply_at', 'unanswered_since'):
            batch_op.add_column(sa.Column(name, sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('outcome', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('rating', sa.Integer(), nullable=True))
        for name in ('reopened', 'rev'):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default='0'))
        batch_op.create_index('ix_cases_feed', ['status', 'id', 'rev'])
        batch_op.create_index('ix_cases_assigned_to', ['assigned_to'])
        batch_op.create_index('ix_cases_closed_at', ['closed_at'])
    cases = sa.table(
        'cases',
        *(sa.column(n) for n in ('pseudonym', 'channel', 'status', 'opened_at', 'waiting_since')),
        *(sa.column(n) for n in ('language', 'unanswered_since')),
        sa.column('languages', sa.JSON()),
    )
    deliveries = sa.table('deliveries', sa.column('pseudonym'), sa.column('channel'))
    kept = sa.select(deliveries.c.channel).where(deliveries.c.pseudonym == cases.c.pseudonym)
    channel = sa.func.coalesce(kept.scalar_subquery(), 'web')
    op.execute(cases.update().values(channel=channel, waiting_since=cases.c.opened_at))
    # nobody holds a case that was taken before holders were known: it is given out again
    op.execute(
        cases.update()
        .where(cases.c.status != 'closed')
        .values(status='queued', unanswered_since=cases.c.opened_at)
    )
    for code in ('ar', 'fa', 'ps', 'ur', 'fr', 'en'):
        op.execute(cases.update().where(cases.c.language == code).values(languages=[code]))
    with op.batch_alter_table('case_messages', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('kind', sa.String(length=16), nullable=False, server_default='text')
        )
        batch_op.add_column(sa.Column('author', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('key', sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column('attempts', sa.Integer(), nullable=False, server_default='0')
        )
        batch_op.add_column(sa.Column('next_try', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('failure', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('seen_at', sa.DateTime(), nullable=True))
        batch_op.create_unique_constraint('uq_case_messages_key', ['case_id', 'key'])
        batch_op.drop_index('ix_case_messages_delivery')
        batch_op.create_index('ix_case_messages_outbox', ['delivery', 'case_id', 'id'])
    op.create_table('case_files',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('media_type', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_case_files_case_id', 'case_files', ['case_id'])
    op.create_index('ix_case_files_message_id', 'case_files', ['message_id'])
    op.create_table('referrals',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('organisation', sa.String(length=32), nullable=False),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('made_by', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_referrals_case_id', 'referrals', ['case_id'])
    op.create_table('presence',
    sa.Column('staff', sa.String(length=64), nullable=False),
    sa.Column('seen_at', sa.DateTime(), nullable=False),
    sa.Column('available', sa.Boolean(), nullable=False),
    sa.Column('phone_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('staff')
    )
    op.create_table('shifts',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('staff', sa.String(length=64), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('begins', sa.Integer(), nullable=False),
    sa.Column('ends', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_shifts_staff', 'shifts', ['staff'])
    op.create_table('targets',
    sa.Column('name', sa.String(length=32), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.Column('alerted_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('name')
    )


def downgrade() -> None:
    for table in ('targets', 'shifts', 'presence', 'referrals', 'case_files'):
        op.drop_table(table)
    with op.batch_alter_table('case_messages', schema=None) as batch_op:
        batch_op.drop_index('ix_case_messages_outbox')
        batch_op.create_index('ix_case_messages_delivery', ['delivery'])
        batch_op.drop_constraint('uq_case_messages_key', type_='unique')
        for name in MESSAGES:
            batch_op.drop_column(name)
    with op.batch_alter_table('cases', schema=None) as batch_op:
        for name in ('ix_cases_feed', 'ix_cases_assigned_to', 'ix_cases_closed_at'):
            batch_op.drop_index(name)
        for name in CASES:
            batch_op.drop_column(name)
    with op.batch_alter_table('staff', schema=None) as batch_op:
        for name in STAFF:
            batch_op.drop_column(name)
