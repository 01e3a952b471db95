"""Everything new in the inbox, read by limited processes and kept. One bad file costs nothing else."""

from __future__ import annotations

import hashlib
import math
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from steadymile.ingest.archives.containers import Limits
from steadymile.ingest.inbox import Candidate, Fresh, Refused, Scan, athlete_of, scan
from steadymile.pipelines.facts import can_be_id, zone_of
from steadymile.pipelines.home import called, word
from steadymile.pipelines.reading import definitions
from steadymile.pipelines.reading.budget import budget_of
from steadymile.pipelines.reading.child import OF_THE_MACHINE, Died
from steadymile.pipelines.reading.dates import dates, found_dates, latest
from steadymile.pipelines.reading.keep import NAMED, Again, Ingested, Keeper
from steadymile.pipelines.reading.readers import Call
from steadymile.pipelines.reading.settle import read_anew, settle_complaints, still_unread
from steadymile.pipelines.reading.worker import Job, Outcome, look, over_budget, process
from steadymile.pipelines.run import Run, sweep
from steadymile.warehouse.archive import settle
from steadymile.warehouse.store import ZIP, judged_otherwise, known_files

Item = TypeVar("Item")


def ingest(run: Run) -> Ingested:
    """Read everything new in the inbox. Raises NoReader where no reading process can be had; what was read before that
    is kept, and nothing lies half written."""
    whole = False
    try:
        found = read_inbox(run)
        whole = not run.readers.deaths
        return found
    finally:
        if not whole:
            run.readers.close()
            sweep([run.home.archive])


def read_inbox(run: Run) -> Ingested:
    """The same, which may leave originals that were written and not settled."""
    limits = run.settings.limits()
    again = Again()
    with run.timed("again"), run.tried("What came in before could not be read again"):
        again = read_anew(run)
    with run.timed("scan"):
        run.home.check_inbox()
        judged = judged_by(limits)
        stale = judged_otherwise(run.con, judged)
        found = settled_scan(run, limits, stale)
        unread = still_unread(run, found.candidates, stale)
    if not unread and not found.refused:
        nothing = Ingested(waiting=list(found.waiting), again=again)
        settle_complaints(run, found, nothing)
        return nothing
    with run.timed("ingest"):
        jobs, homeless = sort_by_owner(run, unread)
        refused = [refused_outcome(r) for r in found.refused]
        members = Counter([c.relative for c in unread] + [o.top for o in refused])
        met: list[Refused | Candidate] = [*found.refused, *found.candidates]
        marks = {f.relative: (f.bytes, f.mtime_ns) for f in met if f.bytes is not None and f.mtime_ns is not None}
        keeper = Keeper(run, members, marks)
        keeper.result.waiting += found.waiting
        keeper.result.again = again
        for outcome in homeless + refused:
            outcome.judged_by = judged
        keeper.keep(homeless + refused)
        done, undated = len(homeless) + len(refused), []
        for batch in outcomes_of(run, jobs, frozenset((a, sha) for a, sha in keeper.contents if a), limits):
            for outcome in batch:
                outcome.judged_by = judged
            undated += [o for o in batch if o.undated is not None]
            keeper.keep([o for o in batch if o.undated is None])
            done += len(batch)
            run.progress(done, len(unread), "Reading watch files")
        if undated:
            keeper.keep(dated_by_others(run, undated, jobs, limits))
        keeper.finish(judged)
        settle_complaints(run, found, keeper.result)
    return keeper.result


