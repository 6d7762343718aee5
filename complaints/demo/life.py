"""Everyday life between the planted events, laid out by the story's seed: the same on each run."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from complaints.demo.story import Call, Message, Service, Story, Thread, Way

_SHELVES = "ABCDE"
_RINGING: tuple[Way, ...] = ("in", "in", "out", "in", "missed", "out")


def everyday_messages(story: Story) -> tuple[Message, ...]:
    """Private exchanges and service messages over the whole period, in time order."""
    rng = Random(story.seed)
    found: list[Message] = []
    for thread in story.threads:
        found += _thread(thread, story, rng)
    for service in story.services:
        found += _service(service, story, rng)
    return tuple(sorted(found, key=lambda m: (m.at, m.who, m.text)))


def everyday_calls(story: Story) -> tuple[Call, ...]:
    """Private calls, and a collector's calls that keep within every limit, in time order."""
    rng = Random(story.seed + 1)
    found = [call for who, n in story.private_calls.items() for call in _private_calls(who, n, story, rng)]
    found += _modest_collection(story, rng)
    return tuple(sorted(found, key=lambda c: (c.at, c.who)))


def _days(story: Story) -> int:
    return (story.last_day - story.first_day).days + 1


def _moment(story: Story, day: date, second: int) -> datetime:
    return datetime.combine(day, time(), story.zone) + timedelta(seconds=second)


def _random_day(story: Story, rng: Random) -> date:
    return story.first_day + timedelta(days=rng.randrange(_days(story) - 1))  # the backup is made on the last day


def _thread(thread: Thread, story: Story, rng: Random) -> list[Message]:
    moment = _moment(story, _random_day(story, rng), rng.randrange(8 * 3600, 21 * 3600))
    found = []
    for line in thread.lines:
        found.append(Message(moment, thread.who, line.startswith(">"), line[2:]))
        moment += timedelta(seconds=rng.randrange(20, 400))
    return found


def _service(service: Service, story: Story, rng: Random) -> list[Message]:
    found = []
    for _ in range(service.per_month * 3):
        at = _moment(story, _random_day(story, rng), rng.randrange(service.hours[0] * 3600, service.hours[1] * 3600))
        text = rng.choice(service.texts).format(
            code=f"{rng.randrange(10**6):06d}",
            amount=f"{rng.randrange(500, 40000) / 100:.2f}",
            percent=rng.choice((50, 80, 90)),
            shelf=f"{rng.choice(_SHELVES)}-{rng.randrange(1, 30)}",
        )
        found.append(Message(at, service.who, False, text))
    return found


def _private_calls(who: str, n: int, story: Story, rng: Random) -> list[Call]:
    found = []
    for _ in range(n):
        at = _moment(story, _random_day(story, rng), rng.randrange(8 * 3600 + 1800, 21 * 3600 + 2400))
        way = rng.choice(_RINGING)
        found.append(Call(at, who, way, 0 if way == "missed" else rng.randrange(9, 600)))
    return found


def _modest_collection(story: Story, rng: Random) -> list[Call]:
    """On days without planted collector calls: at most two connected and two missed, 9:00 to 19:30."""
    collectors = story.collectors()
    planted = {call.at.date() for call in story.calls if call.who in collectors}
    first = min(planted)
    numbers = sorted(collectors)
    found = []
    for day in (story.first_day + timedelta(days=i) for i in range(_days(story) - 1)):
        if day < first or day in planted or day.weekday() == 6:
            continue
        answered, missed = rng.randrange(3), rng.randrange(3)
        for n in range(answered + missed):
            way: Way = "in" if n < answered else "missed"
            at = _moment(story, day, rng.randrange(9 * 3600, 19 * 3600 + 1800))
            found.append(Call(at, rng.choice(numbers), way, rng.randrange(12, 120) if way == "in" else 0))
    return found
