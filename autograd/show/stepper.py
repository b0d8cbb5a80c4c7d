"""Stepper: the forward and backward pass of a live graph, one step at a time, there and back."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from autograd import ops
from autograd.errors import DomainError, ExpressionError, PictureError
from autograd.files import write_whole
from autograd.graph import topological_order
from autograd.names import names_of
from autograd.numeric import Number
from autograd.show.frames import Frames
from autograd.show.labels import Labels
from autograd.show.picture import Options, Picture
from autograd.show.prediction import is_right
from autograd.show.step_loop import ask, run_loop
from autograd.show.step_text import Teller, Told, step_names
from autograd.show.steps import Event, events_of
from autograd.value import Value
from autograd.words import Text, aligned, for_terminal, word

MOST_FRAMES = 1000
MOST_ROWS = 40  # of the table of gradients
AROUND = 2  # steps that ``where`` shows on either side


class Step:
    """One step of ``count``: its ``event`` with all numbers, and ``told``, the same in words.

    At the prompt it reads as the arithmetic of the chain rule; contribution and new total are two
    lines, because they differ where a node is used twice.
    """

    def __init__(self, event: Event, number: int, count: int, told: Told, remark: str = "") -> None:
        self.event = event
        self.number = number
        self.count = count
        self.told = told
        self.remark = remark

    def __repr__(self) -> str:
        told = self.told
        rest = [told.arithmetic if told.title else "", told.total, self.remark]
        return for_terminal("\n  ".join([self.headline, *filter(None, rest)]))

    @property
    def headline(self) -> str:
        """The first line."""
        told = self.told
        return f"[{self.number}/{self.count}] {told.phase}: {told.title or told.arithmetic}"


class Stepper:
    """Walks the steps of ``output``'s forward and backward pass, writing the live gradients.

    next() back() goto(k) run() reset()     return the step they arrive at; next(stepper) too
    where, picture, save_frames(folder)     the steps around, the graph now, a picture a step
    interact()                              the same with single keys

    names       name → node; without it nodes are called by label or by the caller's variables,
                and t1, t2, ... where they have neither
    seed        ∂output/∂output
    accumulate  leaves keep what they hold and gather, as with a second ``backward()``
    predict     ``next()`` asks for the number first, and checks it
    digits      significant digits of the numbers

    With the first step every gradient starts from nothing, or from what the leaf holds if
    ``accumulate``; after the last one all are, bit for bit, what ``output.backward(seed)`` gives.
    ``back()`` and ``reset()`` restore what was there before. Raises NotAGraphError for what is no
    Value, TypeError for a seed that is no number.
    """

    def __init__(
        self,
        output: Value,
        *,
        names: Mapping[str, Value] | None = None,
        seed: Number = 1,
        accumulate: bool = False,
        predict: bool = False,
        digits: int = 4,
    ) -> None:
        self.events = events_of(output, seed)
        self.output = output
        self.accumulate = accumulate
        self.predict = predict
        self.position = 0  # steps done
        self._order = topological_order(output)
        called = step_names(self._order, names_of(self._order, names, sys._getframe(1)))
        self._teller = Teller(Labels(self._order, called, digits))
        self._held: dict[Value, Number] = {}  # the gradients of before the first step
        self._drawn: Frames | None = None

    def __len__(self) -> int:
        return len(self.events)

    def __iter__(self) -> "Stepper":
        return self

    def __next__(self) -> Step:
        if self.position == len(self):
            raise StopIteration
        remark = self._asked() if self.predict else ""
        self._do()
        return self._step(self.position, remark)

    def next(self) -> Step | Text:
        """Do the next step and return it; after the last one, a remark that says so."""
        if self.position == len(self):
            return for_terminal(f"[{self.position}/{len(self)}] {word('end')}")
        return next(self)

    def back(self) -> Step | Text:
        """Undo the current step and return the one before."""
        if self.position:
            self._undo()
        return self.current

    def goto(self, k: int) -> Step | Text:
        """Do or undo steps until ``k`` are done; raises IndexError where there are not as many."""
        if isinstance(k, bool) or not isinstance(k, int):
            raise TypeError(f"goto takes the number of a step, as in goto(3), not {k!r:.60}")
        if not 0 <= k <= len(self):
            raise IndexError(f"goto({k}): there are steps 0 to {len(self)}")
        while self.position < k:
            self._do()
        while self.position > k:
            self._undo()
        return self.current

    def run(self) -> Text:
        """Do all steps that are left and return the table of gradients."""
        self.goto(len(self))
        rows: list[tuple[str, ...]] = [(word("node"), word("data"), word("grad"))]
        named = [node for node in self._order if not node.is_constant]
        for node in named[-MOST_ROWS:]:
            numbers = (self._teller.labels.forward_data[node], node.grad)
            rows.append((self._teller.name(node), *map(self._shown, numbers)))
        if len(named) > MOST_ROWS:
            rows.insert(1, ("… " + word("more", count=len(named) - MOST_ROWS), "", ""))
        return for_terminal(aligned(rows))

    def reset(self) -> Step | Text:
        """Undo everything: every gradient is again what it was before the first step."""
        return self.goto(0)

    @property
    def current(self) -> Step | Text:
        """The step done last, or a remark before the first one."""
        if self.position == 0:
            return for_terminal(f"[0/{len(self)}] {word('start')}")
        return self._step(self.position)

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

        The folder is made if need be. Raises PictureError for an unknown theme or more than 1,000
        steps, LayoutError without an engine, OSError where a file cannot be written.
        """
        if len(self) > MOST_FRAMES:
            raise PictureError(
                f"{len(self):,} steps would be as many files; up to {MOST_FRAMES:,} are written: "
                "take a smaller part of the graph"
            )
        frames = self._frames(Options(theme=theme))
        svgs = [frames.picture(k).svg for k in range(len(self) + 1)]
        Path(folder).mkdir(parents=True, exist_ok=True)
        names = [f"step-{k:0{len(str(len(self)))}}.svg" for k in range(len(svgs))]
        for name, svg in zip(names, svgs, strict=True):
            write_whole(Path(folder) / name, svg)
        return for_terminal(word("frames", count=len(svgs), first=names[0], last=names[-1]))

    def _frames(self, options: Options) -> Frames:
        """Return the pictures of the steps, laid out once for as long as the options stay."""
        if self.position == 0:
            self._hold()
        if self._drawn is None or self._drawn.widest.options != options:
            held = {node: grad for node, grad in self._held.items() if self._gathers(node)}
            events = [self._as_held(event) for event in self.events]
            self._drawn = Frames(self._order, events, self._teller, held, options)
        return self._drawn

    def interact(self) -> None:
        """Open the loop of single keys: Enter next, b back, g K go to, r run, p picture, q quit."""
        run_loop(self)

    def __repr__(self) -> str:
        return for_terminal(f"<Stepper: {self.position} of {len(self)} steps done; .next()>")

    # -- one step there, one step back -----------------------------------------------------------

    def _do(self) -> None:
        if self.position == 0:
            self._hold()
            for node in self._held:
                if not self._gathers(node):
                    del node.grad
        event = self._as_held(self.events[self.position])
        if event.receiver is not None:
            event.receiver.grad = event.after
        self.position += 1

    def _hold(self) -> None:
        """Remember the gradients of before the first step, which leaves may start from."""
        held = {node: node.grad for node in self._order if node.has_grad}
        if held != self._held:
            self._drawn = None
        self._held = held

    def _undo(self) -> None:
        self.position -= 1
        event = self.events[self.position]
        node = event.receiver
        if node is not None:
            if not event.is_first:
                node.grad = self._as_held(event).before
            elif self._gathers(node):
                node.grad = self._held[node]
            else:
                del node.grad
        if self.position == 0:
            for node, grad in self._held.items():
                node.grad = grad

    def _gathers(self, node: Value) -> bool:
        """Whether the gradient of ``node`` adds to what it held before the first step."""
        return self.accumulate and not node.parents and node in self._held

    def _as_held(self, event: Event) -> Event:
        """Return the event with what its receiver held before the first step added."""
        node = event.receiver
        if node is None or not self._gathers(node):
            return event
        held = self._held[node]
        before, after = (ops.add.evaluate(held, n) for n in (event.before, event.after))
        return replace(event, before=before, after=after)

    # -- telling and asking ----------------------------------------------------------------------

    def _step(self, number: int, remark: str = "") -> Step:
        event = self._as_held(self.events[number - 1])
        return Step(event, number, len(self), self._teller.tell(event), remark)

    def _shown(self, number: Number) -> str:
        return self._teller.labels.number(number)

    def _asked(self) -> str:
        """Ask for the number of the next step; return what to say of the answer."""
        event = self.events[self.position]
        question, truth = self._teller.question(event)
        while True:
            try:
                answer = ask(question)
            except EOFError:
                return ""
            if not answer:
                return ""
            try:
                right = is_right(answer, truth)
            except (ExpressionError, DomainError):
                print(for_terminal(word("not a prediction", answer=answer)))
            else:
                return word("predicted" if right else "mispredicted", answer=answer)
