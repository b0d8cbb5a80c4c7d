"""Walk: the live gradients of a graph, moved from one step of its passes to the next and back."""

from dataclasses import replace

from autograd import ops
from autograd.errors import StaleGraphError
from autograd.graph import mark_stale
from autograd.numeric import Number, shown
from autograd.show.story import Event, Story
from autograd.value import Value


class Walk:
    """Does and undoes the events of a story on the gradients themselves.

    story     what happens; told again if the forward pass has run again before the first step
    position  events done
    held      the gradients before the first event; they come back when all are undone
    """

    def __init__(self, story: Story, accumulate: bool) -> None:
        self.accumulate = accumulate
        self.position = 0
        self.held: dict[Value, Number] = {}
        self._stale: list[Value] = []  # those held that are of an earlier forward pass
        self._known: dict[Value, Number] = {}  # the gradients as of this position
        self._begin(story)

    def _begin(self, story: Story) -> None:
        self.story = story
        self.events = story.events
        self.order = story.order
        self._records = {node: node.record for node in self.order}
        self._computed_at = {
            event.node: number
            for number, event in enumerate(self.events, start=1)
            if event.kind == "forward"
        }

    def prepare(self) -> bool:
        """Before the first step, see what is there now; return whether it has changed.

        The forward pass may have run again, and leaves may hold other gradients to start from.
        """
        if self.position:
            return False
        is_fresh = all(node.record is record for node, record in self._records.items())
        if not is_fresh:
            self._begin(self.story.retold())
        before = self.held
        self.held = {node: node.grad for node in self.order if node.has_grad}
        self._stale = [node for node in self.order if node.grad_is_stale]
        return not is_fresh or self.held != before

    def event(self, number: int) -> Event:
        """Return the event of a step, plus what its receiver held at first."""
        event = self.events[number - 1]
        node = event.receiver
        if node is None or not self.gathers(node):
            return event
        held = self.held[node]
        before, after = (ops.add.evaluate(held, n) for n in (event.before, event.after))
        return replace(event, before=before, after=after)

    def gathers(self, node: Value) -> bool:
        """Whether the gradient of ``node`` adds to what it held before the first step."""
        return self.accumulate and not node.parents and node in self.held

    def has_computed(self, node: Value) -> bool:
        """Whether the walk has come to the data of ``node``, as it has to those of all leaves."""
        return self._computed_at.get(node, 0) <= self.position

    def gradient(self, node: Value) -> Number | None:
        """Return the gradient of ``node`` as of this position, None if there is none yet."""
        if self.position == 0:
            return self.held[node] if self.gathers(node) else None
        return self._known.get(node)

    def do(self) -> None:
        """Do the next event. Raises StaleGraphError if the forward pass has run again since."""
        if self.position == 0:
            self._known = {node: grad for node, grad in self.held.items() if self.gathers(node)}
            self.write()
        event = self.event(self.position + 1)
        self.require_unchanged(event.node)
        self.position += 1
        if event.receiver is not None:
            self._known[event.receiver] = event.after
            self._write(event)

    def require_unchanged(self, *nodes: Value) -> None:
        """Raise StaleGraphError if the forward pass of a node has run since the walk began."""
        for node in nodes:
            recorded = self._records[node]
            if node.record is not recorded and node.parents:
                name = node.label or f"the result of {node.op}"
                raise StaleGraphError(
                    f"{name} was {shown(recorded[0])} when the walk began and has been computed "
                    f"again, as {shown(node.record[0])}: reset() first"
                )

    def undo(self) -> None:
        """Undo the last event."""
        event = self.event(self.position)
        self.position -= 1
        node = event.receiver
        if node is not None:
            if event.is_first and not self.gathers(node):
                del self._known[node]
                self._forget(node)
            else:
                self._known[node] = self.held[node] if event.is_first else event.before
            self._write(event)
        if self.position == 0:
            self._known = dict(self.held)
            self.write()
            self._mark_stale()

    def _mark_stale(self) -> None:
        for node in self._stale:
            mark_stale(node)

    def _write(self, event: Event) -> None:
        """Write what the event is about, whatever somebody else has written there."""
        for node in (event.node, event.receiver):
            if node in self._known:
                node.grad = self._known[node]

    def _forget(self, node: Value) -> None:
        del node.grad

    def write(self) -> None:
        """Write all gradients as of this position."""
        for node in self.order:
            if node in self._known:
                node.grad = self._known[node]
            else:
                del node.grad


class ForwardWalk(Walk):
    """Does and undoes the events of forward mode: the tangents are kept here, no node has one."""

    def write(self) -> None:
        """Leave the gradients alone."""

    def _mark_stale(self) -> None:
        pass

    def _write(self, event: Event) -> None:
        pass

    def _forget(self, node: Value) -> None:
        pass
