"""Files of a shop's own: offered, looked into, brought in, and what they told."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from litestar import Controller, Request, get, post
from litestar.params import FromQuery, JSONBody, QueryParameter

from huiyin.imports import offering, starting
from huiyin.imports.columns import Kind, Mapped
from huiyin.imports.jobs import Job
from huiyin.imports.keeping import MOST_BYTES, Copy
from huiyin.imports.sorting import fields_of, reader_of
from huiyin.imports.views import PAGE, Asked, Import, imports, refusals
from huiyin.insight.reported import UNITS
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms
from huiyin.kernel.errors import NotFoundError
from huiyin.org.shops import owned_shop
from huiyin.policy.terms import Action, Resource
from huiyin.web import import_shapes as shapes
from huiyin.web.desk import Cursor, Id
from huiyin.web.guarding import needs, repeatable
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import Named
from huiyin.wiring import House

MOST_ROWS = 500
Shop = Annotated[str, QueryParameter(max_length=64)]
What = FromQuery[Literal["chats", "service_manager", "business_intelligence", "other"]]
Limit = Annotated[int, QueryParameter(ge=1, le=200)]
Rows = Annotated[int, QueryParameter(ge=1, le=MOST_ROWS)]
WRITING = needs(Resource.IMPORT, Action.WRITE)


class Imports(Controller):
    """Imports of the actor's organisation."""

    path = "/api/imports"
    tags = ("imports",)
    opt = needs(Resource.IMPORT, Action.READ)

    @get("/", sync_to_thread=True)
    def list_imports(
        self, house: HouseHere, actor: ActorHere, cursor: Cursor = None, limit: Limit = PAGE
    ) -> shapes.ImportPage:
        """Return the imports of your organisation, the newest first, those under way with how far they are."""
        return _listed(house, actor, Asked(cursor=cursor, limit=limit))

    @post("/", opt=WRITING, status_code=201, request_max_body_size=MOST_BYTES)
    async def offer(
        self, request: Request[Any, Any, Any], house: HouseHere, actor: ActorHere, shop: Shop, what: What
    ) -> shapes.OfferedShape:
        """Give a file as the request's body. It is looked into; nothing is brought in before it is started.

        `what` is chats, or whose report it is. The header `X-File-Name` names the file, percent-encoded.
        """
        with house.reading.connect() as connection:
            offering.check_room(connection, owned_shop(connection, shop, actor=actor).tenant)
        kind, source = (Kind.CHATS, "") if what == "chats" else (Kind.REPORT, what)
        name = unquote(request.headers.get("x-file-name", ""))[: offering.MOST_NAME]
        wanted = offering.Wanted(shop, kind, source, name)
        copy = await _received(request, house)
        try:
            async with house.importer.looking:
                return await asyncio.to_thread(_offered, house, copy, wanted, actor)
        except BaseException:
            house.importer.files.remove(copy.id)
            raise

    @post("/{file:str}/preview", opt=WRITING, status_code=200)
    async def preview(
        self, house: HouseHere, actor: ActorHere, file: Id, data: JSONBody[shapes.Looked]
    ) -> shapes.PreviewShape:
        """Try a mapping on the first rows of an offered file."""
        async with house.importer.looking:
            return await asyncio.to_thread(_previewed, house, file, data, actor)

    @post("/{file:str}/start", opt=repeatable(WRITING), status_code=200)
    async def start(
        self, house: HouseHere, actor: ActorHere, file: Id, data: JSONBody[shapes.Mapping]
    ) -> shapes.ImportShape:
        """Bring an offered file in, read by this mapping."""
        async with house.importer.looking:
            return await asyncio.to_thread(_started, house, file, data, actor)

    @post("/{file:str}/stop", opt=WRITING, sync_to_thread=True, status_code=200)
    def stop(self, house: HouseHere, actor: ActorHere, file: Id) -> shapes.ImportShape:
        """Stop an import, or take an offer back; what is in stays in."""
        house.writer.run(starting.stop, _job(house, file, actor), actor=actor)
        house.importer.files.remove(file)
        return _one(house, file, actor)

    @get("/{file:str}/refused", sync_to_thread=True)
    def refused(  # query parameters
        self, house: HouseHere, actor: ActorHere, file: Id, cursor: Cursor = None, limit: Rows = MOST_ROWS
    ) -> shapes.RefusedPage:
        """Return refused rows of an import in their order."""
        with house.reading.connect() as connection:
            found = refusals(connection, Asked(file, cursor, limit), actor=actor)
        return shapes.RefusedPage(
            rows=[
                shapes.RefusedRow(place=place, row=row, field=field, code=code)
                for place, (row, field, code) in found.rows
            ],
            next_cursor=found.next_cursor,
        )


