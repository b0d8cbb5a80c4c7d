"""Where a node was made: in a model, so that pictures fold by layer; and in a program."""

from contextvars import ContextVar
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


class GroupScope(Scope):
    """The place of nodes made within ``with group(name):``."""

    __slots__ = ()


class Call:
    """One call of a module: its scope, and the call it happened inside of (None for the first).

    A node is marked with the call that made it, a parameter with the scope of its module: rows of a
    batch and steps in time are many calls of one module. Its name, path and lineage are the
    module's.
    """

    __slots__ = ("around", "scope")

    def __init__(self, scope: Scope, around: "Call | None" = None) -> None:
        self.scope = scope
        self.around = around

    @property
    def name(self) -> str:
        return self.scope.name

    @property
    def path(self) -> str:
        return self.scope.path

    @property
    def lineage(self) -> tuple[Scope, ...]:
        return self.scope.lineage

    @property
    def calls(self) -> "tuple[Call, ...]":
        """The calls from the outermost to this one."""
        outwards = [self]
        while outwards[-1].around is not None:
            outwards.append(outwards[-1].around)
        return tuple(reversed(outwards))


# The innermost call, or group, that is running; each thread has its own.
current_call: ContextVar[Call | None] = ContextVar("current_call", default=None)


class SourceLine(NamedTuple):
    """A line of a program: its file, its number, and its text with the blanks it begins with."""

    file: str
    number: int
    text: str
