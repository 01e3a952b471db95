"""The heart rate of the next run from its speed: a line that belongs to one runner and drifts slowly.

A Kalman filter of heart rate at a reference speed and of beats per m/s (Kalman 1960). Prior and drift are design
values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray
REFERENCE_M_S = 2.8
PRIOR_BPM, PRIOR_SD = 150.0, 20.0
PRIOR_PER_M_S, PRIOR_PER_SD = 20.0, 10.0
NOISE_BPM, DRIFT_BPM_A_WEEK = 6.0, 1.5


@dataclass(frozen=True, slots=True)
class Line:
    """Heart rate (bpm) at 2.8 m/s and bpm per m/s beyond it, with their covariance."""

    mean: Array
    cov: Array

    @classmethod
    def unknown(cls) -> Line:
        """A runner of whom nothing was recorded."""
        return cls(np.array([PRIOR_BPM, PRIOR_PER_M_S]), np.diag([PRIOR_SD**2, PRIOR_PER_SD**2]))

    def after_days(self, days: float) -> Line:
        """Time passes: the level may have moved."""
        grown = DRIFT_BPM_A_WEEK**2 * max(days, 0.0) / 7.0
        return Line(self.mean, self.cov + np.diag([min(grown, PRIOR_SD**2), 0.0]))

    def forecast(self, speed_m_s: float) -> tuple[float, float]:
        """Mean heart rate expected at a speed, and its standard deviation."""
        h = np.array([1.0, speed_m_s - REFERENCE_M_S])
        return float(h @ self.mean), float(np.sqrt(h @ self.cov @ h + NOISE_BPM**2))

    def observe(self, speed_m_s: float, heart_rate_bpm: float) -> Line:
        """What one run leaves to believe."""
        h = np.array([1.0, speed_m_s - REFERENCE_M_S])
        gain = self.cov @ h / (h @ self.cov @ h + NOISE_BPM**2)
        return Line(self.mean + gain * (heart_rate_bpm - h @ self.mean), self.cov - np.outer(gain, h @ self.cov))
