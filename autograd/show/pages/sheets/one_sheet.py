"""One sheet of paper: what is asked on it, what is left blank, and what the solutions are."""

from collections.abc import Iterator
from typing import Any

from autograd.show.pages.sheets.lookup import calls_in, lookup_tables
from autograd.show.pages.sheets.rows import BlankTable, Lines, forward_lines, solved_table
from autograd.show.pages.sheets.trace_rows import TraceTable, solved_trace
from autograd.show.story import Event, Story, StoryLabels, Teller
from autograd.text import Typesetter
from autograd.wording import word

Seed = int | str


class Sheet:
    """A sheet for the backward pass: its seed, and the story of the graph with its numbers.

    table       what is to be filled in
    told        the forward pass with its numbers; ``forward``, what of it stands on the sheet
    backward    the events to be done by hand
    lookup      values of the functions that nobody computes by hand
    task_lines  how many lines the tasks take, at most
    """

    def __init__(self, seed: Seed | None, story: Story, *, is_forward_blank: bool) -> None:
        self.seed = seed
        self.story = story
        self.is_forward_blank = is_forward_blank
        self.labels = self._labels()
        self.teller = Teller(self.labels)
        self.told = forward_lines(self.teller, story.forward)
        self.table = self._table()
        self.forward = self._forward()
        calls = (
            call
            for event in story.forward
            for call in calls_in(event.node, event.record, in_value=is_forward_blank)
        )
        self.lookup = lookup_tables(calls, self.labels)

    @property
    def backward(self) -> list[Event]:
        return self.story.backward

    @property
    def task_lines(self) -> int:
        return 5 + self.is_forward_blank

    def tasks(self, *, has_locals: bool) -> Iterator[str]:
        """Yield what is to be done; local derivatives may have their places in the graph."""
        if self.is_forward_blank:
            yield word("do forward")
        yield word("do locals" if has_locals else "do locals in table")
        yield word("do backward", output=self.teller.name(self.story.output))
        yield word("do sum")

    def solved(self) -> str:
        """Return the table with all numbers."""
        return solved_table(self.teller, self.story.backward)

    def _labels(self) -> StoryLabels:
        return StoryLabels(self.story, Typesetter)

    def _table(self) -> BlankTable | TraceTable:
        return BlankTable(self.teller, self.story.backward)

    def _forward(self) -> Lines | None:
        if self.is_forward_blank:
            return forward_lines(self.teller, self.story.forward, is_blank=True)
        is_unknown = any(self._is_unknown(event.node) for event in self.story.forward)
        return self.told if is_unknown else None

    def _is_unknown(self, node: Any) -> bool:
        """Tell whether neither the box of a node nor the formula says how it was made."""
        if node is self.story.output:
            return False
        return self.teller.made(node) not in self.labels.title(node)


class TraceSheet(Sheet):
    """A sheet for an evaluation trace; ``moving`` is the story of forward mode."""

    def __init__(
        self, seed: Seed | None, story: Story, moving: Story, *, is_forward_blank: bool
    ) -> None:
        self.moving = moving
        super().__init__(seed, story, is_forward_blank=is_forward_blank)

    @property
    def backward(self) -> list[Event]:
        return [*self.moving.backward, *self.story.backward]

    @property
    def task_lines(self) -> int:
        return 8 + self.is_forward_blank

    def tasks(self, *, has_locals: bool) -> Iterator[str]:
        output, moves = self.teller.name(self.story.output), self.teller.name(self.moving.wrt)
        if self.is_forward_blank:
            yield word("do primals")
        yield word("do locals" if has_locals else "do locals aside")
        yield word("do tangents", input=moves)
        yield word("do adjoints", output=output)
        yield word("do compare", output=output, input=moves)

    def solved(self) -> str:
        return solved_trace(self.teller, self.story, self.moving)

    def _labels(self) -> StoryLabels:
        return _WithoutGradients(self.story, Typesetter)

    def _table(self) -> TraceTable:
        forward_blank = self.is_forward_blank
        return TraceTable(self.teller, self.story, self.moving, is_forward_blank=forward_blank)

    def _forward(self) -> None:
        return None  # it stands in the table


class _WithoutGradients(StoryLabels):
    """The labels of a graph beside a table that has the gradients, as adjoints."""

    def grad(self, node: Any) -> str:
        return ""
