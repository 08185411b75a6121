"""Where a process logs: to stderr, with ids and never with words of a message."""

import logging
import sys
from typing import Literal

import structlog

Form = Literal["text", "json"]
"""For people at a terminal, or an object a line for whatever collects logs."""


def _to_stderr(*_names: object) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)


def log_to_stderr(least: int = logging.WARNING, form: Form = "text") -> None:
    """Log what is at least this grave; stdout stays free for what was asked for."""
    json: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    structlog.reset_defaults()
    structlog.configure(
        processors=json if form == "json" else None,
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=_to_stderr,
        # Loggers are made anew each time: a process that swaps its stderr is not left with a closed one.
        cache_logger_on_first_use=False,
    )
