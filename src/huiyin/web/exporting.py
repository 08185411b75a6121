"""Sessions and messages as files: asked for, worked at, taken by whoever asked."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

import sqlalchemy as sa
from litestar import Controller, get, post
from litestar.params import JSONBody
from litestar.response import Stream

from huiyin.exporting import asking, taking, words
from huiyin.exporting.rows import stamp
from huiyin.exporting.views import Export, access_export, exports
from huiyin.exporting.words import Language, say, word
from huiyin.kernel.actors import Actor
from huiyin.kernel.clock import from_ms
from huiyin.kernel.errors import NotFoundError, PermanentError
from huiyin.policy.terms import Action, Resource
from huiyin.web import export_shapes as shapes
from huiyin.web.desk import Cursor, Id
from huiyin.web.guarding import needs
from huiyin.web.sessions import ActorHere, HouseHere
from huiyin.web.shapes import Named
from huiyin.web.workbooks import XLSX
from huiyin.wiring import House

WRITING = needs(Resource.EXPORT, Action.WRITE)
MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}


class Exports(Controller):
    """Exports of the shops the actor serves or owns."""

    path = "/api/exports"
    tags = ("exports",)
    opt = needs(Resource.EXPORT, Action.READ)

    @get("/", sync_to_thread=True)
    def list_exports(self, house: HouseHere, actor: ActorHere, cursor: Cursor = None) -> shapes.ExportList:
        """Return your exports and those of your organisation's shops, the newest first."""
        with house.reading.connect() as connection:
            found, further = exports(connection, cursor, actor=actor)
            return shapes.ExportList(exports=_shapes(house, connection, found, actor), next_cursor=further)

    @post("/", opt=WRITING, sync_to_thread=True, status_code=201)
    def ask(self, house: HouseHere, actor: ActorHere, data: JSONBody[shapes.AskExport]) -> shapes.ExportShape:
        """Ask for sessions or messages of some days, masked. The file is worked at beside everything else."""
        wish = asking.Wish(data.content, data.form, data.language, data.first, data.last)
        known = house.shops.all()
        shops = [known[each] for each in dict.fromkeys(data.shops) if each in actor.shops and each in known]
        if len(shops) < len(set(data.shops)):
            shops = []
        spans = asking.spans(shops, wish, house.clock.now(), actor=actor)
        with house.reading.connect() as connection:
            wanted = asking.measured(connection, spans)
        number = house.writer.run(asking.ask, house.sealer, wish, shops, wanted, actor=actor)
        house.access_log.worked(actor.id, f"SELECT {data.content}", [(each.id, each.tenant) for each in shops])
        return _one(house, number, actor)

    @get("/{export:str}", sync_to_thread=True)
    def look(self, house: HouseHere, actor: ActorHere, export: Id) -> shapes.ExportShape:
        """Return one export and how far it is."""
        return _one(house, export, actor)

    @post("/{export:str}/cancel", opt=WRITING, sync_to_thread=True, status_code=200)
    def cancel(self, house: HouseHere, actor: ActorHere, export: Id) -> shapes.ExportShape:
        """Cancel an export, or have a finished file gone before its time."""
        house.writer.run(asking.cancel, export, actor=actor)
        house.exports.remove(export)
        return _one(house, export, actor)

    @post("/{export:str}/download", opt=WRITING, sync_to_thread=True, status_code=200, media_type="text/csv")
    def download(self, house: HouseHere, actor: ActorHere, export: Id) -> Stream:
        """Return the file of an export you asked for; each time is written down."""
        taken = house.writer.run(taking.take, house.sealer, export, actor=actor)
        found = taken.export
        if not house.exports.whole(export, len(taken.extents)):
            message = "the file of this export is gone"
            raise NotFoundError(message, remedy="Ask for the export again.", code="export_gone")
        with house.reading.connect() as connection:
            name = house.people.name(connection, found.person)
        pieces = taking.pieces(house.exports, taken, _marks(house, found, name), partial(_stands, house, export))
        title = f"huiyin-{found.content}-{found.first}-{found.last}-{found.id[:8]}.{found.form}"
        return Stream(
            _sent(pieces), media_type=MEDIA[found.form],
            headers={"Content-Disposition": f'attachment; filename="{title}"'},
        )  # fmt: skip


def _sent(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Leave empty pieces out; the framework takes a ValueError for the end of the file, and this is none."""
    try:
        yield from filter(None, pieces)
    except ValueError as error:
        message = "an export broke off"
        raise PermanentError(message) from error


def _stands(house: House, export: str) -> bool:
    with house.reading.connect() as connection:
        return taking.stands(connection, export)


def _marks(house: House, export: Export, name: str) -> taking.Marks:
    language: Language = "en" if export.language == "en" else "zh"
    shops = [house.shops.all()[each] for each in export.shops]
    at = from_ms(export.created_at).astimezone(shops[0].zone)
    return {
        "number": export.id, "name": name, "at": stamp(at), "shops": "、".join(each.name for each in shops),
        "days": f"{export.first} ~ {export.last}", "content": word(words.CONTENTS, export.content, language),
        "note": say(words.NOTE, language),
    }  # fmt: skip


def _one(house: House, export: str, actor: Actor) -> shapes.ExportShape:
    with house.reading.connect() as connection:
        return _shapes(house, connection, [access_export(connection, export, actor=actor)], actor)[0]


def _shapes(house: House, connection: sa.Connection, found: Sequence[Export], actor: Actor) -> list[shapes.ExportShape]:
    names = house.people.names(connection, {each.person for each in found})
    known = house.shops.all()
    return [
        shapes.ExportShape(
            id=each.id, shops=[Named(id=shop, name=known[shop].name) for shop in each.shops], content=each.content,
            form=each.form, language=each.language, first=date.fromisoformat(each.first),
            last=date.fromisoformat(each.last), person=names.get(each.person, ""), mine=each.person == actor.id,
            state=each.state, trouble=each.trouble, created_at=from_ms(each.created_at),
            ended_at=None if each.ended_at is None else from_ms(each.ended_at),
            expires_at=None if each.expires_at is None else from_ms(each.expires_at), expected=each.expected,
            sessions=each.sessions, rows=each.rows, bytes=each.bytes, taken=each.taken,
        )
        for each in found
    ]  # fmt: skip
