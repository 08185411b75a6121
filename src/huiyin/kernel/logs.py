"""Where a process logs: to stderr, with ids and never with words of a message."""

import logging
import sys

import structlog


def log_to_stderr(least: int = logging.WARNING) -> None:
    """Log what is at least this grave; stdout stays free for what was asked for."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
