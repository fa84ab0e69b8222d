"""What is deleted by age, as the settings say."""

import structlog

from rahnuma.settings import Settings
from store.database import Database
from store.retention import run_retention

log = structlog.get_logger()


async def retain(database: Database, settings: Settings) -> dict[str, int]:
    """One run of the retention job; returns what went, by kind."""
    async with database.transaction() as session:
        gone = await run_retention(
            session,
            conversation_days=settings.conversation_days,
            case_days=settings.case_days,
            feedback_days=settings.feedback_days,
            unclear_days=settings.unclear_days,
            report_days=settings.report_days,
        )
    log.info("retention.done", **gone)
    return gone
