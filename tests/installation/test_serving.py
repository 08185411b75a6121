"""A real installation: begun, served, watched, stopped in good order, and safe against what operators run into."""

import os
import signal
import socket
from pathlib import Path

import httpx
import pytest

from huiyin.installation.serving import alone
from huiyin.kernel.errors import InvalidError

from .conftest import Place, certificate, free_port, until


def test_an_installation_is_begun_served_watched_and_ended_in_good_order(place: Place) -> None:
    link = place.begins()
    metrics = free_port()
    place.adds(f'log = "json"\nmetrics = "127.0.0.1:{metrics}"\n')
    notify = place.folder / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(notify))
        supervisor.settimeout(30)
        with place.serves(NOTIFY_SOCKET=str(notify), WATCHDOG_USEC="40000") as serving:
            # Nobody reads what the supervisor is told meanwhile, and its queue is full after ten words.
            until(lambda: "supervisor.not_told" in {each["event"] for each in serving.logged()})
            assert serving.ready() == {"database": True, "worker": True}
            assert serving.http.get("/api/health").json() == {"status": "ok"}
            token = link.strip().partition("#")[2]
            opened = serving.http.post("/api/welcome", json={"token": token}, headers={"X-Huiyin": "1"})
            assert opened.json()["organisation"] == "回音商贸", opened.text
            behind = 'huiyin_listener_behind_events{listener="insight.figures"} 0.0'
            until(lambda: behind in httpx.get(f"http://127.0.0.1:{metrics}/metrics").text)
            told = httpx.get(f"http://127.0.0.1:{metrics}/metrics").text
            assert 'huiyin_conversations{state="waiting"} 0.0' in told
            assert "huiyin_worker_up 1.0" in told
            assert "huiyin_audit_findings 0.0" in told
            assert 'huiyin_request_seconds_count{method="GET",route="/api/ready",status="2xx"}' in told
            assert "huiyin_worker_process_resident_memory_bytes" in told
            assert httpx.get(f"http://127.0.0.1:{place.port}/metrics").status_code == 404, "never at the public door"
            assert serving.ends() == 0
            words = [supervisor.recv(100).decode() for _ in range(3)]
        assert words[0] == "READY=1"
        assert words[1] == "WATCHDOG=1"
    assert {"serving.up", "serving.ending"} <= {str(each["event"]) for each in serving.logged()}
    assert all(each["timestamp"] and each["level"] for each in serving.logged())
    assert place.folder.joinpath("data").stat().st_mode & 0o777 == 0o700


def test_a_worker_that_dies_is_told_and_followed_by_another(place: Place) -> None:
    place.begins()
    with place.serves() as serving:
        os.kill(serving.worker(), signal.SIGKILL)
        until(lambda: serving.ready() == {"database": True, "worker": False})
        assert serving.http.get("/api/ready").status_code == 503
        until(lambda: serving.ready() == {"database": True, "worker": True})
        assert serving.ends(signal.SIGINT) == 0


def test_the_door_speaks_tls_by_itself_and_only_so(place: Place) -> None:
    place.begins()
    certificate(place.folder)
    place.adds('[tls]\ncertificate = "tls.crt"\nkey = "tls.key"\n')
    with place.serves(https=str(place.folder / "tls.crt")) as serving:
        page = serving.http.get("/api/health")
        assert page.json() == {"status": "ok"}
        assert "max-age" in page.headers["strict-transport-security"]
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{place.port}/api/health")
        assert serving.ends() == 0


def test_what_stands_in_the_way_is_told_before_anything_is_begun(place: Place) -> None:
    place.begins()
    with place.serves() as serving:
        again = place.huiyin("serve", status=1)
        assert "another Huiyin serves" in again
        other = Place(place.folder / "other")
        other.folder.mkdir()
        other.port = place.port
        other.begins()
        assert f"port {place.port}" in other.huiyin("serve", status=1)
        assert "is there already" in place.huiyin("init", "--organisation", "x", "--login", "y", status=1)
        assert serving.ready()
        assert serving.ends() == 0


def test_a_certificate_that_does_not_fit_is_told_with_its_remedy(place: Place) -> None:
    place.begins()
    certificate(place.folder)
    key = place.folder / "tls.key"
    (place.folder / "first").mkdir()
    certificate(place.folder / "first")
    key.write_bytes((place.folder / "first" / "tls.key").read_bytes())
    place.adds('[tls]\ncertificate = "tls.crt"\nkey = "tls.key"\n')
    said = place.huiyin("serve", status=1)
    assert "certificate" in said
    assert "Traceback" not in said


def test_commands_of_the_installation_find_its_house(place: Place) -> None:
    place.begins()
    assert "sound" in place.huiyin("audit", "verify")
    assert "主密钥" in place.huiyin("keys", "state")
    elsewhere = place.folder / "elsewhere"
    elsewhere.mkdir()
    place.environment["HUIYIN_SETTINGS"] = str(place.folder / "huiyin.toml")
    assert "nothing waits" in place.huiyin("people", "waiting")
    place.environment["HUIYIN_SETTINGS"] = str(place.folder / "gone.toml")
    assert "no such file" in place.huiyin("people", "waiting", status=1)


def test_backups_are_made_while_it_serves_and_brought_back_elsewhere(place: Place) -> None:
    place.begins()
    recipient = place.huiyin("backup", "key", "../backup.identity").splitlines()[0]
    assert "do not say where backups go" in place.huiyin("backup", "list", status=1)
    metrics = free_port()
    place.environment["HUIYIN_METRICS"] = f"127.0.0.1:{metrics}"
    place.adds(f'[backup]\nfolder = "backups"\nrecipients = ["{recipient}"]\n')
    with place.serves() as serving:
        until(lambda: list((place.folder / "backups").glob("huiyin-*.age")))
        until(lambda: "huiyin_backups 1.0" in httpx.get(f"http://127.0.0.1:{metrics}/metrics").text)
        assert "is there already" not in place.huiyin("backup", "now"), "beside the server that runs"
        assert serving.ends() == 0
    told = place.huiyin("backup", "list")
    newest = max((place.folder / "backups").glob("huiyin-*.age"))
    assert newest.name in told
    assert "no" not in told.split()
    identity = str(place.folder.parent / "backup.identity")
    assert "whole" in place.huiyin("backup", "verify", str(newest), "--identity", identity)
    refused = place.huiyin("restore", str(newest), "--identity", identity, status=1)
    assert "--replace" in refused
    (place.folder / "data" / "huiyin.db").unlink()
    said = place.huiyin("restore", str(newest), "--identity", identity)
    assert "restored" in said
    assert "audit resume" in place.huiyin("audit", "verify", status=1)
    place.huiyin("audit", "resume")
    assert "sound" in place.huiyin("audit", "verify")
    with place.serves() as serving:
        assert serving.ends() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_a_house_of_another_user_is_not_opened(place: Place) -> None:
    place.begins()
    os.chown(Path(place.folder / "data" / "huiyin.db"), 65534, 65534)
    said = place.huiyin("keys", "state", status=1)
    assert "sudo -u nobody" in said


def test_a_second_one_over_the_same_folder_is_refused_and_one_after_it_is_not(tmp_path: Path) -> None:
    lock = tmp_path / "house.lock"
    refused = pytest.raises(InvalidError, match="another Huiyin serves")
    with alone(tmp_path / "house", lock), refused, alone(tmp_path / "house", lock):
        pytest.fail("two over one folder")
    with alone(tmp_path / "house", lock):
        pass
