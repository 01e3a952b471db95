"""Eight kinds of synthetic people for docs/results/people.md: who they are, what they did before, how they live."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np
from steadymile.models.weekplan import RUN_KINDS, PlannedSession, Step
from steadymile.reports.workouts.fit_writer import activity_file
from steadymile.studies.synthetic.body import LOOP_M, UTC_OFFSET_S, Body, RecordedSession, positions, wander
from steadymile.studies.synthetic.runner import SERIAL, MadeFile, MadeRunner, file_name, local_morning, to_fit, to_gpx

MONDAY = date(2025, 9, 1)
"""The first Monday under plan; a fixed day, so that the study is the same on every machine."""


class Life(MadeRunner):
    """A person who mostly does what is planned, with a watch, and answers after each run."""

    title = ""
    story = ""
    reading = ""
    weeks_played = 52
    keen = 0.92
    talks = True
    phone = False

    def __init__(self, name: str, seed: int) -> None:
        super().__init__(np.random.default_rng(seed), self.build())
        self.name = name
        self.told: dict[date, dict[str, object]] = {}

    def facts_told(self) -> dict[str, object]:
        """What athletes.toml says of them."""
        return {}

    def build(self) -> Body:
        """The body on the first day."""
        return Body()

    def before(self) -> Iterator[MadeFile]:
        """What was recorded before the first plan."""
        return iter(())

    def syncs(self, week: int) -> bool:
        """Whether the week's files reach the inbox on its Sunday."""
        return True

    def wants(self, week: int, day: date, session: PlannedSession) -> bool:
        """Whether a planned session is done."""
        return bool(self.rng.random() < (self.keen if session.kind in RUN_KINDS else self.keen - 0.1))

    def besides(self, week: int, day: date) -> Iterator[MadeFile]:
        """What is done that no plan asked for."""
        return iter(())

    def feels(self, week: int, day: date) -> dict[str, object]:
        """What is told of a day, whether or not there was a session."""
        return {}

    def tell(self, day: date, **values: object) -> None:
        """Add answers to a day."""
        self.told.setdefault(day, {}).update(values)

    def live(self, week: int, day: date, planned: list[PlannedSession]) -> list[MadeFile]:
        """One day: what is felt, done and recorded."""
        self.body.rest_until(day)
        if felt := self.feels(week, day):
            self.tell(day, **felt)
        files = list(self.besides(week, day))
        for session in planned:
            if session.steps and session.kind != "rest" and self.wants(week, day, session):
                files.append(self.record(day, session.steps, session.kind, session.title))
        return files

    def record(self, day: date, steps: tuple[Step, ...], kind: str, title: str | None = None) -> MadeFile:
        """Do it and store it as this person's device does."""
        done = self.run_session(day, local_morning(day, self.rng), steps, kind, title=None if self.phone else title)
        if self.talks and kind in RUN_KINDS:
            self.tell(day, rpe=done.rpe, talk_test=done.talk_test, pain=self.pain_after(done))
        if self.phone:
            return MadeFile(file_name(done, "gpx"), bare_gpx(done))
        return MadeFile(file_name(done, "fit"), to_fit(done, self.talks))

    def pain_after(self, done: RecordedSession) -> int:
        """Pain 0-10 after a run: seldom more than a trace."""
        return int(np.clip(round(self.rng.normal(0.2, 0.5) + max(0.4 * (self.body.tiredness - 2.0), 0.0)), 0, 3))


def bare_gpx(done: RecordedSession) -> bytes:
    """A phone's track: places and times, no heart rate, no step rate."""
    return re.sub(rb"<extensions>.*?</extensions>", b"", to_gpx(done))


