"""Where the commands log: warnings and worse, to stderr, with ids and never with words of a message."""

import logging
import sys

import structlog


def log_to_stderr() -> None:
    """Set logging up; stdout stays free for what was asked for."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