def settled_scan(run: Run, limits: Limits, stale: set[str]) -> Scan:
    """The inbox, looked at once more when something was dropped a moment ago: it is read now, not tomorrow."""
    seen: dict[Fresh, Scan] = {}

    def looks(fresh: Sequence[Fresh]) -> Iterable[Scan]:
        new = [file for file in fresh if file not in seen]
        calls = ((chunk, limits) for chunk in chunks(new))
        found = (
            result.value for part in run.readers.spread(look, calls, not_opened, to_look, len(new)) for result in part
        )
        seen.update(zip(new, found))
        return [seen[file] for file in fresh]

    def found_at(now: float) -> Scan:
        known = {path: mark for path, mark in known_files(run.con).items() if path not in stale}
        return scan(run.home.inbox, known, limits, now, run.settings.settle_s, looks)

    def changed_at(name: str) -> float:
        try:
            return (run.home.inbox / name).stat().st_mtime
        except OSError:
            return -math.inf

    began, settle_s = time.time(), run.settings.settle_s
    found = found_at(began)
    fresh = [at for name in found.waiting if abs(began - (at := changed_at(name))) < settle_s]
    if not fresh:
        return found
    run.readers.warm()
    time.sleep(max(0.0, max(fresh) + settle_s - time.time()))
    return found_at(time.time())


