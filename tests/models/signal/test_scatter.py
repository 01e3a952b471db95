"""How much places scatter, and the way through those that do."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime

import numpy as np
import pytest
from steadymile.ingest.formats import read
from steadymile.models.measuring.measure import measure
from steadymile.models.signal.outliers import haversine_m
from steadymile.models.signal.scatter import Scatter, scatter_m, scattering, smoothed
from steadymile.studies.synthetic.body import positions
from steadymile.studies.synthetic.runner import MadeRunner, Step, to_gpx


def track(speed_m_s: float, noise_m: float, pause_s: int = 0, dt_s: float = 1.0):
    """(latitude, longitude, seconds, metres) of half an hour on a loop, its places with an error of their own each."""
    n = int(900 / dt_s)
    along = np.cumsum(np.concatenate([np.full(n, speed_m_s), np.zeros(int(pause_s / dt_s)), np.full(n, speed_m_s)]))
    along = along * dt_s
    rng = np.random.default_rng(3)
    lat, lon = positions(np.random.default_rng(4), along)
    lat = lat + rng.normal(0, noise_m, lat.size) / 111_195
    lon = lon + rng.normal(0, noise_m, lat.size) / (111_195 * np.cos(np.radians(lat[0])))
    return lat, lon, np.arange(lat.size) * dt_s, float(along[-1])


def way_m(lat, lon) -> float:
    return float(haversine_m(lat[:-1], lon[:-1], lat[1:], lon[1:]).sum())


def through(lat, lon, t, noise_m, speed_m_s):
    return smoothed(lat, lon, t, np.zeros(t.size - 1, np.bool_), Scatter(noise_m, speed_m_s))


@pytest.mark.parametrize("noise_m", [1.0, 2.5, 5.0])
@pytest.mark.parametrize("speed_m_s", [1.3, 2.8, 4.6])
def test_the_scatter_of_places_is_found_whatever_the_pace(speed_m_s, noise_m):
    lat, lon, t, _ = track(speed_m_s, noise_m)
    assert scatter_m(lat, lon, t) == pytest.approx(noise_m, rel=0.06)


@pytest.mark.parametrize("speed_m_s", [0.0, 1.3, 2.8, 7.0])
def test_an_error_that_wanders_as_a_receivers_does_is_no_scatter(speed_m_s):
    lat, lon, t, _ = track(speed_m_s, 0.0)
    assert scattering(lat, lon, t) is None


def test_too_few_places_or_uneven_ones_tell_no_scatter():
    lat, lon, t, _ = track(2.8, 2.5)
    assert scatter_m(lat[:90], lon[:90], t[:90]) is None
    assert scatter_m(lat, lon, np.cumsum(np.arange(t.size) % 7 + 3.0)) is None


@pytest.mark.parametrize(
    ("speed_m_s", "noise_m", "scatters"),
    [(1.3, 0.2, False), (1.3, 0.5, True), (2.8, 0.2, False), (2.8, 0.6, True), (4.6, 0.6, False), (4.6, 1.0, True)],
)
def test_places_scatter_where_they_lengthen_the_way_noticeably(speed_m_s, noise_m, scatters):
    lat, lon, t, _ = track(speed_m_s, noise_m)
    assert (scattering(lat, lon, t) is not None) == scatters


def test_a_long_stop_makes_no_receivers_places_scatter():
    lat, lon, t, _ = track(2.8, 0.3, pause_s=3600)
    assert scattering(lat, lon, t) is None


@pytest.mark.parametrize("noise_m", [1.0, 2.5, 5.0])
@pytest.mark.parametrize("speed_m_s", [1.3, 2.8, 4.6])
def test_the_way_through_places_that_scatter_is_right_within_a_fiftieth(speed_m_s, noise_m):
    lat, lon, t, true_m = track(speed_m_s, noise_m)
    assert way_m(lat, lon) > 1.05 * true_m
    assert way_m(*through(lat, lon, t, noise_m, speed_m_s)) == pytest.approx(true_m, rel=0.02)


def test_five_minutes_of_standing_still_add_less_than_a_twentieth():
    lat, lon, t, true_m = track(1.3, 2.5, pause_s=300)
    assert way_m(lat, lon) > 3 * true_m
    assert way_m(*through(lat, lon, t, 2.5, 1.3 * 6 / 7)) == pytest.approx(true_m, rel=0.05)


def test_a_step_that_nobody_travelled_stays_as_long_as_it_was():
    t = np.arange(200.0)
    lat, lon = np.where(t < 100, 0.0, 1.0), np.zeros(200)
    apart = np.diff(lat) > 0
    assert (smoothed(lat, lon, t, apart, Scatter(2.5, 2.8))[0] == lat).all()


def test_places_on_both_sides_of_the_date_line_are_neighbours():
    t = np.arange(200.0)
    lon = (179.999 + t * 2e-5 + 180.0) % 360.0 - 180.0
    assert scatter_m(np.zeros(200), lon, t) == pytest.approx(0.0, abs=1e-6)
    assert way_m(*through(np.zeros(200), lon, t, 2.5, 2.8)) == pytest.approx(way_m(np.zeros(200), lon), rel=1e-6)


def measured(noise_m: float):
    """What is measured of forty minutes' run by places alone."""
    rng = np.random.default_rng(1)
    day = MadeRunner(np.random.default_rng(5)).run_session(
        date(2026, 11, 20), datetime(2026, 11, 20, 7, tzinfo=UTC), (Step(1, 2400, 0),), "run"
    )
    n = day.t_s.size
    day.latitude_deg[:] += rng.normal(0, noise_m, n) / 111_195
    day.longitude_deg[:] += rng.normal(0, noise_m, n) / (111_195 * np.cos(np.radians(day.latitude_deg[0])))
    return measure(read(to_gpx(day), "run.gpx").activities[0]).metrics, float(day.distance_m[-1])


def test_a_run_whose_places_scatter_has_its_distance_says_so_and_has_no_mile():
    found, true_m = measured(2.5)
    assert found["distance_m"].value == pytest.approx(true_m, rel=0.03)
    assert found["distance_m"].sd == pytest.approx(0.03 * true_m, rel=0.03)
    assert found["distance_m"].source == "positions; smoothed, its places scatter by 2.6 m"
    assert (found["best_mile_s"].value, found["best_12min_m"].value) == (None, None)


@pytest.mark.parametrize("noise_m", [0.6, 4.0, 6.0])
def test_places_that_scatter_are_no_vehicle_and_no_jumps(noise_m):
    found, true_m = measured(noise_m)
    assert found["distance_m"].value == pytest.approx(true_m, rel=0.03)
    assert found["running_s"].value == pytest.approx(measured(0.0)[0]["running_s"].value, rel=0.02)


def test_a_run_by_a_usual_receiver_is_left_as_it_is():
    found, _ = measured(0.0)
    assert (found["distance_m"].source, found["distance_m"].sd) == ("positions", None)
    assert found["best_mile_s"].value is not None


@pytest.mark.corpus
def test_no_real_recording_scatters(corpus):
    for path in sorted((corpus / "files" / "Asplitline__running_page").glob("*.gpx.gz"))[:40]:
        samples = read(gzip.decompress(path.read_bytes()), "run.gpx").activities[0].samples.drop_nulls("latitude_deg")
        lat, lon, t = (samples[name].to_numpy() for name in ("latitude_deg", "longitude_deg", "t_s"))
        assert scattering(lat, lon, t) is None, path.name
