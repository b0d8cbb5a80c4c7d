"""Where a node was made: in a model, so that pictures fold by layer; and in a program."""

from typing import NamedTuple


class Scope:
    """A module's place in its model: its own name, and the scope around it (None for the root).

    Scopes refer outwards only, so a graph that outlives its model keeps no other part of it alive.
    """

    __slots__ = ("around", "name")

    def __init__(self, name: str, around: "Scope | None" = None) -> None:
        self.name = name
        self.around = around

    @property
    def lineage(self) -> "tuple[Scope, ...]":
        """The scopes from the root to this one."""
        outwards = [self]
        while outwards[-1].around is not None:
            outwards.append(outwards[-1].around)
        return tuple(reversed(outwards))

    @property
    def path(self) -> str:
        """The names from below the root to here, as in ``layer0.neuron3``."""
        return ".".join(scope.name for scope in self.lineage[1:])


class SourceLine(NamedTuple):
    """A line of a program: its file, its number, and its text with the blanks it begins with."""

    file: str
    number: int
    text: str
