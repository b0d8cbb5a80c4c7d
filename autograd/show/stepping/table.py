"""The table of data and gradients, as of where a walk is."""

from collections.abc import Sequence

from autograd.show.stepping.walk import Walk
from autograd.value import Value
from autograd.wording import aligned, word


def gradient_table(walk: Walk, nodes: Sequence[Value]) -> str:
    """Return a line of heads and one for each node; what the walk has not reached is a dash."""
    labels = walk.story.teller.labels
    rows = [(word("node"), word("data"), word(walk.story.what))]
    for node in nodes:
        data = labels.data(node) if walk.has_computed(node) else word("no data")
        gradient = walk.gradient(node)
        grad = word("no grad") if gradient is None else labels.number(gradient)
        rows.append((walk.story.teller.name(node), data, grad))
    return aligned(rows)