def runs_before(life: Life, first: date, last: date, week: dict[int, int], skip: float) -> Iterator[MadeFile]:
    """Years of easy runs: `week` gives the minutes by ISO weekday; a share `skip` is left out."""
    day = first
    while day <= last:
        minutes = week.get(day.isoweekday())
        if minutes and life.rng.random() > skip:
            life.body.rest_until(day)
            length = round(minutes * float(life.rng.uniform(0.9, 1.1)) * 60)
            done = life.run_session(day, local_morning(day, life.rng), (Step(1, length, 0),), "run")
            yield MadeFile(file_name(done, "fit"), to_fit(done, with_effort=False))
        day += timedelta(days=1)


def ride(rng: np.random.Generator, day: date, minutes: int) -> MadeFile:
    """A bicycle ride as a watch stores it, every third second."""
    start = datetime(day.year, day.month, day.day, 15, 0, tzinfo=UTC) - timedelta(seconds=UTC_OFFSET_S)
    t = np.arange(0.0, minutes * 60.0, 3.0)
    speed = np.clip(7.2 + wander(rng, t.size, 0.9, 40.0), 2.0, 14.0)
    along = np.cumsum(speed * 3.0)
    latitude, longitude = positions(rng, along)
    bpm = np.round(np.clip(132.0 + wander(rng, t.size, 7.0, 60.0), 80.0, 180.0))
    columns: dict[str, np.ndarray] = {
        "heart_rate": bpm,
        "distance": along,
        "enhanced_speed": speed,
        "position_lat": latitude,
        "position_long": longitude,
        "enhanced_altitude": 432.0 + 9.0 * np.sin(2.0 * np.pi * along / LOOP_M),
    }
    data = activity_file(
        start, t, columns, totals={"total_distance": float(along[-1]), "avg_heart_rate": float(bpm.mean())},
        timer=((0.0, float(t[-1])),), sport="cycling", utc_offset_s=UTC_OFFSET_S, serial=SERIAL,
        product="steadymile demo watch",
    )  # fmt: skip
    return MadeFile(f"{day.isoformat()}-ride.fit", data)


class PhoneBeginner(Life):
    title = "A beginner with a phone and no answers"
    story = "GPX tracks without heart rate or step rate, no fact told, no question ever answered."
    reading = (
        "Without a heart rate or a word about effort, a finished run earns two thirds of a credit: a step takes "
        "three of them, there are never two steps at once, and a missed run costs a week. Slower by weeks than for "
        "those who answer, and not stuck. Jogs of half a minute are too short for such a track to show, so the first "
        "runs count by their total time and the minutes done read too low. At the top of the mile's ladder the plan "
        "stays, with a mile test in every fourth week."
    )
    talks = False
    phone = True


class Established(Life):
    title = "Thirty kilometres a week for years"
    story = (
        "Runs on Tuesday, Thursday and Sunday, and a little on Saturday; the last year of it is in the inbox on the "
        "first day. Asks for a faster mile."
    )

    reading = (
        "Starts from the habit, not from the ladder, and keeps it through missed runs and level weeks. The mile asks "
        "for no long run beyond an hour, so the hour stays an hour, and the week stops growing where its other runs "
        "are long enough beside it. What is called an advance or a level week from then on differs by a minute or two, "
        "and nothing is to be decided but when to rest and when to test; whoever wants more has to set a further goal."
    )

    def facts_told(self) -> dict[str, object]:
        return {"birth_year": 1984, "sex": "male", "experience": "runner", "goal": "mile", "screening": False}

    years = 1

    def build(self) -> Body:
        return Body(vo2max=52.0, vo2max_ceiling=54.0, threshold=0.80, heart_rate_rest=50.0, heart_rate_max=184.0)

    def before(self) -> Iterator[MadeFile]:
        first = MONDAY - timedelta(weeks=52 * self.years)
        return runs_before(self, first, MONDAY - timedelta(days=1), {2: 40, 4: 40, 6: 22, 7: 60}, 0.12)


