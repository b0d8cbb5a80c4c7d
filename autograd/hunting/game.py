"""A hunt: an engine with one bug, which is named with a graph that shows it."""

import shutil
import textwrap
from functools import cached_property
from typing import Any

from autograd.conformance import Mutant
from autograd.errors import HuntError
from autograd.hunting.engines import numbers_of, shows_bug
from autograd.hunting.language import read_graph, size, write_graph
from autograd.hunting.levels import CHOICES, choices_for, chosen_bug, chosen_level, normal_seed
from autograd.hunting.recorded import Recorded, recorded_leaf
from autograd.hunting.transcript import HINTS, Transcript, points, points_with
from autograd.value import Value
from autograd.wording import Text, for_terminal, word

NARROWEST, WIDEST = 20, 100  # columns of a terminal that are made use of


def hunt(level: int | None = None, *, seed: int | str = "") -> "Hunt":
    """Return a hunt: an engine with one bug, to be found by the numbers of graphs.

    ``level`` is from 1, easy, to 20, hard. ``seed``, a number or a student's name, chooses among
    the bugs of that level; without a level it chooses that too, and without both the level is 1.
    The same seed gives the same hunt on every machine. Raises HuntError for another level or seed.
    """
    return Hunt(level, seed)


class Hunt:
    """A hunt for one bug.

    bugs               six descriptions; one is true
    show("a*b; a=2; b=3")    the numbers that the engine has on a graph
    Value(2.0)         a node of that engine, to build graphs in Python; show(output) takes them too
    guess(2, graph)    name a bug, and a graph that shows it: the last one shown if none is given
    hint()             the next of three hints
    score              of 100 points: less 20 a hint, 20 a wrong guess, 10 each node too many
    line               what a teacher verifies, once the bug is found
    """

    def __init__(self, level: int | None, seed: int | str) -> None:
        self.seed = normal_seed(seed)
        self.level = chosen_level(level, self.seed)
        self.hints = 0
        self.wrong = 0
        self._bug = chosen_bug(self.level, self.seed)
        self._shown: Value | None = None
        self._found: Transcript | None = None

    def Value(self, data: Any, label: str | None = None) -> Recorded:  # noqa: N802
        """Return a node of the engine with the bug."""
        return recorded_leaf(self._bug.mutant.name, data, label)

    @cached_property
    def _choices(self) -> list[Mutant]:
        return choices_for(self._bug, self.level, self.seed)

    @property
    def bugs(self) -> Text:
        """The six descriptions, numbered."""
        return wrapped(
            *(f"{k}  {bug.says}" for k, bug in enumerate(self._choices, 1)), indent="   "
        )

    def show(self, graph: object) -> Text:
        """Return the numbers of the engine with the bug on a graph, typed or built of Values.

        Raises ExpressionError for what is not a graph, DomainError where an operation is undefined.
        """
        self._shown = _output_of(graph)
        numbers = numbers_of(self._bug.mutant.name, self._shown)
        return for_terminal(numbers.table(_columns()))

    def guess(self, bug: int, graph: object = None) -> Text:
        """Name the bug by its number, with a graph that shows it, and return the verdict.

        The graph counts only if a right engine has other numbers on it. Raises HuntError for
        another number, or without a graph; that costs nothing.
        """
        if self._found:
            return wrapped(word("found before"))
        if not isinstance(bug, int) or isinstance(bug, bool) or not 1 <= bug <= CHOICES:
            raise HuntError(f"{bug!r:.40} is not a bug: they have the numbers 1 to {CHOICES}")
        output = self._shown if graph is None else _output_of(graph)
        if output is None:
            raise HuntError("a guess needs a graph that shows the bug: type one first")
        mutant = self._choices[bug - 1]
        if mutant != self._bug.mutant:
            self.wrong += 1
            return wrapped(word("wrong bug", bug=bug, score=self.score))
        if not shows_bug(mutant.name, output):
            self.wrong += 1
            return wrapped(word("shows nothing", score=self.score))
        score = points_with(output, self._bug, self.hints, self.wrong)
        self._found = Transcript(
            self.level, self.seed, bug, self.hints, self.wrong, write_graph(output), score
        )
        return wrapped(
            word("found", bug=mutant.says),
            word("found with", nodes=size(output), least=self._bug.nodes, score=score),
        )

    def hint(self) -> Text:
        """Return the next hint: how large, in which method, a graph."""
        if self.hints == HINTS or self._found:
            return wrapped(word("no more hints"))
        self.hints += 1
        method = self._bug.mutant.shown or self._bug.mutant.method
        told = [
            word("hint size", nodes=self._bug.nodes),
            word("hint method", method=method) if method else word("hint methods"),
            word("hint graph", graph=self._bug.graph),
        ]
        return wrapped(told[self.hints - 1])

    @property
    def is_found(self) -> bool:
        return self._found is not None

    @property
    def score(self) -> int:
        """The points: before the bug is found, those that are left."""
        return self._found.score if self._found else points(self.hints, self.wrong, 0)

    @property
    def line(self) -> Text:
        """What was done, in a line for ``python -m autograd hunt --verify``."""
        if not self._found:
            raise HuntError("there is no line yet: the bug is not found")
        return for_terminal(str(self._found))

    def __repr__(self) -> str:
        return f"{self}\n{wrapped(word('hunt calls'))}"

    def __str__(self) -> str:
        seed = word("of seed", seed=self.seed) if self.seed else ""
        return wrapped(word("hunt", level=self.level, seed=seed)) + "\n" + self.bugs


def _output_of(graph: object) -> Value:
    if isinstance(graph, Recorded):
        return graph.node
    if isinstance(graph, str):
        return read_graph(graph)
    raise HuntError(f"{graph!r:.40} is not a graph: type one as text, or build one of hunt.Value")


def _columns() -> int:
    return max(shutil.get_terminal_size().columns, NARROWEST)


def wrapped(*paragraphs: str, indent: str = "") -> Text:
    """Return paragraphs as lines that fit on the terminal."""
    width = min(_columns(), WIDEST)
    lines = [textwrap.fill(text, width, subsequent_indent=indent) for text in paragraphs]
    return for_terminal("\n".join(lines))
