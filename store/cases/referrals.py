"""Referrals: what is passed on to an organisation, with the person's consent."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, get_args

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.case_tables import CaseRow, ReferralRow
from store.cases.messages import add_event, add_notice
from store.feedback import count
from store.keys import Keys

State = Literal["made", "accepted", "declined"]
STATES: Sequence[State] = get_args(State)


@dataclass(frozen=True)
class Form:
    """What the organisation gets: the matter in the counsellor's words, what the person is called,
    how they can be reached, and how they gave their consent."""

    text: str
    name: str
    contact: str
    consent: str


async def refer(
    session: AsyncSession,
    keys: Keys,
    case: CaseRow,
    organisation: str,
    by: str,
    form: Form,
    *,
    urgent: bool = False,
) -> ReferralRow:
    """Keep a referral; the person is told. The case must be locked.

    Raises ValueError without a matter or without consent: nothing of a person is passed on then.
    """
    if not form.text.strip():
        raise ValueError("write what is passed on")
    if not form.consent.strip():
        raise ValueError("the person must agree first: say how they did")
    row = ReferralRow(
        case_id=case.id,
        organisation=organisation,
        urgent=urgent,
        body=keys.cases.seal(json.dumps(asdict(form), ensure_ascii=False)),
        made_by=by,
    )
    session.add(row)
    await session.flush()
    await add_event(session, keys, case, "referred", by, organisation=organisation)
    await add_notice(session, keys, case, "referred", organisation=organisation)
    await count(session, "referral", organisation, case.language)
    return row


async def referrals_of(session: AsyncSession, case_id: str) -> Sequence[ReferralRow]:
    """The referrals of a case, oldest first."""
    rows = select(ReferralRow).where(ReferralRow.case_id == case_id)
    return (await session.execute(rows.order_by(ReferralRow.made_at))).scalars().all()


def form_of(keys: Keys, row: ReferralRow) -> Form:
    """What was passed on; raises store.keys.CannotDecrypt."""
    return Form(**json.loads(keys.cases.open(row.body)))


async def settle(
    session: AsyncSession, keys: Keys, case: CaseRow, row: ReferralRow, state: State, by: str
) -> None:
    """Note what the organisation answered. The case must be locked. Raises ValueError for an
    unknown state."""
    if state not in STATES:
        raise ValueError(f"state {state}: must be one of {', '.join(STATES)}")
    if row.state == state:
        return
    row.state = state
    what = "referral answered"
    await add_event(session, keys, case, what, by, organisation=row.organisation, state=state)
    await count(session, "referral", f"{row.organisation} {state}", case.language)