class AfterInjury(Life):
    title = "Back after three months with a sore Achilles tendon"
    story = (
        "Ran 25 km a week for a year and a half; pain 7 of 10 ended it thirteen weeks before the first plan. "
        "Pain is 1 of 10 now, and in the first six weeks she says so every other day."
    )

    reading = (
        "Weeks of pain that kept her from running are an injury: the plan stops and refers her to somebody who can "
        "look at it. Her own calm answers end the stop in the first week, two weeks of walks without pain open "
        "running, and it begins with two runs of 6 x 2 minutes. Then it goes up a step a week, as for everybody whose "
        "injury is remembered; the hour of before takes months."
    )

    def facts_told(self) -> dict[str, object]:
        return {"birth_year": 1979, "sex": "female", "experience": "runner", "goal": "10k", "screening": False}

    def build(self) -> Body:
        return Body(vo2max=46.0, vo2max_ceiling=50.0, threshold=0.76, heart_rate_rest=56.0, heart_rate_max=180.0)

    def feels(self, week: int, day: date) -> dict[str, object]:
        return {"pain": 1, "pain_place": "achilles"} if week < 6 and day.isoweekday() % 2 else {}

    def before(self) -> Iterator[MadeFile]:
        end = MONDAY - timedelta(weeks=13)
        for days, pain in ((0, 7), (1, 7), (3, 6), (7, 5), (14, 4), (28, 3), (49, 2), (70, 1), (84, 1), (88, 1)):
            self.tell(end + timedelta(days=days), pain=pain, pain_place="achilles")
        return runs_before(self, end - timedelta(weeks=78), end, {2: 40, 4: 45, 6: 30, 7: 55}, 0.15)


class Walker(Life):
    title = "A walker"
    story = "Sixty-six years old, wants to walk, answers the health questions, says nothing else."

    def facts_told(self) -> dict[str, object]:
        return {"birth_year": 1959, "sex": "female", "experience": "walker", "goal": "walk", "screening": False}

    reading = (
        "Five walks a week, five minutes longer as long as four of them were finished, then 50 minutes for good. "
        "There is never a run in it, and nothing is lost in a week with fewer walks: it is repeated. When the top "
        "is reached the plan has nothing more to give than company."
    )
    talks = False
    keen = 0.95


class Cyclist(Life):
    title = "A cyclist who runs"
    story = "Rides 90 to 150 minutes on Wednesday, Saturday and Sunday, fit and new to running; wants ten kilometres."

    reading = (
        "Hours on the bicycle give no room for longer runs: the legs start with half-minute jogs like anyone's. A "
        "Thursday run after a long Wednesday ride is cut short when the ride is seen on the same evening. Fit "
        "lungs make every run comfortable, so the limits and the level weeks set the pace, not the heart. At the "
        "goal's level the habit counts from then on: the long run stops at an hour and a half, the week grows on."
    )

    def facts_told(self) -> dict[str, object]:
        return {"birth_year": 1990, "sex": "male", "experience": "active", "goal": "10k", "days_free": [2, 4, 7]}

    def build(self) -> Body:
        return Body(vo2max=50.0, vo2max_ceiling=54.0, threshold=0.78, heart_rate_rest=52.0, heart_rate_max=187.0)

    def before(self) -> Iterator[MadeFile]:
        for n in range(84, 0, -1):
            yield from self.besides(-1, MONDAY - timedelta(days=n))

    def besides(self, week: int, day: date) -> Iterator[MadeFile]:
        if day.isoweekday() in (3, 6, 7) and self.rng.random() < 0.8:
            yield ride(self.rng, day, int(self.rng.integers(90, 151)))


KNEE = {(22, 2): 4, (22, 4): 6, (22, 5): 5, (22, 7): 4, (23, 2): 3, (23, 4): 2, (23, 5): 1, (23, 7): 0}
"""Pain 0-10 of the sore knee by week and ISO weekday."""


