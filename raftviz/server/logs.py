"""The server's log: to standard error, one line for what others did wrong, all details for our own mistakes."""

from __future__ import annotations

import logging

from raftviz.server.guard import line


class OneLine(logging.Filter):
    """Turns a logged stack trace into the one line that names its error."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record; keep it."""
        error = record.exc_info[1] if record.exc_info else None
        message = record.getMessage()
        record.msg = line(f"{message}: {type(error).__name__}: {error}" if error else message)
        record.args = None
        record.exc_info = None
        record.exc_text = None
        return True


def quiet(name: str) -> logging.Logger:
    """Return a logger for a library that sees what strangers send: warnings only, a line each."""
    logger = logging.getLogger(name)
    logger.setLevel(logging.WARNING)
    if not any(isinstance(known, OneLine) for known in logger.filters):
        logger.addFilter(OneLine())
    return logger


def show() -> None:
    """Write the log of raftviz to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s", "%H:%M:%S"))
    logger = logging.getLogger("raftviz")
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False
