"""Put the web door together: routes, identity, problems, the built console, security headers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from huiyin.web import problems
from huiyin.web.account import Account, Tokens
from huiyin.web.accounts import Accounts
from huiyin.web.approvals import Approvals
from huiyin.web.attributing import Attribution
from huiyin.web.audit import Audit
from huiyin.web.backfilling import Backfills
from huiyin.web.baselines import Baselines
from huiyin.web.connections import Connections
from huiyin.web.desk import Desk
from huiyin.web.documenting import SCHEMES, document_refusals
from huiyin.web.erasing import Erasing
from huiyin.web.exporting import Exports
from huiyin.web.facts import MOST_LOOKS, Facts
from huiyin.web.finding import Finding
from huiyin.web.first_steps import FirstStepsPage
from huiyin.web.guarding import ANYBODY, DOCUMENT, check_every_route, guard
from huiyin.web.headers import dress, refuse_long_heads, refuse_odd_names
from huiyin.web.hooks import receive_push
from huiyin.web.identity import provide_actor, provide_house
from huiyin.web.importing import Imports
from huiyin.web.keys import Keys
from huiyin.web.live import Hub
from huiyin.web.oidc import Oidc
from huiyin.web.pace import SEARCHING, SEEKING, SIGNED_IN, STRANGERS, Buckets
from huiyin.web.pages import CONSOLE, LOST, console, console_file
from huiyin.web.people import People
from huiyin.web.polls import Polls
from huiyin.web.provider import ByProvider
from huiyin.web.readiness import Probe, database_probe, health, ready
from huiyin.web.refusing import MOST as MOST_REFUSALS
from huiyin.web.repeating import begin_once, keep_answers
from huiyin.web.reports import Reports
from huiyin.web.retention import Retention
from huiyin.web.revealing import Revealing
from huiyin.web.seldom import HOUR, MINUTE, Seldom
from huiyin.web.sessions import Presences, Sessions
from huiyin.web.socket import live_socket
from huiyin.web.stuck import StuckEvents
from huiyin.web.timeline import Timeline
from huiyin.web.traffic import count_traffic
from huiyin.web.unsettled import Unsettled
from huiyin.web.visiting import begin_visit, new_paces, say, script, share
from huiyin.web.visitor_socket import Visitors, visitor_socket
from huiyin.web.wall import Wall
from huiyin.web.webhooks import Webhooks
from huiyin.web.welcome import Welcome
from huiyin.wiring import House

OPENAPI = OpenAPIConfig(
    title="Huiyin", version="0.1.0", path=DOCUMENT, render_plugins=[JsonRenderPlugin(path="/")], components=SCHEMES,
)  # fmt: skip
"""The framework answers what it does not know below this path with a page, so nothing else lies below it."""


Beside = Callable[[], Coroutine[None, None, None]]

CONTROLLERS = (
    Sessions, ByProvider, Account, Tokens, Welcome, People, Approvals, Presences,
    Desk, Polls, Attribution, Timeline, Unsettled, Revealing, Facts, Wall, StuckEvents, Accounts, Audit, Keys,
    Erasing, Connections, Imports, Exports, Reports, Baselines, Backfills, Finding, Retention, FirstStepsPage,
    Webhooks,
)  # fmt: skip


def _handlers() -> list[ControllerRouterHandler]:
    api = Router(path="/", route_handlers=[*CONTROLLERS, health, ready], guards=[guard], before_request=begin_once)
    handlers: list[ControllerRouterHandler] = [api, receive_push, live_socket, console, console_file]
    handlers += [begin_visit, say, script, visitor_socket]
    if CONSOLE.exists():
        handlers.append(
            create_static_files_router(
                path="/assets",
                directories=[CONSOLE / "assets"],
                include_in_schema=False,
                opt=ANYBODY,
                guards=[refuse_odd_names],
            )
        )
    return handlers


def create_app(house: House, *, beside: Sequence[Beside] = (), probes: Mapping[str, Probe] | None = None) -> Litestar:
    """Build the application over a house.

    `beside` are loops that run as long as it serves, such as the worker's; `probes` tell which of them stand.
    """
    app = empty_app(beside)
    move_in(app, house)
    app.state.probes.update(probes or {})
    return app


def empty_app(beside: Sequence[Beside] = ()) -> Litestar:
    """Build the application with its routes; it answers once a house moved in."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        own = (app.state.hub.run, app.state.visitors.run, app.state.house.lines.run)
        tasks = [asyncio.create_task(each()) for each in (*own, *beside)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task

    app = Litestar(
        route_handlers=_handlers(),
        lifespan=[lifespan],
        dependencies={
            "house": Provide(provide_house, sync_to_thread=False),
            "actor": Provide(provide_actor, sync_to_thread=False),
        },
        exception_handlers={**problems.HANDLERS, **LOST},
        openapi_config=OPENAPI,
        before_send=[dress, share],
        middleware=[refuse_long_heads, count_traffic, keep_answers],
        request_max_body_size=1024 * 1024,
        debug=False,
        logging_config=None,
    )
    check_every_route(app)
    document_refusals(app)
    return app


def move_in(app: Litestar, house: House) -> None:
    """Let the application serve this house, and remember nothing of the one before."""
    app.state.house = house
    app.state.probes = {"database": database_probe(house)}
    app.state.traffic = None
    app.state.hub = Hub(house)
    app.state.visitors, app.state.visits = Visitors(house), new_paces()
    app.state.oidc = Oidc(house.provider, house.clock) if house.provider else None
    app.state.paces = Buckets(SIGNED_IN)
    app.state.strangers = Buckets(STRANGERS)
    app.state.seeking = Buckets(SEEKING)
    app.state.searching = Buckets(SEARCHING)
    app.state.refusals = Seldom(house.clock, MINUTE, MOST_REFUSALS)
    app.state.unproven = Seldom(house.clock, HOUR, MOST_REFUSALS)
    app.state.looks = Seldom(house.clock, HOUR, MOST_LOOKS)
