"""The heart rate that only a list knows: routes of a phone or watch come without it."""

from __future__ import annotations

from datetime import UTC, datetime

from steadymile.pipelines.nightly import run

from tests.pipelines.conftest import settings_of
from tests.pipelines.test_nightly import ask

NOW = datetime(2026, 5, 6, 20, tzinfo=UTC)
POINTS = "".join(
    f'<trkpt lat="{50 + 2.4e-5 * n:.6f}" lon="8"><time>2026-05-05T06:{n // 60:02d}:{n % 60:02d}Z</time></trkpt>'
    for n in range(1200)
)
ROUTE = f'<gpx creator="Apple Health Export"><trk><trkseg>{POINTS}</trkseg></trk></gpx>'
LIST = """<HealthData><Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="20" durationUnit="min"
 startDate="2026-05-05 08:00:00 +0200" endDate="2026-05-05 08:20:00 +0200"><WorkoutStatistics
 type="HKQuantityTypeIdentifierHeartRate" average="151" maximum="170" unit="count/min"/></Workout></HealthData>"""
LOADS = "SELECT load_source, heart_rate_mean_bpm, heart_rate_max_bpm FROM activities WHERE preferred"


def test_a_route_without_a_heart_rate_is_judged_by_the_mean_of_the_list_beside_it_whichever_came_first(tmp_path):
    settings = settings_of(tmp_path)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "route.gpx").write_text(ROUTE)
    run(settings, NOW)
    assert ask(tmp_path, LOADS) == [("duration", None, None)]
    (tmp_path / "inbox" / "export.xml").write_text(LIST)
    run(settings, NOW)
    assert ask(tmp_path, LOADS) == [("hr", 151.0, 170.0)]
