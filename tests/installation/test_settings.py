"""Settings are read from one file and the environment; whatever cannot be is refused by name, with a remedy."""

from pathlib import Path

import pytest

from huiyin.installation.first_settings import TEMPLATE, write_settings
from huiyin.installation.settings import PREFIX, SETTINGS, Installation, _names, in_use, load
from huiyin.kernel.errors import ConflictError, InvalidError

FILE = """
folder = "data"
address = "https://kefu.example.com"
listen = "0.0.0.0:8600"
proxies = 1
log = "json"
[backup]
folder = "/backups"
recipients = ["age1aaa", "age1bbb"]
keep = 3
"""


def written(folder: Path, text: str = FILE) -> Path:
    file = folder / "huiyin.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_is_read_and_its_paths_stand_beside_it(tmp_path: Path) -> None:
    settings = load(written(tmp_path), {})
    assert settings.folder == str(tmp_path / "data")
    assert settings.door == ("0.0.0.0", 8600)  # behind a proxy
    assert settings.backup.recipients == ("age1aaa", "age1bbb")
    assert (settings.backup.folder, settings.backup.keep) == ("/backups", 3)
    assert settings.house().proxies == 1


def test_the_environment_replaces_what_the_file_says(tmp_path: Path) -> None:
    said = {
        "HUIYIN_LISTEN": "127.0.0.1:9001", "HUIYIN_PROXIES": "2", "HUIYIN_BACKUP_KEEP": "7",
        "HUIYIN_BACKUP_RECIPIENTS": "age1x,age1y", "HUIYIN_KEYS": "file:/keys/master", "PATH": "/bin",
        "HUIYIN_DATA": "/dialogues",
    }  # fmt: skip
    settings = load(written(tmp_path), said)
    assert (settings.door.port, settings.proxies, settings.backup.keep) == (9001, 2, 7)
    assert settings.backup.recipients == ("age1x", "age1y")
    assert settings.house().keys == "file:/keys/master"


def test_the_environment_is_enough(tmp_path: Path) -> None:
    settings = load(None, {"HUIYIN_FOLDER": str(tmp_path)})
    assert settings.folder == str(tmp_path)
    assert not settings.speaks_tls


def test_nothing_installed_is_no_error_and_no_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert in_use({}) is None
    with pytest.raises(InvalidError) as refused:
        load(None, {})
    assert "huiyin init" in refused.value.remedy


def test_the_file_of_the_folder_one_is_in_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path)
    found = in_use({})
    assert found is not None
    assert found.folder == str(tmp_path / "data")


@pytest.mark.parametrize(
    ("text", "environment", "says"),
    [
        ('folder = "d"\nlisen = "127.0.0.1:1"', {}, "lisen"),
        ('folder = "d"\n[tls]\ncert = "x"', {}, "cert"),
        ('folder = "d"', {"HUIYIN_LISTN": "x"}, "HUIYIN_LISTN"),
        ('folder = "d"\nproxies = "two"', {}, "proxies"),
        ('folder = "d"', {"HUIYIN_PROXIES": "two"}, "proxies"),
        ("folder = ", {}, "huiyin.toml"),
        ('address = "http://127.0.0.1"', {}, "where the data are"),
        ('folder = "d"\nlisten = "8600"', {}, "listen"),
        ('folder = "d"\nlisten = "127.0.0.1:99999"', {}, "listen"),
        ('folder = "d"\nlisten = "0.0.0.0:8600"', {}, "TLS"),
        ('folder = "d"\naddress = "kefu.example.com"', {}, "address"),
        ('folder = "d"\nlog = "xml"', {}, "log"),
        ('folder = "d"\nmetrics = "0.0.0.0:9464"', {}, "metrics"),
        ('folder = "d"\n[tls]\ncertificate = "c.pem"', {}, "go together"),
        ('folder = "d"\n[tls]\ncertificate = "c.pem"\nkey = "k.pem"', {}, "tls.certificate"),
        ('folder = "d"\n[backup]\nfolder = "b"', {}, "backup"),
        ('folder = "d"\n[backup]\nfolder = "b"\nrecipients = ["age1x"]\nkeep = 0', {}, "keep"),
        ('folder = "d"\n[backup]\nevery_hours = 0', {}, "every_hours"),
        ('folder = "d"\n[backup]\nevery_hours = nan', {}, "every_hours"),
        ('folder = ""', {}, "folder"),
        ('folder = "huiyin.toml/d"', {}, "folder"),
        ('folder = "d"\nwitness = "huiyin.toml"', {}, "witness"),
        ('folder = "d"\nproxies = -1', {}, "proxies"),
        ('folder = "d"\nlisten = "127.0.0.1:0"', {}, "listen"),
        ('folder = "d"\naddress = "https://x y"', {}, "address"),
        ('folder = "d"\naddress = "https://kefu.example.com/path"', {}, "address"),
    ],
)
def test_what_cannot_be_is_refused_by_name_with_a_remedy(
    tmp_path: Path, text: str, environment: dict[str, str], says: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        load(written(tmp_path, text), environment)
    assert says in str(refused.value)
    assert refused.value.remedy


def test_a_settings_file_that_is_named_and_not_there_is_no_reason_to_take_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path)
    with pytest.raises(InvalidError, match="no such file"):
        in_use({SETTINGS: str(tmp_path / "other.toml")})


def test_a_file_in_another_encoding_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "huiyin.toml").write_bytes('folder = "数据"'.encode("gb18030"))
    with pytest.raises(InvalidError) as refused:
        load(tmp_path / "huiyin.toml", {})
    assert "UTF-8" in refused.value.remedy


def test_the_first_file_is_readable_by_its_owner_alone_and_says_what_was_wished(tmp_path: Path) -> None:
    file = tmp_path / "etc" / "huiyin.toml"
    wished = Installation(folder="/data/回音", address="https://x.example", listen="127.0.0.1:8700", proxies=1)
    write_settings(file, wished)
    assert file.stat().st_mode & 0o777 == 0o600
    assert load(file, {}) == wished
    with pytest.raises(ConflictError):
        write_settings(file, wished)


def test_the_first_file_names_every_setting() -> None:
    for path in _names(Installation).values():
        assert f"{path[-1]} =" in TEMPLATE, path
    assert PREFIX in TEMPLATE
