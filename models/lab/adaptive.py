"""steadymile's policy as a programme of the lab: the nightly decision and memory, over arrays of athletes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from steadymile.models.lab.answers import PAST, Told, tired_index
from steadymile.models.lab.plans import LADDER_BOUTS, LADDER_REST, LADDER_RUN, SLOTS, Ladder, Seen, Week
from steadymile.models.learning import attendance, effort
from steadymile.models.learning.choice import BOUNDS, Bounds, Choice, choose, learned_rules
from steadymile.models.learning.effort import Belief, EffortModel
from steadymile.models.physiology import fatigue_index
from steadymile.models.physiology.comfort import TALK, Comfort, comfort_arrays, hard_answer
from steadymile.models.policy import ladder
from steadymile.models.policy.caps import other_min
from steadymile.models.policy.decide import RULES, V2, DecisionArrays, Parameters, decide
from steadymile.models.policy.memory import policy_memory
from steadymile.models.policy.rules.rule import Rule
from steadymile.models.week.sessions.intervals import bouts_of
from steadymile.models.weekplan import Action

Array = np.ndarray
TWO_RAISED = 5.75
"""Mean of four Hooper items from which on two of them must be 6 or more."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Which policy: its rules and numbers, and what is taken away from it in an ablation.

    `shown` plays each day's session as the page shows it, with the longest run on the run day `longest` (0 to 2) or,
    where that is None, on the day on which this person has run most reliably; `learned` is the population that the
    effort model believes in, None for the policy's own counting of comfortable sessions."""

    rules: Sequence[Rule] = RULES
    parameters: Parameters = V2
    uses_fatigue: bool = True
    uses_comfort: bool = True
    guides: bool = True
    shown: bool = False
    longest: int | None = None
    learned: EffortModel | None = None
    bounds: Bounds = BOUNDS


