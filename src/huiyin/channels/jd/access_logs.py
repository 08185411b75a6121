"""Tell JD who reached its data through us, as those who build on its platform must (ISV 日志).

Methods and fields are those of JD's SDK (`IsvUploadLoginLogRequest` and its like); what their numbers mean stands in
docs/decisions/0039. One record goes with the method of its kind, several together in `uploadBatchLog`; where JD
refuses that one, each goes alone. Everything goes to JD's log address or, beside the simulator, to the simulator.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec
import structlog

from huiyin.channels.access_records import AccessKind, AccessRecord
from huiyin.channels.jd.answers import decode, strange
from huiyin.channels.jd.gateway import Gateway
from huiyin.channels.jd.settings import JdSettings
from huiyin.kernel.clock import Clock, to_ms
from huiyin.kernel.errors import PermanentError
from huiyin.kernel.wire import encode_text

log = structlog.get_logger()

METHODS: Mapping[AccessKind, str] = {
    AccessKind.SIGN_IN: "jingdong.isv.uploadLoginLog",
    AccessKind.ORDERS: "jingdong.isv.uploadOrderInfoLog",
    AccessKind.PASSED_ON: "jingdong.isv.uploadThirdAppTransmitOrderInfoLog",
    AccessKind.DATABASE: "jingdong.isv.uploadDBOperationLog",
}
BATCH = "jingdong.isv.uploadBatchLog"
TYPES: Mapping[AccessKind, str] = {
    AccessKind.SIGN_IN: "login",
    AccessKind.ORDERS: "order",
    AccessKind.PASSED_ON: "sendOrder",
    AccessKind.DATABASE: "sql",
}
"""How a batch names its kind. Ours: no public document tells JD's names; a refused batch goes record by record."""

QUERIED = "1"
"""`operation`: 批量查询. JD's list goes to 9 (修改); we only look up."""
OURS = "Huiyin"
"""What an app is called whose name nobody filled in."""
WENT_WELL, FAILED = "0", "1"


class _Taken(msgspec.Struct):
    code: str | int = "0"
    c: str | int = 0


_taken = msgspec.json.Decoder(_Taken)


class AccessLogs:
    """One shop's way to JD's log address."""

    def __init__(self, settings: JdSettings, gateway: Gateway, clock: Clock) -> None:
        """Tell through `gateway`, which calls the log address."""
        self._settings = settings
        self._gateway = gateway
        self._clock = clock
        self._one_by_one = False

    async def tell(self, records: Sequence[AccessRecord]) -> None:
        """Tell of records of one kind.

        Raises:
            TemporaryError: JD did not take them now.
            PermanentError: JD refuses them.

        """
        if len(records) > 1 and not self._one_by_one:
            try:
                return await self._together(records)
            except PermanentError as refusal:
                log.warning("jd.batch_of_logs_refused", shop=self._settings.shop, code=refusal.code)
                self._one_by_one = True
        for each in records:
            await self._told(METHODS[each.kind], fields_of(each, self._settings))
        return None

    async def _together(self, records: Sequence[AccessRecord]) -> None:
        data = encode_text([fields_of(each, self._settings) for each in records])
        fields = {
            "josAppKey": self._settings.app_key, "type": TYPES[records[0].kind], "data": data,
            "time_stamp": str(to_ms(self._clock.now())),
        }  # fmt: skip
        await self._told(BATCH, fields)

    async def _told(self, method: str, fields: Mapping[str, str]) -> None:
        taken = decode(_taken, await self._gateway.call(method, fields), method)
        if str(taken.code) != "0" or str(taken.c) != "0":
            raise strange(method)


def fields_of(record: AccessRecord, settings: JdSettings) -> dict[str, str]:
    """Return a record as JD's fields. JD refuses empty values, so what is not known is left out."""
    common = {
        "app_name": settings.app_name or OURS, "josAppKey": settings.app_key, "user_ip": record.address,
        "device_id": record.device, "user_id": record.person, "url": record.page,
        "time_stamp": str(to_ms(record.at)),
    }  # fmt: skip
    return {name: value for name, value in {**common, **_OWN[record.kind](record, settings)}.items() if value}


def _sign_in(record: AccessRecord, settings: JdSettings) -> dict[str, str]:
    result = FAILED if record.why else WENT_WELL
    return {"result": result, "message": record.why or "ok", "jd_id": settings.vender_id, "url": ""}


def _orders(record: AccessRecord, settings: JdSettings) -> dict[str, str]:
    return {"order_ids": ",".join(record.orders), "operation": QUERIED, "jd_id": settings.vender_id}


def _passed_on(record: AccessRecord, _: JdSettings) -> dict[str, str]:
    return {"order_ids": ",".join(record.orders), "sendto_url": record.sent_to}


def _database(record: AccessRecord, _: JdSettings) -> dict[str, str]:
    return {"db": record.database, "sql": record.statement}


_OWN: Mapping[AccessKind, Callable[[AccessRecord, JdSettings], dict[str, str]]] = {
    AccessKind.SIGN_IN: _sign_in, AccessKind.ORDERS: _orders, AccessKind.PASSED_ON: _passed_on,
    AccessKind.DATABASE: _database,
}  # fmt: skip
