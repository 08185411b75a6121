"""Where a process logs: to stderr, with ids and never with words of a message."""

import logging
import sys

import structlog


def _to_stderr(*_names: object) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)


def log_to_stderr(least: int = logging.WARNING) -> None:
    """Log what is at least this grave; stdout stays free for what was asked for."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=_to_stderr,
        # Loggers are made anew each time: a process that swaps its stderr is not left with a closed one.
        cache_logger_on_first_use=False,
    )