async def _received(request: Request[Any, Any, Any], house: House) -> Copy:
    """Write the request's body to disc, sealed, as it arrives."""
    incoming = await asyncio.to_thread(house.importer.files.incoming)
    try:
        async for part in request.stream():
            await asyncio.to_thread(incoming.write, part)
        return await asyncio.to_thread(incoming.finish)
    except BaseException:
        incoming.discard()
        raise


def _offered(house: House, copy: Copy, wanted: offering.Wanted, actor: Actor) -> shapes.OfferedShape:
    job = Job(copy.id, actor.tenant, wanted.shop, wanted.kind, wanted.source, "offered", "", {}, copy.key, 0, "")
    seen = _preview(house, job, None, "", actor)
    house.writer.run(offering.offer, house.sealer, copy, wanted, seen.form, actor=actor)
    return shapes.OfferedShape(file=_one(house, copy.id, actor), preview=seen)


def _previewed(house: House, file: str, data: shapes.Looked, actor: Actor) -> shapes.PreviewShape:
    return _preview(house, _job(house, file, actor), data.columns, data.sheet, actor)


def _started(house: House, file: str, data: shapes.Mapping, actor: Actor) -> shapes.ImportShape:
    job = _job(house, file, actor)
    columns = offering.columns_of(house.importer.files, job, data.sheet)
    house.writer.run(starting.start, job, columns, data.columns, data.sheet, actor=actor)
    return _one(house, file, actor)


def _preview(house: House, job: Job, mapped: Mapped | None, sheet: str, actor: Actor) -> shapes.PreviewShape:
    def before(columns: tuple[str, ...]) -> Mapped | None:
        with house.reading.connect() as connection:
            return offering.remembered(connection, actor.tenant, job.kind, columns)

    reads = partial(reader_of, now=house.clock.now(), shop=house.shops.all()[job.shop].name)
    seen = offering.preview(house.importer.files, job, before, mapped, sheet, reads)
    with house.reading.connect() as connection:
        strangers = house.accounts.unmapped(connection, actor.tenant, job.shop, seen.agents)
    return shapes.PreviewShape(
        form=seen.form, encoding=seen.encoding, sheets=list(seen.sheets), sheet=seen.sheet, columns=list(seen.columns),
        fields=[
            shapes.FieldShape(name=each.name, required=each.required, unit=UNITS.get(each.name, ""))
            for each in fields_of(job.kind)
        ],
        mapped=dict(seen.proposal.mapped if mapped is None else mapped), remembered=seen.proposal.remembered,
        gone=dict(seen.proposal.gone), sample=seen.sample, tried=seen.tried,
        refused=[
            shapes.RefusedShape(field=field, code=code, count=count) for (field, code), count in seen.refused.items()
        ],
        strangers=strangers,
    )  # fmt: skip


def _job(house: House, file: str, actor: Actor) -> Job:
    with house.reading.connect() as connection:
        return offering.owned_job(connection, house.sealer, file, actor=actor)


def _listed(house: House, actor: Actor, asked: Asked) -> shapes.ImportPage:
    with house.reading.connect() as connection:
        found = imports(connection, house.sealer, asked, actor=actor)
        people = house.people.names(connection, {each.person for each in found.imports})
    return shapes.ImportPage(
        imports=[_shape(house, each, people) for each in found.imports], next_cursor=found.next_cursor
    )


def _one(house: House, file: str, actor: Actor) -> shapes.ImportShape:
    found = _listed(house, actor, Asked(file)).imports
    if not found:
        message = "there is no such import"
        raise NotFoundError(message, remedy="Look at the list of imports.", code="import_gone")
    return found[0]


def _shape(house: House, each: Import, people: Mapping[str, str]) -> shapes.ImportShape:
    shop = Named(id=each.shop, name=house.shops.all()[each.shop].name)
    return shapes.ImportShape(
        id=each.id, shop=shop, kind=each.kind, source=each.source, name=each.name, bytes=each.bytes, form=each.form,
        person=people.get(each.person, ""), state=each.state, trouble=each.trouble, created_at=from_ms(each.created_at),
        ended_at=_at(each.ended_at), rows_read=each.rows_read, refused=each.refused, records=each.records,
        fed=each.fed, fresh=each.fresh, first_at=_at(each.first_at), last_at=_at(each.last_at),
        same_as=_at(each.same_as),
    )  # fmt: skip


def _at(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else from_ms(milliseconds)
