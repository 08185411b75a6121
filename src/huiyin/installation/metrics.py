"""What Prometheus is told: how the house stands at this moment, read when asked, and what the door answered.

Told on a door of its own on this machine, never at the public one. Labels are states, listeners and ids of shops.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from huiyin.conversations.pulse import service_pulse
from huiyin.eventlog.pulse import log_pulse
from huiyin.installation.backing_up import kept_backups
from huiyin.installation.settings import Installation
from huiyin.kernel.clock import to_ms
from huiyin.kernel.errors import InvalidError
from huiyin.org.seats import seats_by_state
from huiyin.web.traffic import Traffic
from huiyin.wiring import House

log = structlog.get_logger(__name__)


class HouseCollector(Collector):
    """Reads how the house stands, in one short read transaction."""

    def __init__(self, house: House, worker: Callable[[], int | None], backups: Path | None) -> None:
        """Read from `house` and the folder of backups; `worker` returns the worker's process id while it lives."""
        self._house = house
        self._backups = backups
        self._worker = worker

    def collect(self) -> Iterator[Metric]:
        """Yield everything."""
        yield _gauge("build_info", "Always 1; says the version.", {version("huiyin"): 1}, "version")
        yield _single("worker_up", "1 while the worker lives.", int(self._worker() is not None))
        yield from self._disk()
        now = to_ms(self._house.clock.now())
        with self._house.reading.connect() as connection:
            pulse, service, seats = log_pulse(connection), service_pulse(connection), seats_by_state(connection)
        yield _single("events", "Events of the log.", pulse.position)
        yield _gauge("listener_behind_events", "Events a listener has not taken yet.", pulse.behind, "listener")
        yield _gauge("stuck_events", "Events a listener could not take.", pulse.stuck, "listener")
        yield _gauge("conversations", "Open conversations.", service.conversations, "state")
        waiting = 0.0 if service.waiting_since is None else (now - service.waiting_since) / 1000
        yield _single("queue_longest_wait_seconds", "How long the first of the queue waits.", max(0.0, waiting))
        yield _gauge("replies", "Replies on their way; unknown ones wait for a person.", service.replies, "state")
        polled = {shop: (now - until) / 1000 for shop, until in service.polled.items()}
        yield _gauge("poll_age_seconds", "Since when a shop's platform was not read.", polled, "shop")
        yield _gauge("seats", "Seats.", seats, "state")
        yield from self._audit()
        yield from self._kept(now)

    def _disk(self) -> Iterator[Metric]:
        database = self._house.settings.database
        log_file = database.with_name(f"{database.name}-wal")
        sizes = {each.name: _size(each) for each in (database, log_file)}
        yield _gauge("database_bytes", "Bytes of the database and of its log of changes.", sizes, "file")
        free = shutil.disk_usage(self._house.settings.folder).free
        yield _single("disk_free_bytes", "Bytes left where the data are.", free)

    def _kept(self, now: int) -> Iterator[Metric]:
        if self._backups is None:
            return
        kept = kept_backups(self._backups)
        yield _single("backups", "Backups that are kept.", len(kept))
        age = (now - kept[0].made_at) / 1000 if kept else float("inf")
        yield _single("backup_age_seconds", "Age of the newest backup; infinite while there is none.", age)

    def _audit(self) -> Iterator[Metric]:
        standing = self._house.witness.standing()
        yield _single("audit_entries", "Entries of the audit.", standing.seq)
        yield _single("audit_unsigned_entries", "Entries beyond the last signed checkpoint.", standing.beyond)
        yield _single(
            "audit_findings", "What is wrong with the audit; above 0 somebody must look.", len(standing.findings)
        )


def new_registry(house: House, worker: Callable[[], int | None], backups: Path | None) -> CollectorRegistry:
    """Return everything that is told, but what the door answered."""
    registry = CollectorRegistry()
    registry.register(HouseCollector(house, worker, backups))
    GCCollector(registry=registry)
    ProcessCollector(namespace="huiyin_door", registry=registry)
    ProcessCollector(namespace="huiyin_worker", pid=lambda: worker() or 0, registry=registry)
    return registry


@contextmanager
def tell_metrics(settings: Installation, house: House, worker: Callable[[], int | None]) -> Iterator[Traffic | None]:
    """Tell metrics where the settings say; yields what counts the door's answers, None where nothing is told.

    Raises:
        InvalidError: the port for metrics cannot be taken.

    """
    door = settings.metrics_door
    if door is None:
        yield None
        return
    backups = Path(settings.backup.folder) if settings.backup.folder else None
    registry = new_registry(house, worker, backups)
    try:
        server, thread = start_http_server(door.port, door.host, registry)
    except OSError as error:
        message = f"metrics: port {door.port} at {door.host} cannot be taken: {error.strerror}"
        raise InvalidError(message, remedy="Set metrics to another port, or leave it out.") from error
    try:
        yield Traffic(registry)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _gauge(name: str, what: str, values: Mapping[str, float], label: str) -> Metric:
    family = GaugeMetricFamily(f"huiyin_{name}", what, labels=(label,))
    for each, value in values.items():
        family.add_metric((each,), value)
    return family


def _single(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"huiyin_{name}", what, value=value)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
