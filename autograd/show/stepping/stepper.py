"""Stepper: the forward and backward pass of a live graph, one step at a time, forwards and back."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from autograd.errors import PictureError
from autograd.numeric import Number
from autograd.show.picture import Options, Picture
from autograd.show.stepping.frames import Frames
from autograd.show.stepping.lines import run_lines
from autograd.show.stepping.prediction import Score, answers_from, diagnose, judged
from autograd.show.stepping.screen import run_keys
from autograd.show.stepping.step import Step
from autograd.show.stepping.table import gradient_table
from autograd.show.stepping.walk import ForwardWalk, Walk
from autograd.show.story import Event, Story, Teller, numbers_in, require_mode
from autograd.system import ask, has_console, input_is_typed, write_whole
from autograd.value import Value
from autograd.wording import Text, for_terminal, word

MOST_FRAMES = 1000
MOST_ROWS = 40  # of the table of gradients
AROUND = 2  # steps that ``where`` shows on either side


class Stepper:
    """Walks the steps of ``output``'s forward and backward pass, writing the live gradients.

    next() back() goto(k) reset()           return the step they arrive at; next(stepper) too
    run()                                   does the rest and returns the table of gradients
    where, picture, save_frames(folder)     the steps around, the graph now, a picture of each step
    interact()                              the same by single keys, or by typed lines

    mode        "reverse", or "forward": each step then computes data, or hands on the tangent of
                a node to what it is used for; no gradient is touched
    wrt         in forward mode, the node that starts to move, with the tangent ``seed``
    names       name → node; without it nodes are called by label or by the caller's variables,
                and v1, v2, ... where they have neither
    seed        ∂output/∂output, or ∂wrt/∂wrt
    accumulate  leaves keep what they hold and add to it, as with a second ``backward()``
    predict     True: ``next()`` asks for the number first and says what is wrong with it. A list
                such as ["-6", "1*-2"]: ``next()`` takes the next answer from it, for as long as
                there is one. The last step has the score
    digits      significant digits of the numbers

    With the first step every gradient starts from nothing, or from what the leaf holds if
    ``accumulate``; after the last one all (except those of constants, which no step is about)
    are bit for bit what ``output.backward(seed)`` gives.
    ``back()`` and ``reset()`` restore what was there before. After ``refresh(output)`` a walk
    starts again with the new numbers; in the middle of one, steps raise StaleGraphError until
    ``reset()``. ``output`` may be of a student's own engine, if its local derivatives are known
    (see ``autograd.foreign``): the steps then write its ``grad``. Raises NotAGraphError for what is
    not a node, ValueError for a ``wrt`` that the output does not depend on, TypeError for a seed
    that is not a number and for answers that are not in a list, ExpressionError for an answer that
    is not a number.
    """

    def __init__(
        self,
        output: Value,
        *,
        mode: Literal["reverse", "forward"] = "reverse",
        wrt: Value | None = None,
        names: Mapping[str, Value] | None = None,
        seed: Number = 1,
        accumulate: bool = False,
        predict: bool | Sequence[str | Number | None] = False,
        digits: int = 4,
    ) -> None:
        frame = sys._getframe(1)
        require_mode(mode, wrt)
        if mode == "forward" and accumulate:
            raise ValueError("accumulate adds to gradients: forward mode has none")
        story = Story(output, names=names, frame=frame, seed=seed, digits=digits, wrt=wrt)
        self.output = story.output
        self.accumulate = accumulate
        self._answers = [] if isinstance(predict, bool) else answers_from(predict)
        self.predict: bool | list[str] = predict if isinstance(predict, bool) else [*self._answers]
        self._walk = Walk(story, accumulate) if wrt is None else ForwardWalk(story, accumulate)
        self._drawn: Frames | None = None
        self._score = Score()

    @property
    def events(self) -> list[Event]:
        """All steps as plain numbers."""
        return self._walk.events

    @property
    def _teller(self) -> Teller:
        return self._walk.story.teller

    @property
    def position(self) -> int:
        """The number of steps done."""
        return self._walk.position

    def __len__(self) -> int:
        return len(self.events)

    def __iter__(self) -> "Stepper":
        return self

    def __next__(self) -> Step:
        self._prepare()
        if self.position == len(self):
            raise StopIteration
        while self.predict and (typed := self._next_answer()):
            answered = self.answer(typed)
            if isinstance(answered, Step):
                return answered
            print(answered)
        self._walk.do()
        return self._step(self.position)

    @property
    def asks(self) -> bool:
        """Whether answers are typed, and not taken from a list."""
        return self.predict is True

    def _next_answer(self) -> str:
        """Return the answer that is typed or next in the list; "" for none."""
        if isinstance(self.predict, list):
            return self.predict.pop(0)
        try:
            return ask(for_terminal(self.question))
        except EOFError:
            return ""

    def next(self) -> Step | Text:
        """Do the next step and return it; after the last one, a remark that says so."""
        return self._end if self.position == len(self) else next(self)

    def back(self) -> Step | Text:
        """Undo the current step and return the one before."""
        if self.position:
            self._walk.undo()
        return self.current

    def goto(self, k: int) -> Step | Text:
        """Do or undo steps until ``k`` are done; raises IndexError if there are fewer."""
        if isinstance(k, bool) or not hasattr(k, "__index__"):  # NumPy's ints have it too
            raise TypeError(f"goto takes the number of a step, as in goto(3), not {k!r:.60}")
        if not 0 <= k <= len(self):
            raise IndexError(f"goto({k}): {word('step range', count=len(self))}")
        self._prepare()
        while self.position < k:
            self._walk.do()
        while self.position > k:
            self._walk.undo()
        if k:
            self._walk.write()
        return self.current

    def run(self) -> Text:
        """Do all steps that are left and return the table of gradients, the leaves' first."""
        self.goto(len(self))
        self._walk.require_unchanged(*self._walk.order)
        nodes = [node for node in self._walk.order if not node.is_constant]
        if len(nodes) > MOST_ROWS:
            nodes.sort(key=lambda node: bool(node.parents) and node is not self.output)
        table = gradient_table(self._walk, nodes[:MOST_ROWS])
        if len(nodes) > MOST_ROWS:
            table += "\n… " + word("more", count=len(nodes) - MOST_ROWS)
        return for_terminal(table)

    def reset(self) -> Step | Text:
        """Undo everything: every gradient is again what it was before the first step."""
        self._score = Score()
        if not isinstance(self.predict, bool):
            self.predict = [*self._answers]
        return self.goto(0)

    # -- predicting ------------------------------------------------------------------------------

    @property
    def question(self) -> str:
        """What ``predict`` asks before the next step; empty after the last one."""
        if self.position == len(self):
            return ""
        return self._teller.question(self._walk.event(self.position + 1))

    def answer(self, typed: str | Number) -> Step | Text:
        """Do the next step and return it with a verdict on ``typed``, or why it is not a number.

        After the last step it returns a remark that says so.
        """
        self._prepare()
        if self.position == len(self):
            return self._end
        event = self._walk.event(self.position + 1)
        typed = str(typed)
        verdict = diagnose(event.kind, numbers_in(event), typed)
        if verdict == "not a prediction":
            return for_terminal(judged(verdict, typed))
        self._score.count(self.position + 1, verdict)
        self._walk.do()
        return self._step(self.position, judged(verdict, typed), verdict == "predicted")

    # -- looking ---------------------------------------------------------------------------------

    @property
    def current(self) -> Step | Text:
        """The step done last, or a remark before the first one."""
        if self.position == 0:
            return for_terminal(f"[0/{len(self)}] {word('start')}")
        return self._step(self.position)

    @property
    def _end(self) -> Text:
        key = "end" if self._walk.story.wrt is None else "end of tangents"
        return for_terminal(f"[{self.position}/{len(self)}] {word(key)}")

    @property
    def where(self) -> Text:
        """The steps around the current one, which an arrow points at."""
        first, last = max(1, self.position - AROUND), min(len(self), self.position + AROUND)
        lines = [] if self.position else [f"→ [0/{len(self)}] {word('start')}"]
        for number in range(first, last + 1):
            mark = "→" if number == self.position else " "
            lines.append(f"{mark} {self._step(number).headline}")
        return for_terminal("\n".join(lines))

    @property
    def picture(self) -> Picture:
        """The graph after the current step, which is marked; what is ahead is dashed."""
        return self._frames(Options()).picture(self.position)

    def save_frames(self, folder: str | os.PathLike[str], *, theme: str = "projector") -> Text:
        """Write one SVG a step, step-00.svg, step-01.svg, ..., all laid out alike, for slides.

        The folder is made if need be; frames of an earlier walk are deleted. Raises PictureError
        for an unknown theme or more than 1,000 steps, LayoutError without an engine, OSError where
        a file cannot be written.
        """
        if len(self) > MOST_FRAMES:
            raise PictureError(
                f"{len(self):,} steps make too many files; at most {MOST_FRAMES:,} are written: "
                "take a smaller part of the graph"
            )
        frames = self._frames(Options(theme=theme))
        svgs = [frames.picture(k).svg for k in range(len(self) + 1)]
        if Path(folder).is_file():
            raise FileExistsError(f"{os.fspath(folder)} is a file: name a folder for the frames")
        Path(folder).mkdir(parents=True, exist_ok=True)
        names = [f"step-{k:0{len(str(len(self)))}}.svg" for k in range(len(svgs))]
        for name, svg in zip(names, svgs, strict=True):
            write_whole(Path(folder) / name, svg)
        for old in Path(folder).glob("step-*.svg"):
            if old.name not in names and re.fullmatch(r"step-\d+\.svg", old.name):
                old.unlink()  # a frame of a longer walk
        return for_terminal(word("frames", count=len(svgs), first=names[0], last=names[-1]))

    def _frames(self, options: Options) -> Frames:
        """Return the pictures of the steps, laid out once for as long as nothing else changes."""
        self._prepare()
        if self._drawn is None or self._drawn.widest.options != options:
            walk = self._walk
            held = {node: grad for node, grad in walk.held.items() if walk.gathers(node)}
            events = [walk.event(number) for number in range(1, len(self) + 1)]
            self._drawn = Frames(walk.story, events, held, options)
        return self._drawn

    def interact(self) -> None:
        """Walk by single keys on the terminal: → next, ← back, g go to, ? all keys, q leave.

        In a notebook, with a pipe, or where TERM is "dumb", lines are read instead: Enter next, b
        back, g K go to, r run, p picture, q leave.
        """
        if input_is_typed() and has_console():
            run_keys(self, self._walk)
        else:
            run_lines(self)

    def __repr__(self) -> str:
        done = word("steps done", done=self.position, count=len(self))
        return for_terminal(f"<Stepper: {done}; .next()>")

    def _prepare(self) -> None:
        """Before the first step, take the graph as it is now."""
        if self._walk.prepare():
            self._drawn = None

    def _step(self, number: int, remark: str = "", is_right: bool | None = None) -> Step:
        event = self._walk.event(number)
        score = self._score.told() if number == len(self) else ""
        remarks = "\n  ".join(filter(None, [remark, score]))
        return Step(event, number, len(self), self._teller.tell(event), remarks, is_right)
