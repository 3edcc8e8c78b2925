"""What was found as a lesson: it replays, says at each step what is done, and ends where a promise
falls.
"""

from __future__ import annotations

from typing import Any

import yaml

from raftviz import lessons
from raftviz.explore.search import Finding


def text(finding: Finding, seed: int) -> str:
    """The lesson as YAML. `seed` is the search's."""
    schedule, fell = finding.schedule, finding.found
    options = schedule.cluster["options"]
    mistakes = options.get("bugs", [])
    cluster = {name: value for name, value in schedule.cluster.items() if name != "given"}
    lesson: dict[str, Any] = {
        "id": _id("found", *mistakes, fell.property),
        "title": f"{fell.property} falls",
        "summary": f"{fell.message}. Found in schedule {finding.number} of seed {seed}"
        + (f", with the mistake {', '.join(mistakes)}." if mistakes else "."),
        "level": "advanced",
        "cluster": cluster,
    }
    if schedule.cluster.get("given"):
        lesson["given"] = schedule.cluster["given"]
    lesson["steps"] = _steps(finding)
    return yaml.safe_dump(lesson, sort_keys=False, allow_unicode=True, width=110)


def _id(*words: str) -> str:
    return "-".join("-".join(words).lower().split())[:60]


def _steps(finding: Finding) -> list[dict[str, Any]]:
    """A step for each command, with the promises that have fallen by then where one falls."""
    steps: list[dict[str, Any]] = []
    fallen: list[str] = []
    for number, command in enumerate(finding.schedule.commands, 1):
        step: dict[str, Any] = {"title": lessons.title_of(command), "do": [command]}
        now = [broken for broken in finding.broken if broken.commands == number]
        if now:
            fallen += [broken.property for broken in now]
            step["say"] = " ".join(f"**{broken.property}**: {broken.message}." for broken in now)
            step["expect"] = {"violations": list(dict.fromkeys(fallen))}
        steps.append(step)
    if finding.found.property == "Linearizability" and steps:
        steps[-1]["expect"]["linearizable"] = False
    return steps


def replay(lesson: str, name: str) -> bool:
    """Whether the lesson runs and all that it expects holds. Raises LessonError where it does not run."""
    return lessons.run(lessons.loads(lesson, name)).ok
