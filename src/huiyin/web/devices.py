"""Say in words which browser a request came from: enough for a person to recognise their own devices."""

BROWSERS = (
    ("MicroMessenger/", "WeChat"),
    ("DingTalk/", "DingTalk"),
    ("Lark/", "Lark"),
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("OPR/", "Opera"),
    ("QQBrowser/", "QQ Browser"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python-httpx/", "Python"),
    ("Python/", "Python"),
)
"""In this order: Edge says it is Chrome, and Chrome says it is Safari."""
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """Return browser and system, such as "Chrome · macOS"; "" where the header says nothing we know.

    Nothing of the header itself comes back, so whatever somebody writes there is never shown or stored.
    """
    known = user_agent[:1000]
    browser = next((name for mark, name in BROWSERS if mark in known), "")
    system = next((name for mark, name in SYSTEMS if mark in known), "")
    return " · ".join(each for each in (browser, system) if each)
