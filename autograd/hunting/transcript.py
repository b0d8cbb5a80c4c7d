"""The line of a hunt that was won: what was found, at what cost, for a teacher to verify."""

import re
from dataclasses import dataclass

from autograd.errors import DomainError, ExpressionError, HuntError
from autograd.hunting.engines import shows_bug
from autograd.hunting.language import read_graph, size
from autograd.hunting.levels import (
    CHOICES,
    Bug,
    choices_for,
    chosen_bug,
    chosen_level,
    normal_seed,
)
from autograd.value import Value
from autograd.wording import printable, word

FULL = 100
HINT_COSTS = 20
WRONG_COSTS = 20  # five wrong guesses of six leave nothing
NODE_COSTS = 10
HINTS = 3
LONGEST_LINE = 1500
LINE = re.compile(
    r"hunt \| level (\d{1,3}) \| seed (.*?) \| bug (\d) \| hints (\d) \| wrong (\d{1,4})"
    r" \| graph ([^|]+) \| score (\d{1,3})"
)


def points(hints: int, wrong: int, extra_nodes: int) -> int:
    """Return the score: of 100, less what hints, wrong guesses and nodes too many cost."""
    costs = HINT_COSTS * hints + WRONG_COSTS * wrong + NODE_COSTS * extra_nodes
    return max(0, FULL - costs)


def points_with(graph: Value, bug: Bug, hints: int, wrong: int) -> int:
    """Return the score of who finds ``bug`` with ``graph``: nodes more than the fewest cost."""
    return points(hints, wrong, max(0, size(graph) - bug.nodes))


@dataclass(frozen=True)
class Transcript:
    """What a hunter did, in a line: ``hunt | level 3 | seed ada | bug 2 | … | score 80``."""

    level: int
    seed: str
    bug: int
    hints: int
    wrong: int
    graph: str
    score: int

    def __str__(self) -> str:
        return (
            f"hunt | level {self.level} | seed {self.seed} | bug {self.bug} | hints {self.hints}"
            f" | wrong {self.wrong} | graph {self.graph} | score {self.score}"
        )


def read_line(line: str) -> Transcript:
    """Return a line as a transcript; raises HuntError for what is not one."""
    text = " ".join(line.split()) if len(line) <= LONGEST_LINE else line[:60]
    found = LINE.fullmatch(text.replace("| seed |", "| seed  |"))
    if not found:
        raise HuntError(
            f"{printable(text)[:60]!r} is not the line of a hunt: hunt | level … | score …"
        )
    level, seed, bug, hints, wrong, graph, score = found.groups()
    return Transcript(int(level), seed, int(bug), int(hints), int(wrong), graph, int(score))


def verify(line: str) -> str:
    """Play a line again and return in words what it proves; raises HuntError if it is wrong.

    It proves that the bug and the graph are right for that level and name, and that the score
    follows. It cannot prove who played, or that no other hints and guesses came before.
    """
    told = read_line(line)
    level, seed = chosen_level(told.level, told.seed), normal_seed(told.seed)
    bug = chosen_bug(level, seed)
    if not 1 <= told.bug <= CHOICES or choices_for(bug, level, seed)[told.bug - 1] != bug.mutant:
        raise HuntError(f"bug {told.bug} is not the one of level {level} and seed {seed!r}")
    if told.hints > HINTS:
        raise HuntError(f"hints {told.hints}: there are {HINTS}")
    try:
        graph = read_graph(told.graph)
    except (ExpressionError, DomainError) as error:
        raise HuntError(f"the graph cannot be read: {error}") from error
    if not shows_bug(bug.mutant.name, graph):
        raise HuntError(f"the graph {told.graph} does not show the bug")
    score = points_with(graph, bug, told.hints, told.wrong)
    if score != told.score:
        raise HuntError(f"the score {told.score} does not follow: it is {score}")
    return word("verified", level=level, seed=seed or "–", score=score)
