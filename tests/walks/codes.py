"""An authenticator app: RFC 6238 by hand, so that the house is not measured against itself."""

import base64
import hmac
import struct

from .founding import PASSWORD
from .stage import Person


def code_at(secret: str, seconds: float) -> str:
    """Return the six digits an app shows at a moment."""
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(seconds) // 30), "sha1")
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


class App:
    """Somebody's telephone with the secret in it; `ahead` is how wrong its clock is, in seconds."""

    def __init__(self, person: Person, secret: str, ahead: float = 0) -> None:
        self._person, self.secret, self.ahead = person, secret, ahead

    def code(self) -> str:
        """Return the code shown now."""
        return code_at(self.secret, self._person.stage.clock.now().timestamp() + self.ahead)


async def with_second_factor(person: Person, password: str) -> tuple[App, list[str]]:
    """Set a second factor up; return the app and the recovery codes. The first code counts as shown."""
    begun = await person.http.post("/api/account/totp", json={"password": password})
    assert begun.status_code == 200, begun.text
    app = App(person, begun.json()["secret"])
    done = await person.http.post("/api/account/totp/confirm", json={"code": app.code()})
    assert done.status_code == 200, done.text
    return app, done.json()["codes"]


async def is_shown(agent: Person, conversation: str) -> None:
    """Let an agent look at everything the customer's messages hide from them."""
    await with_second_factor(agent, PASSWORD)
    for message in (await agent.opens(conversation))["messages"]:
        for place, _hidden in enumerate(message["hidden"]):
            path = f"/api/desk/conversations/{conversation}/messages/{message['id']}/reveal"
            answer = await agent.http.post(path, json={"place": place, "purpose": "delivery"})
            assert answer.status_code == 200, answer.text
