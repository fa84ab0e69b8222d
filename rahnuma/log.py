"""Structured logs that carry what happened and ids of things; never text, never people."""

import logging
import traceback

import structlog


def configure(level: int = logging.INFO) -> None:
    """One JSON line an event on standard error; libraries only from WARNING."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _where_only,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(_stderr()),
    )
    logging.basicConfig(
        level=logging.WARNING, format='{"level": "%(levelname)s", "event": "%(name)s"}'
    )
    # httpx logs addresses at INFO, and Telegram's address holds the token
    for name in ("httpx", "httpcore", "telegram", "aiosqlite", "sqlalchemy"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _stderr():
    import sys

    return sys.stderr


def _where_only(_logger, _method, event: dict) -> dict:
    """Exceptions as type and places in the code: their messages may quote what a person wrote."""
    if not event.pop("exc_info", None):
        return event
    import sys

    kind, error, trace = sys.exc_info()
    if error is not None:
        event["exception"] = kind.__name__ if kind else "?"
        frames = traceback.extract_tb(trace)
        event["where"] = [f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in frames]
    return event
