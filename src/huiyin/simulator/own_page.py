"""Serve the page of a shop that is on no platform, with the widget on it: another origin than Huiyin's, and strict.

Its policy allows the widget's script and its line to Huiyin, and no inline style: what holds here holds in most shops.
"""

from html import escape
from importlib.resources import files

from litestar import Response, Router, get
from litestar.exceptions import NotFoundException

from huiyin.simulator.control import only_opened_here
from huiyin.simulator.settings import SimulatorSettings


def own_page_router(settings: SimulatorSettings) -> Router:
    """Return the page and its style sheet; absent where there is no widget to show."""
    window = files("huiyin.simulator").joinpath("window")
    huiyin = settings.widget_from
    sockets = huiyin.replace("http", "ws", 1)
    policy = (
        f"default-src 'none'; script-src {huiyin}; connect-src {huiyin} {sockets}; style-src 'self'; "
        "img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )

    @get("/", sync_to_thread=False, guards=[only_opened_here], name="own page")
    def page() -> Response[str]:
        if not huiyin:
            raise NotFoundException(detail="no shop has a page of its own here")
        tag = f'<script src="{escape(huiyin)}/widget.js" data-site="{escape(settings.widget_site)}" async></script>'
        text = window.joinpath("shop.html").read_text(encoding="utf-8").replace("<!--widget-->", tag)
        headers = {"content-security-policy": policy, "cache-control": "no-store"}
        return Response(text, media_type="text/html; charset=utf-8", headers=headers)

    @get("/shop.css", sync_to_thread=False, guards=[only_opened_here], name="own page's style")
    def style() -> Response[bytes]:
        return Response(window.joinpath("shop.css").read_bytes(), media_type="text/css; charset=utf-8")

    return Router("/shop", route_handlers=[page, style])