class Troubled(Life):
    title = "A never-runner, ill twice, with one sore knee"
    story = (
        "Begins from nothing. Ill in weeks 14 and 33 (says so, and says when well), knee pain of 4, then 6 of 10 in "
        "week 22, which fades over eight days."
    )

    reading = (
        "Illness takes two days of rest at once and the next week stays level. Pain of 6 stops the running the "
        "same evening; two calm days clear it, which is told the same evening too, a walk without pain opens it "
        "again, two steps lower and shorter, and nothing goes up for two weeks. The minutes of before need two months "
        "and more to come back. From jogs of half a minute to a quarter of an hour takes seven weeks, about as in "
        "common calendars."
    )

    def facts_told(self) -> dict[str, object]:
        facts = {"birth_year": 1994, "sex": "female", "height_cm": 166.0, "weight_kg": 84.0}
        return {**facts, "experience": "never", "goal": "mile", "screening": False}

    def feels(self, week: int, day: date) -> dict[str, object]:
        at = (week + 1, day.isoweekday())
        if week + 1 in (14, 33) and day.isoweekday() == 3:
            return {"ill": "yes"}
        if week + 1 in (14, 33) and day.isoweekday() == 7:
            return {"ill": "no"}
        return {"pain": KNEE[at], "pain_place": "knee"} if at in KNEE else {}

    def wants(self, week: int, day: date, session: PlannedSession) -> bool:
        hurting = (22, 4) <= (week + 1, day.isoweekday()) <= (23, 3)
        sick = week + 1 in (14, 33) and 3 <= day.isoweekday() <= 6
        return super().wants(week, day, session) and not hurting and not sick

    def pain_after(self, done: RecordedSession) -> int:
        at = next((v for (w, d), v in KNEE.items() if MONDAY + timedelta(days=7 * w + d - 8) == done.day), None)
        return super().pain_after(done) if at is None else at


class Silent(Life):
    title = "Three weeks without a sync, then everything at once"
    story = "Active, answers after each run; the watch does not sync in weeks 12 to 14, then brings all of them."

    reading = (
        "While nothing arrives nothing goes up, and no week counts as missed. After two silent weeks the level "
        "falls a little, for a pause cannot be told from a lost sync; when the files come, the next plan sees "
        "what was really run, and a few weeks later the runner is where they were. The goal of five kilometres is "
        "then held, which is what was asked for."
    )

    def facts_told(self) -> dict[str, object]:
        return {"birth_year": 1988, "sex": "male", "experience": "active", "goal": "5k", "screening": False}

    lost = (12, 13, 14)

    def syncs(self, week: int) -> bool:
        return week + 1 not in self.lost


class OfACoach(Life):
    """One of thirty: more or less keen, talkative and equipped, by the die."""

    def __init__(self, name: str, seed: int) -> None:
        super().__init__(name, seed)
        die = np.random.default_rng(seed + 1000)
        self.keen = float(die.uniform(0.55, 0.98))
        self.talks = bool(die.random() < 0.6)
        self.phone = bool(die.random() < 0.4)
        self.experience = str(die.choice(["never", "walker", "active"]))
        self.goal = str(die.choice(["mile", "5k", "walk"], p=[0.6, 0.3, 0.1]))
        self.born = int(die.integers(1960, 2004))
        self.body.vo2max = float(die.uniform(28.0, 42.0))

    def facts_told(self) -> dict[str, object]:
        return {"birth_year": self.born, "experience": self.experience, "goal": self.goal, "screening": False}

    def syncs(self, week: int) -> bool:
        if self.name == "runner-07":
            return week < 4
        if self.name == "runner-19":
            return week < 4 or week >= 9
        return True


SINGLE: dict[str, type[Life]] = {
    "phone": PhoneBeginner,
    "established": Established,
    "injury": AfterInjury,
    "walker": Walker,
    "cyclist": Cyclist,
    "troubled": Troubled,
    "silent": Silent,
}
"""Who is played alone, for a year."""

COACHED = 30


def group() -> list[Life]:
    """The thirty beginners of one coach."""
    return [OfACoach(f"runner-{n:02d}", 300 + n) for n in range(1, COACHED + 1)]