def chunks(items: list[Item]) -> Iterator[list[Item]]:
    """Items in parts that are worth a message each."""
    size = max(1, min(16, len(items) // 8))
    for start in range(0, len(items), size):
        yield items[start : start + size]


def to_look(fresh: Fresh) -> float:
    """The processor time that looking into a file may take [s]."""
    return budget_of(fresh.bytes).cpu_s


def not_opened(fresh: Fresh, death: Died) -> Scan:
    """What is said of a file that could not even be looked into."""
    reason, settled = why_lost(death)
    size, mtime_ns = (fresh.bytes, fresh.mtime_ns) if settled else (None, None)
    return Scan([], [], [Refused(fresh.relative, reason, fresh.relative, size, mtime_ns, code=death.code)])


def refused_outcome(refused: Refused) -> Outcome:
    """A path that was refused before it was opened; settled when the same file need not be looked at again."""
    return Outcome(
        refused.path,
        refused.relative or refused.path,
        None,
        refused.status,
        refused.reason,
        bytes=refused.bytes,
        what=ZIP if refused.status == "salvaged" else None,
        code=refused.code,
        settled=refused.bytes is not None,
    )


def sort_by_owner(run: Run, candidates: Sequence[Candidate]) -> tuple[list[Job], list[Outcome]]:
    """Jobs for files whose person is known; an outcome that waits, with its reason, for the others."""
    ids = sorted(run.athletes)
    zones = {i: zone_of(a, run.now.date()) for i, a in run.athletes.items()}
    stated, at_most = dates(run), latest(run)
    jobs, homeless, members = [], [], Counter[str]()
    people = called(run.athletes)
    named = [f"inbox/{athlete_id}/" for athlete_id in sorted(ids)]
    theirs = " or ".join(named) if len(named) < 4 else f"{', '.join(named[:3])} or the folder of its owner"
    for candidate in candidates:
        members[candidate.relative] += 1
        owner = athlete_of(unicodedata.normalize("NFC", candidate.relative), ids)  # some disks take letters apart
        if owner is not None:
            job = Job(candidate, owner, zones[owner], latest=at_most, dates=stated.get(owner, {}))
            jobs.append(replace(job, named=members[candidate.relative] <= NAMED))
            continue
        folder = candidate.relative.split("/")[0] if "/" in candidate.relative else None
        if folder is None:
            reason = f"Several people run here, and this file lies in nobody's folder. Move it into {theirs}."
        elif (whose := people.get(word(folder))) is not None:
            add = f"; if it is not, `steadymile athlete add {folder}` adds somebody new" if can_be_id(folder) else ""
            named_so = f"If it is {run.athletes[whose].name}'s, call the folder {whose}{add}."
            reason = f"No id here is {folder}: this file waits. {named_so}"
        elif can_be_id(folder):
            reason = f"Nobody here is called {folder}: this file waits. `steadymile athlete add {folder}` adds them."
        else:
            reason = (
                f"Nobody here is called {folder}: this file waits. Rename the folder to the id of its owner, which "
                f"holds letters, digits, - and _ only, or move the file into {theirs}."
            )
        homeless.append(
            Outcome(candidate.label, candidate.relative, None, "waiting", reason, code="no_owner", settled=False)
        )
    return jobs, homeless


def outcomes_of(
    run: Run, jobs: list[Job], known: frozenset[tuple[str, str]], limits: Limits
) -> Iterator[list[Outcome]]:
    """Outcomes in the order of the jobs, a batch at a time. Members of one zip share its budget: when it is used up,
    the rest of them stays shut."""
    left = {job.candidate.relative: budget_of(job.candidate.bytes) for job in jobs}
    shut: list[Outcome] = []

    def calls() -> Iterator[Call]:
        for chunk in chunks(jobs):
            inside = []
            for job in chunk:
                budget = left[job.candidate.relative]
                if (lacking := budget.lacking()) is None:
                    inside.append(replace(job, budget=budget))
                else:
                    shut.append(lost(job, Died("over_budget", over_budget(lacking).reason)))
            if inside:
                yield inside, known, run.archive.root, limits

    batch: list[Outcome] = []
    for results in run.readers.spread(process, calls(), lost, allowed, len(jobs)):
        for result in results:
            outcome: Outcome = result.value
            left[outcome.top] = left[outcome.top].less(replace(outcome.spent, cpu_s=result.cpu_s))
            batch.append(outcome)
        if len(batch) >= run.settings.batch_files:
            yield in_place(batch)
            batch = []
    for start in range(0, len(batch + shut), run.settings.batch_files):
        yield in_place((batch + shut)[start : start + run.settings.batch_files])


def in_place(batch: list[Outcome]) -> list[Outcome]:
    """The same, with their originals in their places: before journal or warehouse names any of them."""
    settle([(outcome.sha256, outcome.written) for outcome in batch if outcome.sha256 and outcome.written])
    return batch


def dated_by_others(run: Run, undated: list[Outcome], jobs: Sequence[Job], limits: Limits) -> list[Outcome]:
    """Outcomes of recordings without a day: read once more where a list or the recordings beside them give one."""
    found = found_dates(run, undated)
    outcomes = {outcome.label: outcome for outcome in undated}
    again = [
        replace(job, dates={sha256: found[job.candidate.label]})
        for job in jobs
        if job.candidate.label in found and (sha256 := outcomes[job.candidate.label].sha256)
    ]
    for batch in outcomes_of(run, again, frozenset(), limits):
        for outcome in batch:
            outcome.judged_by = outcomes[outcome.label].judged_by
            outcomes[outcome.label] = outcome
    return list(outcomes.values())


def allowed(job: Job) -> float:
    """The processor time that a candidate may take [s]: what its top-level file has left."""
    return max(1.0, job.budget.cpu_s) if job.budget else 3600.0


def lost(job: Job, death: Died) -> Outcome:
    """What is said of a candidate over which its reader ended."""
    reason, settled = why_lost(death)
    candidate = job.candidate
    return Outcome(
        candidate.label,
        candidate.relative,
        job.athlete_id,
        "quarantined" if settled else "waiting",
        reason,
        bytes=candidate.member_bytes if candidate.member else candidate.bytes,
        code=death.code,
        settled=settled,
    )


def why_lost(death: Died) -> tuple[str, bool]:
    """What to say of a file over which a reader ended, and whether that is the file's doing: a reader that was ended
    from outside, or that the machine gave no time, says nothing of the file, which is read again in the next run."""
    if death.code == "over_budget":
        return death.detail, True
    if death.code in OF_THE_MACHINE:
        return f"{death.detail}. It is read again in the next run.", False
    return f"{death.detail}. Look at it with steadymile doctor; nothing else is affected.", True


def judged_by(limits: Limits) -> str:
    """The readers and limits by which a file is judged: another verdict is possible where they differ."""
    return hashlib.sha256(f"{definitions.readers()}|{limits}".encode()).hexdigest()[:12]
