"""What tests of this room share."""

from autograd.hunting.game import Hunt


def true_number(hunt: Hunt) -> int:
    """Return the number of the true description, which a hunter does not see."""
    return hunt._choices.index(hunt._bug.mutant) + 1


def smallest_graph(hunt: Hunt) -> str:
    return hunt._bug.graph


def false_number(hunt: Hunt) -> int:
    return true_number(hunt) % 6 + 1
