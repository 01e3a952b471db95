"""How long the file stage takes: ten years of a runner's sessions through `measure`, on one core.

Run: python -m bench.speed.metrics [sessions]. Prints milliseconds a session, samples a second, and the time that
10 million samples would take.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
from steadymile.models.measuring.measure import measure
from steadymile.models.recording import SAMPLES, Activity, Device, Stored

SECONDS = 3_333


def session(seed: int, seconds: int = SECONDS) -> Activity:
    """One made run with walk breaks, hills, noise, pauses and everything a watch records."""
    r = np.random.default_rng(seed)
    start = datetime(2026, 1, 1, 6, tzinfo=UTC) + timedelta(days=seed)
    t = np.arange(seconds, dtype=np.float64)
    t[seconds // 3 :] += 45.0
    t[2 * seconds // 3 :] += 200.0
    running = (np.arange(seconds) // 300) % 4 != 3
    speed = np.where(running, 2.6, 1.5) + r.normal(0, 0.1, seconds)
    distance = np.cumsum(speed)
    wander = np.cumsum(r.normal(0, 0.3, (2, seconds)), axis=1) / 111_195
    heart = 108 + 35 * (1 - np.exp(-t / 120)) + 5 * np.sin(t / 90) + r.normal(0, 1, seconds)
    columns = {
        "time": [start + timedelta(seconds=float(s)) for s in t],
        "t_s": t,
        "latitude_deg": 50 + 0.02 * np.sin(distance / 1500) + wander[0],
        "longitude_deg": 8 + 0.02 * np.cos(distance / 1500) + wander[1],
        "altitude_m": np.round((200 + 15 * np.sin(distance / 120) + r.normal(0, 0.25, seconds)) * 5) / 5,
        "distance_m": distance,
        "speed_m_s": speed,
        "heart_rate_bpm": np.rint(heart),
        "cadence_spm": np.rint(np.where(running, 160.0, 112.0) + r.normal(0, 2, seconds)),
        "power_w": np.full(seconds, 220.0),
        "temperature_c": np.full(seconds, 18.0),
        "flags": np.zeros(seconds, np.int32),
    }
    timer = ((0.0, float(t[seconds // 3 - 1])), (float(t[seconds // 3]), float(t[-1])))
    return Activity(
        start,
        "running",
        pl.DataFrame(columns, schema=SAMPLES),
        "bench",
        device=Device(barometer=True),
        timer=timer,
        stored=Stored(timer_s=sum(b - a for a, b in timer), distance_m=float(distance[-1] - distance[0])),
    )


def main() -> None:
    """Measure some sessions and print the rates."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    sessions = [session(i) for i in range(min(count, 30))]
    measure(sessions[0])
    spent = []
    for i in range(count):
        begun = time.process_time()
        measure(sessions[i % len(sessions)])
        spent.append(time.process_time() - begun)
    typical = float(np.median(spent))
    print(
        f"{count} sessions of {SECONDS} samples: median {1000 * typical:.2f} ms CPU each, best {1000 * min(spent):.2f}"
    )
    print(f"{SECONDS / typical:,.0f} samples/s; 10 million samples: {1e7 / SECONDS * typical:.1f} s CPU on one core")


if __name__ == "__main__":
    main()
