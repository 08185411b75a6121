"""A harness that cannot see a planted fault sees nothing: each one, in a tiny run, against its own fault."""

from pathlib import Path

import pytest

from huiyin.bench import audit, backfill, crash, figures, ingest, isolation, pii, power, search, wall

needs_recording = pytest.mark.skipif(bool(power.cannot()), reason=power.cannot() or "can")


@pytest.mark.long
async def test_ingest_holds_the_books_against_what_was_acknowledged() -> None:
    report = await ingest.run(ingest.Wish(seconds=2, rate=40, rounds=0))
    assert report.figures["lost"] == 0
    assert report.figures["unjudged"] == 0
    assert report.figures["acknowledged"] == report.figures["stored"] == 120
    assert report.figures["p99_wall_ms"] < 5000
    assert report.figures["replies_delivered"] > 0


@pytest.mark.long
async def test_ingest_catches_an_inbox_that_drops() -> None:
    report = await ingest.run(ingest.Wish(seconds=2, rate=60, rounds=0, plant="drop-every-100th"))
    assert report.figures["lost"] == 1
    assert not report.held


@pytest.mark.long
async def test_wall_finds_every_screen_in_step() -> None:
    sound = await wall.run(wall.Wish(2, 1, "", 30, agents=6, conversations=3, settle_seconds=1))
    assert {sound.figures[key] for key in ("gaps", "repeats", "undelivered", "behind")} == {0}
    assert sound.figures["arrivals"] == 2 * sound.figures["messages"] > 0


@pytest.mark.long
async def test_wall_catches_frames_that_were_thrown_away() -> None:
    faulty = await wall.run(wall.Wish(2, 1, "skip-frames", 30, agents=6, conversations=3, settle_seconds=1))
    assert faulty.figures["gaps"] > 0
    assert faulty.figures["undelivered"] > 0


@pytest.mark.long
async def test_a_kill_catches_an_acknowledgement_before_the_commit() -> None:
    report = await crash.run(crash.Wish(seconds=1, plant="ack-before-commit", power=False))
    assert report.figures["lost"] > 0
    assert not report.held


async def test_the_audit_finds_a_cut_chain_and_nothing_in_a_whole_one() -> None:
    sound = await audit.run(audit.Wish(entries=3_000))
    assert (sound.figures["findings"], sound.figures["tamperings_missed"]) == (0, 0)
    cut = await audit.run(audit.Wish(entries=3_000, plant="cut-chain"))
    assert cut.figures["findings"] > 0
    assert not cut.held


async def test_figures_are_the_same_again_and_rows_that_were_kept_are_seen() -> None:
    sound = await figures.run(figures.Wish(sessions=300))
    assert {sound.figures[key] for key in ("missing", "off_ms", "differing_again", "differing_shuffled")} == {0}
    assert sound.figures["shop_day_sessions"] > 0
    kept = await figures.run(figures.Wish(sessions=300, plant="keep-rows"))
    assert kept.figures["differing_again"] == 300
    assert not kept.held


async def test_search_finds_as_often_as_it_was_said_and_a_lost_session_is_seen() -> None:
    sound = await search.run(search.Wish(sessions=60))
    assert (sound.figures["missing"], sound.figures["messages"]) == (0, 600)
    lost = await search.run(search.Wish(sessions=60, plant="lose-a-session"))
    assert lost.figures["missing"] == 1
    assert not lost.held


@pytest.mark.long
@pytest.mark.parametrize("plant", ["", "drop-every-100th"])
async def test_a_backfill_loses_and_doubles_nothing_and_a_record_that_is_dropped_is_seen(plant: str) -> None:
    report = await backfill.run(backfill.Wish(seconds=1, rate=20, messages=300, plant=plant))
    assert report.figures["past_lost"] == (3 if plant else 0)
    assert {report.figures[key] for key in ("past_doubled", "alarmed", "doubled")} == {0}
    assert report.figures["past_stored"] == (297 if plant else 300)
    assert report.figures["lost"] == 0 or plant


@pytest.mark.long
@pytest.mark.parametrize("plant", ["", isolation.PLANT])
async def test_all_that_is_past_its_time_goes_beside_live_work_and_a_hold_is_seen(plant: str) -> None:
    report = await isolation.run(isolation.Wish(seconds=1, rate=20, sessions=120, plant=plant))
    assert report.figures["left"] == (120 if plant else 0)
    assert {report.figures[key] for key in ("gone_of_today", "lost", "doubled", "export_missing")} == {0}


@pytest.mark.long
async def test_a_kill_catches_replies_that_are_sent_again() -> None:
    report = await crash.run(crash.Wish(seconds=2, plant="resend-after-restart", power=False))
    assert report.figures["resent"] > 0
    assert report.figures["lost"] == 0


@pytest.mark.long
@needs_recording
@pytest.mark.parametrize(("plant", "synchronous"), [("ack-before-commit", "FULL"), ("", "OFF"), ("", "FULL")])
async def test_a_power_cut_catches_what_was_not_synced(tmp_path: Path, plant: str, synchronous: str) -> None:
    (tmp_path / "run").mkdir()
    load = power.Load(seconds=1.5, rate=60, seed=1, cuts=20, plant=plant, synchronous=synchronous)
    found = await power.cut(load, tmp_path / "run", power.build_shim(tmp_path))
    assert (found.wrong.lost > 0) is bool(plant or synchronous == "OFF")
    assert found.corrupt == 0 or synchronous == "OFF"
    assert found.cuts == 20


async def test_pii_measures_a_masking_that_finds() -> None:
    report = await pii.run(pii.Wish(seconds=0.5))
    assert report.figures["found_share"] >= 0.99
    assert report.figures["alarm_share"] <= 0.01


async def test_pii_catches_a_masking_that_is_fast_and_blind() -> None:
    report = await pii.run(pii.Wish(seconds=0.5, plant="find-nothing"))
    assert report.figures["found_share"] == 0
    assert not report.held
