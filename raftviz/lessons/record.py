"""A run as a lesson: what was done becomes steps, and what came of each becomes what it expects.

What a person did opens a step, with the narrator's words as its title; the time that passed afterwards
belongs to it, until a node is elected, a crash ends or a promise falls, which is a step of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from raftviz import narrate
from raftviz.errors import LessonError
from raftviz.lessons.model import Lesson, Texts
from raftviz.pieces import finish
from raftviz.sim.events import Event
from raftviz.simulation import Simulation

#: Commands by which only time passes: they go on with what was done before.
_TIME = ("advance", "step", "run_until", "settle")
_FACTS = ("state", "term", "votedFor", "commitIndex", "crashed")
_LONGEST_ADVANCE_US = 10_000_000
_SLICE_US = 5_000
_MOST_SAID = 4
_LONGEST_TITLE = 120
_START = -1
_STEPS_MOST = 100
"""More steps than this are no lesson."""


@dataclass(slots=True)
class _Step:
    """One step in the making; `start` is how many events there were before it."""

    title: str
    start: int
    do: list[dict[str, Any]] = field(default_factory=list)


def recorded(
    simulation: Simulation,
    lesson_id: str,
    title: str = "",
    lang: str = "en",
    script: Lesson | None = None,
) -> str:
    """Do all the work of `recording` at once."""
    return finish(recording(simulation, lesson_id, title, lang, script))


def recording(
    simulation: Simulation,
    lesson_id: str,
    title: str = "",
    lang: str = "en",
    script: Lesson | None = None,
) -> Generator[None, None, str]:
    """Return, piece by piece, the run of a simulation as the YAML of a lesson, its texts in a language.

    It is a beginning for an author: each step has a title, the narrator's words and what it expects.
    Running it brings the run about anew; where a branch was left within a command, the command is
    carried out whole. Where the run began as a lesson, `script`, its summary stays, and its steps and their
    titles as far as the same was done. Raises LessonError where nothing was done or far too much for a lesson.
    """
    log = simulation.command_log
    told = script and _told(script, lang)
    if not log:
        raise LessonError(
            "nothing has been done yet",
            remedy="do something first: a command, or let time pass",
            kind="record.nothing",
        )
    start = dict(simulation.events[0].data["command"]["start"])
    given = start.pop("given", None)
    cluster = {name: value for name, value in start.items() if value is not None}
    usual = Simulation(nodes=1).options
    cluster["options"] = {k: v for k, v in cluster["options"].items() if v != usual[k]}
    again = Simulation(**{**cluster, "given": given or {}})
    again.max_events = simulation.max_events
    lesson: dict[str, Any] = {
        "id": lesson_id,
        "title": title or lesson_id,
        "summary": told.summary if told else narrate.text(_say(simulation.events, 0), lang),
        "level": "beginner",
        "cluster": cluster,
    }
    if given:
        lesson["given"] = given
    events = simulation.events
    titles = _titles(script, lang, log) if script else {}
    moments = [
        (event.time, narrate.text(_say(events, event.seq - 1), lang))
        for event in events
        if _tells(event)
    ]
    lesson["steps"] = yield from _Recorder(again, moments, lang, titles).steps(log)
    plain = json.loads(json.dumps(lesson))  # without what is shared, which YAML would name
    return yaml.safe_dump(
        plain, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None
    )


def id_of(title: str) -> str:
    """Return an id for a lesson of this title: letters a-z, digits and hyphens."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return words[:60].rstrip("-") or "my-lesson"