class Adaptive:
    """The policy in closed loop. Everyone enters at J1, the first running level, with two weeks of walking behind."""

    def __init__(self, variant: Variant) -> None:
        self.variant = variant
        self.memory: policy_memory.Memory | None = None
        self.decision: DecisionArrays | None = None
        self.belief: Belief | None = None
        self.choice: Choice | None = None
        self.went = np.zeros((0, SLOTS))
        self.chances = np.zeros((0, SLOTS))
        self.completions: list[Array] = []

    @property
    def eased(self) -> Array | None:
        """Who was given an easier week for a reason that speaks of the body (a gap or missed weeks are no alarm)."""
        if self.decision is None:
            return None
        return np.asarray(self.decision.action == Action.BACK_OFF)

    def plan(self, seen: Seen) -> Week:
        """Remember the last week, look at the signals, decide, remember the decision."""
        if self.memory is None:
            self.memory = policy_memory.initial(seen.n, ladder.J1)
            signals: dict[str, Array | float | bool] = {
                "days_since_run": 0.0,
                "sessions_7d": 1.0,
                "walk_ok": True,
                "distance_max_m": 2500.0,
            }
        else:
            comfort = self._comfort(seen)
            self.memory = policy_memory.after_week(
                self.memory, self._outcome(seen, comfort[0]), self.variant.parameters
            )
            signals = self._signals(seen, *comfort[1:])
        state = policy_memory.state(self.memory, self.variant.parameters, **signals)
        self._learn(seen)
        rules = self.variant.rules
        if self.choice is not None:
            rules = learned_rules(self.choice, rules)
        self.decision = decide(state, rules, self.variant.parameters)
        self.memory = policy_memory.after_decision(self.memory, self.decision)
        return self._week(self.decision)

    def _week(self, d: DecisionArrays) -> Week:
        level = np.maximum(d.level, 0)
        minutes = _lengths(d, self.variant.parameters)
        own = np.repeat(LADDER_BOUTS[level][:, None, :], SLOTS, axis=1)
        bouts = bouts_of(own, minutes, np.repeat(d.bout_min[:, None], SLOTS, axis=1))
        rest = np.repeat(LADDER_REST[level][:, None], SLOTS, axis=1) * np.where(d.ease, 1.5, 1.0)[:, None]
        guided, slower = np.full(len(level), self.variant.guides), np.where(d.ease, 0.05, 0.0)
        if not self.variant.shown:
            return Week(bouts, rest, guided, slower)
        return Week(self._placed(bouts, minutes), rest, guided, slower, shown=True)

    def _placed(self, bouts: Array, minutes: Array) -> Array:
        """The longest run on its day, the others on theirs; never on a day without a run."""
        n = len(minutes)
        day = np.full(n, self.variant.longest) if self.variant.longest is not None else self._likeliest(n)
        row, longest = np.arange(n), np.argmax(minutes, axis=1)
        day = np.where(minutes[row, day] > 0, day, longest)
        out = bouts.copy()
        out[row, day], out[row, longest] = bouts[row, longest], bouts[row, day]
        return out

    def _likeliest(self, n: int) -> Array:
        """The run day of which this person most surely makes use (Beta-Binomial), the first while all are alike."""
        if not len(self.chances):
            return np.zeros(n, dtype=np.int64)
        return np.asarray(np.argmax(attendance.likely(self.went, self.chances), axis=1))

    def _learn(self, seen: Seen) -> None:
        """Update what is believed of attendance and effort by last week's sessions, and choose a step."""
        if not seen.went:
            return
        if not len(self.chances):
            self.went, self.chances = np.zeros((seen.n, SLOTS)), np.zeros((seen.n, SLOTS))
        fade = attendance.FADE_A_WEEK
        came = np.stack(seen.went, axis=1)
        alive = np.asarray(came.any(axis=1))[:, None]  # a week without any run says nothing about which day suits
        self.went = np.where(alive, fade * self.went + came, self.went)
        self.chances = np.where(alive, fade * self.chances + 1.0, self.chances)
        model = self.variant.learned
        if model is None or self.memory is None:
            return
        belief = effort.population(seen.n, model) if self.belief is None else self.belief
        answered = np.zeros(seen.n, dtype=bool)
        for told, went in zip(seen.told, seen.went, strict=True):
            belief = effort.observe(belief, _witness(told, went), model)
            answered |= went & (np.isfinite(told.rpe) | np.isfinite(told.talk))
        self.belief = effort.after_days(belief, 7.0, model)
        standing = np.minimum(self.memory.level, self.memory.k_last)
        self.choice = choose(self.belief, standing, self.memory.track, answered, self.memory.days_at_level / 7.0,
                             model, self.variant.bounds)  # fmt: skip

    def _comfort(self, seen: Seen) -> tuple[Array, Array, Array, Array]:
        """Credits of last week, mean comfort, the gate of the latest session, and whether it is known of
        any, and of none known otherwise, that it felt easy."""
        credits, total, count = np.zeros(seen.n), np.zeros(seen.n), np.zeros(seen.n)
        gate, answered, hard = (np.zeros(seen.n, dtype=bool) for _ in range(3))
        barely = np.zeros(seen.n)
        for told, went in zip(seen.told, seen.went, strict=True):
            c = self._of(told)
            credits += np.where(went, c.credit, 0.0)
            total += np.where(went, c.score, 0.0)
            count += went
            gate = np.where(went, c.gate, gate)
            answered |= went & (c.evidence >= self.variant.parameters.enough_evidence)
            hard |= went & hard_answer(told.talk, told.rpe, self.variant.parameters) & self.variant.uses_comfort
            barely += went & (told.talk < TALK["yes"]) & self.variant.uses_comfort
        hard |= barely >= self.variant.parameters.single_barely
        return credits, np.where(count > 0, total / np.maximum(count, 1), 0.5), gate, answered & ~hard

    def _of(self, told: Told) -> Comfort:
        none = np.full(len(told.rpe), np.nan)
        if self.variant.uses_comfort:
            return comfort_arrays(
                told.talk, told.rpe, told.share_above, told.completion, none, none, self.variant.parameters
            )
        return comfort_arrays(none, none, none, told.completion, none, none, self.variant.parameters)

    def _outcome(self, seen: Seen, credits: Array) -> policy_memory.Outcome:
        assert self.decision is not None
        pain = seen.record.last("pain", seen.day, 7)
        p = self.variant.parameters
        strong = pain > p.pain_stop
        after = np.cumsum(strong[:, ::-1], axis=1)[:, ::-1] == 0  # days after the last strong pain
        planned = np.maximum(self.decision.sessions, 0)
        done = np.sum(seen.went, axis=0)
        ill = seen.record.last("ill", seen.day, 7) == 1.0
        recent = ill[:, -2:].any(axis=1)
        return policy_memory.Outcome.make(
            seen.n,
            credit=credits,
            credit_level=np.maximum(self.decision.level, 0),
            ran=done > 0,
            adherence=np.where(planned > 0, done / np.maximum(planned, 1), np.nan),
            pain_most=np.nan_to_num(np.fmax.reduce(pain, axis=1), nan=0.0),
            calm_days=np.sum((pain <= p.pain_block) & after, axis=1),
            ill=recent,
            ill_ended=ill.any(axis=1) & ~recent,
            test_walk=seen.could_run,
        )

    def _signals(self, seen: Seen, comfort: Array, gate: Array, answered: Array) -> dict[str, Array | float | bool]:
        record, day, p = seen.record, seen.day, self.variant.parameters
        ran = record.run_min[:, PAST : PAST + day + 1] > 0
        since = np.where(ran.any(axis=1), np.argmax(ran[:, ::-1], axis=1), day + 1)
        weeks = record.last("run_min", day, 28)
        weekly = weeks.reshape(seen.n, -1, 7).sum(axis=2) if weeks.shape[1] % 7 == 0 else weeks.sum(axis=1)[:, None]
        pain = record.last("pain", day, 7)
        signals: dict[str, Array | float | bool] = {
            "comfort": comfort,
            "gate": gate,
            "answered": answered,
            "pain": np.nan_to_num(np.fmax.reduce(pain, axis=1), nan=0.0),
            "pain_persist": np.sum(pain >= p.pain_persistent, axis=1) >= p.pain_persistent_days,
            "days_since_run": since.astype(np.float64),
            "walk_ok": seen.could_run,
            "sessions_7d": np.sum(seen.went, axis=0).astype(np.float64),
            "session_max_min": record.last("run_min", day, 30).max(axis=1),
            "bout_max_min": record.last("bout_min", day, 30).max(axis=1),
            "distance_max_m": np.maximum(record.last("distance_m", day, 30).max(axis=1), 2500.0),
            "week_best_min": weekly.max(axis=1),
            "run_speed_m_s": record.speed_m_s,
            "mile_done": record.mile_done,
        }
        if np.isfinite(p.raised_item):
            signals |= self._of_version_3(seen)
        if self.variant.uses_fatigue:
            tired = tired_index(record, day)
            signals |= {"fat_upper": tired.upper, "coverage": tired.coverage}
        return signals

    def _of_version_3(self, seen: Seen) -> dict[str, Array | float | bool]:
        """What only version 3 looks at, as far as a virtual athlete shows it: mean effort and sessions without talking
        of the week, days on which two Hooper items must have been 6 or more, two mornings of a raised resting heart
        rate, and the share of planned runs that was done in three weeks. Referrals are not simulated."""
        told, went = seen.told, np.stack(seen.went, axis=1)
        rpe = np.stack([t.rpe for t in told], axis=1)
        talk = np.stack([t.talk for t in told], axis=1)
        answers = np.isfinite(rpe) & went
        effort_mean = np.where(answers, rpe, 0.0).sum(axis=1) / np.maximum(answers.sum(axis=1), 1)
        subj, rate = (seen.record.last(name, seen.day, fatigue_index.WINDOW_DAYS) for name in ("subj", "rhr"))
        self.completions = [*self.completions, *(np.where(w, t.completion, np.nan) for t, w in zip(told, seen.went))]
        self.completions = self.completions[-SLOTS * self.variant.parameters.habit_days_away // 7 :]
        signals: dict[str, Array | float | bool] = {
            "effort_mean": effort_mean,
            "no_talk": np.sum((talk == 0.0) & went, axis=1).astype(np.float64),
            "fit_share": _fit_share(np.stack(self.completions, axis=1), self.variant.parameters),
            "pain_weeks": _pain_weeks(seen.record.last("pain", seen.day, 28), self.variant.parameters),
            **_bad_pain(
                seen.record.last("pain", seen.day, self.variant.parameters.bad_known_days), self.variant.parameters
            ),
        }
        if self.variant.uses_fatigue:
            signals["raised_days"] = np.sum(subj[:, -7:] >= TWO_RAISED, axis=1).astype(np.float64)
            signals["rate_raised"] = _rate_raised(rate)
        return signals


def _fit_share(completions: Array, p: Parameters) -> Array:
    """The share of planned runs that is usually done, 1 where that is nearly all or too few were; no less than a pause
    since the last whole run would leave."""
    lately = completions[:, -SLOTS * p.fit_days // 7 :]
    count = np.isfinite(lately).sum(axis=1)
    middle = np.round(np.nanmedian(np.where(count[:, None] > 0, lately, 1.0), axis=1), 2)
    poor = (count >= p.fit_runs) & (middle < p.fit_below)
    whole = np.nan_to_num(completions) >= p.fit_below
    weeks = np.argmax(whole[:, ::-1], axis=1) / SLOTS
    least = np.where(whole.any(axis=1), np.round(p.fit_week**weeks, 2), 0.0) if p.fit_week else 0.0
    return np.where(poor, np.maximum(np.maximum(middle, p.fit_least), least), 1.0)


def _pain_weeks(pain: Array, p: Parameters) -> Array:
    """How many of the last four weeks held more than harmless pain."""
    hurts = np.zeros((len(pain), 28), dtype=bool)
    hurts[:, 28 - pain.shape[1] :] = pain >= p.pain_persistent
    return np.asarray(hurts.reshape(len(pain), 4, 7).any(axis=2).sum(axis=1).astype(np.float64))


def _bad_pain(pain: Array, p: Parameters) -> dict[str, Array]:
    """How often pain was too strong, and how many days ago it was last. Nobody says here how the next morning was."""
    days = p.bad_known_days
    bad = np.zeros((len(pain), days), dtype=bool)
    bad[:, days - pain.shape[1] :] = pain > p.pain_stop
    ago = np.where(bad.any(axis=1), np.argmax(bad[:, ::-1], axis=1).astype(np.float64), np.inf)
    padded = np.concatenate([np.zeros((len(pain), 7), dtype=bool), bad], axis=1)
    calm = ~np.lib.stride_tricks.sliding_window_view(padded, 7, axis=1)[:, :-1].any(axis=2)  # the week before each day
    times = (bad & calm).sum(axis=1).astype(np.float64)
    return {"bad_times": times, "bad_days_ago": ago}


def _rate_raised(rate: Array) -> Array:
    """Resting heart rate two spreads above its base on the last two mornings, as at night."""
    base = np.where(np.isnan(rate).all(axis=1)[:, None], 0.0, rate)[:, : fatigue_index.BASE_DAYS]
    known = np.isfinite(base).sum(axis=1) >= fatigue_index.FEWEST_BASE
    base = np.where(known[:, None], base, 0.0)
    middle = np.nanmedian(base, axis=1)
    spread = 1.4826 * np.nanmedian(np.abs(base - middle[:, None]), axis=1)
    limit = middle + 2.0 * np.maximum(spread, fatigue_index.FLOORS["rhr"])
    return np.asarray(known & (rate[:, -2:] >= limit[:, None]).all(axis=1))


class BlindTwin(Ladder):
    """The policy's sessions and pace advice without its signals: one longer run and two shorter ones, one level up
    after every week with a run, whatever anybody felt, answered or recorded."""

    def __init__(self, parameters: Parameters = V2) -> None:
        super().__init__()
        self.parameters = parameters

    def plan(self, seen: Seen) -> Week:
        """The next level when the week happened."""
        super().plan(seen)
        level = self.level
        assert level is not None
        run, bout = LADDER_RUN[level], LADDER_BOUTS[level].max(axis=1)
        other = other_min(run, run, self.parameters)
        minutes = np.column_stack([run, other, other])
        own = np.repeat(LADDER_BOUTS[level][:, None, :], SLOTS, axis=1)
        bouts = bouts_of(own, minutes, np.repeat(bout[:, None], SLOTS, axis=1))
        rest = np.repeat(LADDER_REST[level][:, None], SLOTS, axis=1)
        return Week(bouts, rest, np.ones(seen.n, dtype=bool), np.zeros(seen.n), shown=True)


def _witness(told: Told, went: Array) -> effort.Witness:
    """A session as the effort model sees it: asked minutes and what was answered and recorded."""
    quiet = np.where(went, 1.0, np.nan)
    finished = np.where(np.isnan(told.completion), np.nan, (told.completion >= 0.95).astype(float))
    return effort.Witness(
        told.bout_min * quiet, told.run_min * quiet, told.rpe, told.talk, finished, told.share_above, told.pace_at_heart
    )


def _lengths(d: DecisionArrays, p: Parameters) -> Array:
    """Running minutes of each slot, the longest run first, cut to the week's cap as week/layout.py cuts them; a run
    that would be cut below its share of the longest becomes a walk."""
    run, other, count, week = d.run_min[:, None], d.other_min[:, None], d.sessions[:, None], d.week_min[:, None]
    nth = np.arange(SLOTS) - (SLOTS - count)
    alike = np.clip(week - nth * run, 0.0, run)
    alike = np.where(alike < p.walk_below * run - 0.5, 0.0, alike)
    longest, others = np.minimum(run, week), np.maximum(count - 1.0, 0.0)
    left = week - longest
    cut = left < others * other - 1e-9
    least = np.maximum(p.others_least * longest, np.minimum(p.shortest_run_min, longest))
    fitting = np.floor(left / np.maximum(least, 1e-9) + 1e-9)
    fewer = np.where(cut, np.minimum(others, fitting), others)
    shared = cut & (fewer < 1) & (others >= 1) & (week >= 2.0 * p.shortest_run_min - 1e-9)
    longest = np.where(shared, np.minimum(p.two_longest * week, week - p.shortest_run_min), longest)
    left, fewer = np.where(shared, week - longest, left), np.where(shared, 1.0, fewer)
    rest = np.minimum(np.where(cut & (p.shortest_run_min > 0), longest, other), left / np.maximum(fewer, 1.0))
    both = longest + rest
    most = np.maximum(np.minimum(p.longest_of_two * both, both - p.shortest_run_min), both / 2.0)
    over = (fewer == 1) & (longest > p.longest_of_two * both)
    longest = np.where(over, most, longest)
    rest = np.where(over, both - longest, rest)
    unlike = np.where(nth == 0, longest, np.where((nth >= 1) & (nth <= fewer), rest, 0.0))
    return np.where((other >= run - 1e-9) & (p.shortest_run_min <= 0), alike, unlike) * (nth >= 0)
