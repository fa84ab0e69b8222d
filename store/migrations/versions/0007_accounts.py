"""staff have a second factor and can be switched off; the audit log is append-only"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'

REFUSAL = 'the audit log is append-only'
#: SQLite. The last: INSERT OR REPLACE deletes a row without its DELETE trigger.
SQLITE = {
    'audit_no_update': f"BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    'audit_no_delete': f"BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    'audit_no_replace': 'BEFORE INSERT ON audit '
    'WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) '
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
}


def upgrade() -> None:
    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('active', sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column('epoch', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('totp', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('totp_step', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('last_sign_in', sa.Date(), nullable=True))
    op.create_table('recovery_codes',
    sa.Column('staff', sa.String(length=64), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['staff'], ['staff.name']),
    sa.PrimaryKeyConstraint('staff', 'code_hash')
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_staff'), ['staff'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_action'), ['action'], unique=False)
    if op.get_bind().dialect.name == 'sqlite':
        for name, what in SQLITE.items():
            op.execute(f'CREATE TRIGGER {name} {what}')
        return
    op.execute(
        'CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS '
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    # for the statement: one that matches no row is refused too
    op.execute(
        'CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit '
        'FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()'
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for name in SQLITE:
            op.execute(f'DROP TRIGGER {name}')
    else:
        op.execute('DROP TRIGGER audit_append_only ON audit')
        op.execute('DROP FUNCTION refuse_audit_change()')
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_action'))
        batch_op.drop_index(batch_op.f('ix_audit_staff'))
        batch_op.drop_index(batch_op.f('ix_audit_at'))
    op.drop_table('recovery_codes')
    with op.batch_alter_table('staff', schema=None) as batch_op:
        for column in ('last_sign_in', 'totp_step', 'totp', 'epoch', 'active'):
            batch_op.drop_column(column)
