"""Write the first settings file: what was asked for, and every other setting as a comment with what it does."""

from pathlib import Path

import msgspec

from huiyin.installation.settings import Installation
from huiyin.kernel.errors import ConflictError

TEMPLATE = """\
# Huiyin 回音: the settings of this installation. Each can be replaced by the environment: tls.key by HUIYIN_TLS_KEY.

# Where the data are kept. 数据目录。
folder = {folder}

# Where browsers reach Huiyin; links are made with it. 浏览器访问的地址。
address = {address}

# Where the server listens. Beyond this machine only with tls below, or with a proxy in front. 监听地址。
listen = {listen}

# How many proxies of your own stand in front; their word on addresses and on https is taken. 前面有几层自己的代理。
proxies = {proxies}

# Who keeps the master key: file:/path, keyring:service, vault:https://…; "" for master.key in the folder. 主密钥。
# keys = "file:/etc/huiyin/master.key"

# Where the audit's signed checkpoints go: another disk or machine is better than the folder. 审计检查点。
# witness = "/mnt/elsewhere/witness"

# text for people, json for a log collector. No message text is ever logged. 日志格式。
# log = "json"

# Where Prometheus may ask, on this machine only. 监控指标。
# metrics = "127.0.0.1:9464"

# Whether webhooks may call this machine over http: for development alone. 允许推送到本机，仅供开发。
# loopback = false

# Without a proxy: files of the certificate with its chain, and of its key. Renewed files are used within a minute.
# [tls]
# certificate = "/etc/huiyin/tls.crt"
# key = "/etc/huiyin/tls.key"

# Platforms at other addresses: a test environment, a relay of your own. 平台的其他地址。
# [addresses.jd]
# gateway_url = "https://api-dev.jd.com/routerjson"

# Encrypted backups while running, to the age keys of whoever may open them (`huiyin backup key` makes one). 备份。
# [backup]
# folder = "/var/backups/huiyin"
# recipients = ["age1…"]
# every_hours = 24
# keep = 14
"""


def write_settings(file: Path, settings: Installation) -> None:
    """Write a settings file, readable by its owner alone.

    Raises:
        ConflictError: there is one.

    """
    said = {name: msgspec.json.encode(getattr(settings, name)).decode() for name in settings.__struct_fields__}
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as fresh:
            file.chmod(0o600)
            fresh.write(TEMPLATE.format(**{name: said[name] for name in ("folder", "address", "listen", "proxies")}))
    except FileExistsError as error:
        message = f"{file} is there already"
        raise ConflictError(message, remedy="Change that one, or name another with --settings.") from error
