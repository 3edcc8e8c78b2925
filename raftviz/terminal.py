"""A lesson told on a terminal: in colour, with a small drawing of the cluster beside each step's words."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from raftviz import narrate
from raftviz.drawing import letters
from raftviz.drawing.letters import WIDTH as DRAWING
from raftviz.lessons import Ask, Prediction, Run, StepResult
from raftviz.sim.changes import View
from raftviz.telling import asked, happenings, words

#: Inks of the drawing as terminals know them, and of what happens by its tone.
STYLES = {
    "leader": "bold green",
    "candidate": "bold yellow",
    "precandidate": "yellow",
    "follower": "cyan",
    "crashed": "dim",
    "paused": "dim",
    "link": "bright_black",
    "cut": "bold red",
    "message": "bold blue",
    "good": "green",
    "warn": "yellow",
    "bad": "bold red",
}

BESIDE = DRAWING + 40
"""Columns from which on the drawing stands beside the words, and not above them."""


def tell(run: Run, lang: str, console: Console) -> None:
    """Print a lesson that was run, in a language, step by step."""
    lesson = run.lesson
    head = Text(lesson.summary)
    if lesson.goal:
        head.append(f"\n\n{lesson.goal}", "italic")
    console.print(Panel(head, title=f"[bold]{_plain(lesson.title)}", title_align="left"))
    before: tuple[str, ...] = ()
    for step in run.steps:
        console.print()
        console.print(Rule(Text(f"{step.index + 1}. {step.title}", "bold"), align="left"))
        console.print(_scene(run.simulation.view_at(step.end_seq), step, lang, console.width))
        for line in _happenings(run, step, lang):
            console.print(line)
        for each in step.lines:
            console.print(Text(f"  {each}", "default" if each in before else "bold"))
        for question in (step.ask, step.predict):
            if question is not None:
                console.print(Padding(_question(question, lang), (1, 2, 0, 2)))
        if step.sources:
            console.print(Text(f"  {' · '.join(step.sources)}", "dim italic"))
        before = tuple(step.lines)


def _plain(text: str) -> str:
    """Text that is no markup of rich's."""
    return text.replace("[", "\\[")


def drawn(view: View) -> Text:
    """Return a view's drawing in colour."""
    lines = [
        Text.assemble(*((each.text, STYLES.get(each.ink, "")) for each in line))
        for line in letters(view)
    ]
    while lines and not lines[-1].plain.strip():
        lines.pop()
    return Text("\n").join(lines)


def _scene(view: View, step: StepResult, lang: str, width: int) -> RenderableType:
    """The drawing and the words of a step."""
    said: list[RenderableType] = [Markdown(step.say)] if step.say else []
    if step.differs:
        for who in ("document", "paper"):
            text = words(who, lang, text=getattr(step.differs, who))
            said.append(Padding(Markdown(f"> {text}"), (1, 0, 0, 0)))
    picture = drawn(view)
    if width < BESIDE:
        return Padding(Group(picture, *said), (0, 2))
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=DRAWING)
    grid.add_column(ratio=1)
    grid.add_row(picture, Group(*said))
    return grid


def _happenings(run: Run, step: StepResult, lang: str) -> list[Text]:
    """A line for each event of the step that has a sentence: when, in virtual milliseconds, and what."""
    told = happenings(run.simulation, step.start_seq, step.end_seq)
    return [
        Text.assemble((time, "dim"), (narrate.text(said, lang), STYLES.get(said.tone, "")))
        for time, said in told
    ]


def _question(question: Ask | Prediction, lang: str) -> Group:
    about, choices, answer = asked(question, lang)
    return Group(Text(about, "bold"), Text(choices), Text(answer, "dim"))
