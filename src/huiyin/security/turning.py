"""Run key work in the background, one piece for each tenant at a time, and tell how far it came.

It is cut off when the process ends; started again it goes on, as `keyroom` promises.
"""

import threading
from collections.abc import Callable, Iterator
from typing import NamedTuple

import structlog

from huiyin.kernel.errors import ConflictError, HuiyinError
from huiyin.security.keyroom import Progress

log = structlog.get_logger(__name__)

Steps = Callable[[], Iterator[Progress]]


class Work(NamedTuple):
    """A piece of work: `what` it is, how far it came, and whether it is running, done or failed."""

    what: str
    done: int
    of: int
    state: str


class Turning:
    """The key work of this process."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._lock = threading.Lock()
        self._work: dict[str, Work] = {}

    def of(self, tenant: str) -> Work | None:
        """Return a tenant's last piece of work since this process began."""
        return self._work.get(tenant)

    def start(self, tenant: str, what: str, steps: Steps) -> Work:
        """Begin a piece of work; the first step is made before this returns, so that a refusal is heard.

        Raises:
            ConflictError: one is under way for this tenant.
            HuiyinError: what the first step raises.

        """
        with self._lock:
            known = self._work.get(tenant)
            if known is not None and known.state == "running":
                message = "key work is under way"
                raise ConflictError(message, remedy="Wait until it is done.", code="keys_busy")
            self._work[tenant] = Work(what, 0, 0, "running")
        try:
            going = steps()
            first = next(going, None)
        except HuiyinError:
            self._work[tenant] = Work(what, 0, 0, "failed")
            raise
        self._note(tenant, first)
        threading.Thread(target=self._finish, args=(tenant, going), name="huiyin-keys", daemon=True).start()
        return self._work[tenant]

    def _note(self, tenant: str, step: Progress | None) -> None:
        if step is not None:
            self._work[tenant] = self._work[tenant]._replace(done=step.done, of=max(step.of, step.done))

    def _finish(self, tenant: str, going: Iterator[Progress]) -> None:
        state = "failed"
        try:
            for step in going:
                self._note(tenant, step)
            state = "done"
        except HuiyinError as error:
            log.warning("keys.work_failed", tenant=tenant, error=type(error).__name__)
        finally:
            self._work[tenant] = self._work[tenant]._replace(state=state)
