"""Session search: find the sessions in which something was said, among those one may read."""

from collections.abc import Mapping

from litestar import Controller, Request, post
from litestar.params import JSONBody

from huiyin.audit.writing import WITHHELD, Entry, Value, typed, write_down
from huiyin.connections.platforms import PLATFORMS
from huiyin.conversations import views as talk
from huiyin.eventlog.unit_of_work import UnitOfWork
from huiyin.finding.asking import Filters, Hit, Result
from huiyin.finding.showing import Shown
from huiyin.finding.wanted import Wanted, read_wanted
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms
from huiyin.kernel.ids import TenantId
from huiyin.policy.terms import Action, Resource
from huiyin.web import finding_shapes as shapes
from huiyin.web.guarding import needs
from huiyin.web.pace import Buckets
from huiyin.web.refusing import refusals_noted
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import Named
from huiyin.web.wall import sees_agents
from huiyin.wiring import House

SEARCHED = "sessions.searched"


class Finding(Controller):
    """Search in what was said."""

    path = "/api/sessions"
    tags = ("search",)

    @post("/search", opt=needs(Resource.CONVERSATION, Action.SEARCH), sync_to_thread=True, status_code=200)
    def search(
        self,
        house: HouseHere,
        actor: ActorHere,
        data: JSONBody[shapes.SearchSessions],
        request: Request,  # type: ignore[type-arg]  # any user
    ) -> shapes.FoundSessions:
        """Return sessions in which all words stand, newest first; that one searched is written down, never the words.

        In quotes words stand together; a word behind a minus stands nowhere in the session.
        """
        searching: Buckets = request.app.state.searching
        with refusals_noted(request, SEARCHED, actor.tenant, actor):
            searching.draw(actor.id)
        every = sees_agents(actor)
        filters = _filters(data)
        if filters.agent not in {"", actor.id} and not every:
            filters = filters._replace(shop="none of theirs")
        wanted = read_wanted(data.words)
        with house.reading.connect() as connection:
            found = house.finder.find(connection, house.shops.all(), wanted, filters, data.cursor, actor=actor)
            labels = talk.customer_labels(connection, house.bodies, [hit.id for hit, *_ in found.hits])
            people = {person for hit, *_ in found.hits for person in hit.people} | set(found.counts.get("person", ()))
            names = house.people.names(connection, people)
        house.writer.run(_written, found, wanted, data, actor)
        return _rendered(house, found, labels, names, own="" if every else actor.id)


def _written(uow: UnitOfWork, found: Result, wanted: Wanted, data: shapes.SearchSessions, actor: Actor) -> None:
    """Write down that somebody searched and how much they found, with each merchant whose sessions it was."""
    asked: dict[str, Value] = {
        "words": len(wanted.phrases) + len(wanted.without), "further": data.cursor is not None,
        "shop": typed(data.shop) if data.shop else "", "person": typed(data.agent) if data.agent else "",
        "side": data.side, "platform": _known(data.platform), "origin": data.origin, "state": data.state,
        "risk": data.risk,
        "first": int(data.first.strftime("%Y%m%d")) if data.first else None,
        "last": int(data.last.strftime("%Y%m%d")) if data.last else None,
    }  # fmt: skip
    told = {name: value for name, value in asked.items() if value not in {"", None}}
    for tenant in found.asked or (actor.tenant,):
        detail = {**told, "found": found.tenants.get(tenant, 0)}
        write_down(uow, Entry(action=SEARCHED, actor=actor, tenant=TenantId(tenant), subject=actor.id, detail=detail))


def _known(platform: str) -> str:
    """Return a platform's name as an entry may hold it: one of ours, or that it was withheld."""
    return platform if platform in {"", *PLATFORMS} else WITHHELD


def _filters(data: shapes.SearchSessions) -> Filters:
    return Filters(
        data.shop, data.agent, data.side, data.platform, data.origin, data.state, data.risk, data.first, data.last
    )


def _rendered(
    house: House, found: Result, labels: Mapping[str, str], names: Mapping[str, str], *, own: str
) -> shapes.FoundSessions:
    shops = house.shops.all()

    def facets(kind: str, called: Mapping[str, str]) -> list[shapes.Facet]:
        return [
            shapes.Facet(value=value, name=called.get(value, ""), number=number)
            for value, number in sorted(found.counts.get(kind, {}).items(), key=lambda each: (-each[1], each[0]))
            if kind != "person" or not own or value == own
        ]

    return shapes.FoundSessions(
        sessions=[
            _session(hit, shown, Named(id=hit.shop, name=shops[hit.shop].name), labels.get(hit.id, ""), names)
            for hit, _, shown in found.hits
        ],
        next_cursor=found.next_cursor,
        total=found.total,
        more=found.more,
        shops=facets("shop", {key: shop.name for key, shop in shops.items()}),
        agents=facets("person", names),
        states=facets("state", {}),
        origins=facets("origin", {}),
        risks=facets("risk", {}),
        indexed=found.progress.done,
        to_index=found.progress.of,
        behind=found.progress.behind,
    )


def _session(hit: Hit, shown: Shown, shop: Named, customer: str, names: Mapping[str, str]) -> shapes.FoundSession:
    return shapes.FoundSession(
        id=hit.id,
        shop=shop,
        customer=customer,
        agents=[Named(id=each, name=names[each]) for each in hit.people if each in names],
        opened_at=from_ms(hit.opened_at),
        state=hit.state,
        origin=hit.origin,
        risk=hit.risk,
        hits=shown.number,
        snippets=[
            shapes.SnippetShape(
                sender=each.side, at=from_ms(each.at), text=each.text,
                marks=[shapes.MarkShape(start=start, end=end) for start, end in each.marks],
                begins=each.begins, ends=each.ends,
            )
            for each in shown.snippets
        ],
    )  # fmt: skip