class _Recorder:
    """Carries a command log out anew, and writes down a step for each thing that was done."""

    def __init__(
        self,
        simulation: Simulation,
        moments: Sequence[tuple[int, str]],
        lang: str,
        titles: Mapping[int, str | None],
    ) -> None:
        self._simulation = simulation
        self._moments = moments
        self._lang = lang
        self._titles = titles
        self._steps: list[dict[str, Any]] = []
        self._before: Mapping[str, Any] = {}
        self._broken = 0
        first = titles.get(_START) or narrate.text(_say(simulation.events, 0), lang)
        self._step = _Step(first, 0)

    def steps(
        self, log: Sequence[Mapping[str, Any]]
    ) -> Generator[None, None, list[dict[str, Any]]]:
        """Carry out the log; the steps that it makes."""
        for place, item in enumerate(log):
            yield
            command = item.get("command")
            if place in self._titles:
                title = self._titles[place]
                if title is not None:
                    self._next(title)
                self._do(dict(command or {}))
            elif command is None:
                yield from self._pass(int(item["run_to"]))
            elif next(iter(command)) in _TIME:
                self._do(dict(command))
            else:
                self._next(title_of(command, self._lang))
                self._do(dict(command))
        self._next("")
        expected = self._steps[-1].setdefault("expect", {})
        expected |= self._all()
        if not self._simulation.linearizability().ok:
            expected["linearizable"] = False
        return self._steps

    def _do(self, command: dict[str, Any]) -> None:
        self._simulation.do(command)
        self._step.do.append(command)

    def _pass(self, until: int) -> Generator[None, None, None]:
        """Let time pass, with a step of its own for each moment that a lesson would speak of."""
        begun = self._simulation.now_us
        for time, title in [each for each in self._moments if begun < each[0] <= until]:
            if time > self._simulation.now_us:
                self._next(title)
                yield from self._advance(time)
                if time < until:
                    self._next(self._after())
        yield from self._advance(until)

    def _advance(self, until: int) -> Generator[None, None, None]:
        """Let time pass in small pieces, and write it down as one command, or as few as may be."""
        simulation = self._simulation
        while simulation.now_us < until:
            begun = simulation.now_us
            stop = min(until, begun + _LONGEST_ADVANCE_US)
            while simulation.now_us < stop:
                simulation.run_to(min(stop, simulation.now_us + _SLICE_US))
                yield
            self._step.do.append({"advance": _ms(stop - begun)})

    def _after(self) -> str:
        return narrate.text(narrate.sentence("lesson.later"), self._lang)

    def _next(self, title: str) -> None:
        """Write down the step that ends here, and begin the next one."""
        if self._step.do or not self._steps:
            if len(self._steps) >= _STEPS_MOST:
                raise LessonError(
                    f"this run has more than {_STEPS_MOST} steps, which is more than a lesson",
                    remedy="record a shorter one, or a branch that begins later",
                    kind="record.steps",
                    most=str(_STEPS_MOST),
                )
            self._steps.append(self._written())
        self._step = _Step(title[:_LONGEST_TITLE], len(self._simulation.events))

    def _written(self) -> dict[str, Any]:
        step, simulation = self._step, self._simulation
        written: dict[str, Any] = {"title": step.title}
        words = self._words(step.start)
        if words and step.do:
            written["say"] = words
        if step.do:
            written["do"] = step.do
        expected = self._changed()
        broken = [event.data["property"] for event in simulation.violations]
        if len(broken) > self._broken:
            expected["violations"] = list(dict.fromkeys(broken))
            self._broken = len(broken)
        if expected:
            written["expect"] = expected
        self._before = simulation.view()["nodes"]
        return written

    def _words(self, start: int) -> str:
        """The sentences of the events that a lesson would speak of."""
        events = self._simulation.events
        told = [narrate.text(_say(events, i), self._lang) for i in _worth_telling(events, start)]
        return " ".join(dict.fromkeys(told[:_MOST_SAID]))

    def _changed(self) -> dict[str, Any]:
        nodes = self._simulation.view()["nodes"]
        expected: dict[str, Any] = (
            {"leader": self._leader(nodes)} if self._one_leader(nodes) else {}
        )
        for name, node in nodes.items():
            old = self._before.get(name, {})
            facts = {fact: node[fact] for fact in _FACTS if old.get(fact) != node[fact]}
            if facts and self._before:
                expected[name] = facts
        return expected

    def _all(self) -> dict[str, Any]:
        nodes = self._simulation.view()["nodes"]
        whole = ("state", "term", "votedFor", "commitIndex")
        return {
            name: {
                **{fact: node[fact] for fact in whole},
                "log": [entry["term"] for entry in node["log"]],
                **({"crashed": True} if node["crashed"] else {}),
            }
            for name, node in nodes.items()
        }

    @staticmethod
    def _leader(nodes: Mapping[str, Any]) -> str:
        return next((n for n, node in nodes.items() if _leads(node)), "none")

    @staticmethod
    def _one_leader(nodes: Mapping[str, Any]) -> bool:
        return sum(map(_leads, nodes.values())) <= 1


def title_of(command: Mapping[str, Any], lang: str = "en") -> str:
    """Return what was commanded as the title of a lesson's step."""
    said = narrate.text(narrate.say_command(command), lang)
    for prefix in ("By command, ", "按命令，"):
        said = said.removeprefix(prefix)
    first = said.partition(" ")[0]
    begun = said if re.search(r"\d", first) else said[:1].upper() + said[1:]
    return begun.removesuffix(".").removesuffix("。")[:_LONGEST_TITLE]


def _told(script: Lesson, lang: str) -> Lesson | Texts:
    return script.texts.get(lang) or script


def _titles(script: Lesson, lang: str, log: Sequence[Mapping[str, Any]]) -> dict[int, str | None]:
    """The titles of the script's steps, by the place of each one's first command in the log, as far as the
    log is the script; None for its other commands. A first step that does nothing is at _START.
    """
    names = [step.title for step in _told(script, lang).steps]
    titles: dict[int, str | None] = {}
    if not script.steps[0].do:
        titles[_START] = names[0]
    place = 0
    for step, name in zip(script.steps, names, strict=True):
        for number, command in enumerate(step.do):
            if place == len(log) or log[place].get("command") != command:
                return titles
            titles[place] = name if number == 0 else None
            place += 1
    return titles


def _leads(node: Mapping[str, Any]) -> bool:
    return bool(node["state"] == "leader" and not node["crashed"])


def _tells(event: Event) -> bool:
    """Whether a lesson would begin a step with what happened."""
    return event.kind == "invariant_violated" or (
        event.kind == "role_changed" and event.data["to"] == "leader"
    )


def _worth_telling(events: Sequence[Event], start: int) -> list[int]:
    kinds = ("invariant_violated", "role_changed", "crashed", "restarted", "log_truncated")
    return [
        i
        for i in range(start, len(events))
        if events[i].kind in kinds
        or (events[i].kind == "client_reply" and events[i].data.get("ok") is not None)
    ]


def _say(events: Sequence[Event], index: int) -> narrate.Sentence:
    said = narrate.say(events[index], lambda seq: events[seq - 1])
    assert said is not None, events[index].kind
    return said


def _ms(span_us: int) -> float | int:
    """Microseconds as the milliseconds of a lesson."""
    return span_us // 1000 if span_us % 1000 == 0 else span_us / 1000
