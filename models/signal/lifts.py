"""Height that no legs won or lost although the timer ran: lifts, cable cars, the drive home, the weather of a rest.

All limits are design values, far from what people do: vertical races are won at 0.6 m/s.
"""

from __future__ import annotations

import numpy as np
from steadymile.models.signal.series import Bools, Floats, Pieces, run_lengths

REST_S, REST_M_S = 60, 0.1
"""Standing for so long, and creeping by less on average, is a rest: nobody climbs there."""
STEPS_SPM, SOME_STEPS = 40.0, 0.1
"""Where a tenth of the time has steps, it was no rest: a stairway has no distance, but steps."""
RIDE_S, RIDE_M_S = 20, 1.5
"""Rising so fast for so long is a ride; so is falling, where it goes down more than along."""


def at_rest(step_m: Floats, cadence_spm: Floats, moving: Bools, pieces: Pieces) -> Bools:
    """Seconds of rests: whatever the height does there is the air's doing, or a vehicle's."""
    found = np.zeros(moving.size, np.bool_)
    starts, lengths = run_lengths(2 * pieces.first + moving)
    for a, n in zip(starts[lengths >= REST_S], lengths[lengths >= REST_S]):
        rest = slice(a, a + n)
        steps = np.count_nonzero(cadence_spm[rest] >= STEPS_SPM)
        if not moving[a] and step_m[rest].sum() <= REST_M_S * n and steps <= SOME_STEPS * n:
            found[rest] = True
    return found


def riding(z: Floats, step_m: Floats, pieces: Pieces) -> Bools:
    """Seconds of lifts and cable cars by a barometer's height: faster up, or more steeply down, than anybody goes."""
    found = np.zeros(z.size, np.bool_)
    if z.size <= RIDE_S:
        return found
    whole = pieces.first[:-RIDE_S] == pieces.first[RIDE_S:]
    rise = np.where(whole, z[RIDE_S:] - z[:-RIDE_S], 0.0)
    total = np.cumsum(step_m)
    way = total[RIDE_S:] - total[:-RIDE_S]
    least = RIDE_M_S * RIDE_S
    fast = (rise >= least) | ((rise <= -least) & (way < -rise))
    if not fast.any():
        return found
    for ahead in range(RIDE_S + 1):
        found[ahead : ahead + fast.size] |= fast
    return found
