"""A game of two: one names things, the other learns what the names mean."""

import random
from collections.abc import Callable
from typing import Any

from autograd import Value, dot
from nn import Adam, cross_entropy, normal

N = 8  # things to talk about, and words for them
STEPS = 200

Table = list[list[Value]]
Choice = Callable[[list[Value], random.Random], list[Value]]  # from N logits to a row, 1 for one


def random_table(rng: random.Random) -> Table:
    return [normal([Value(0.0) for _ in range(N)], rng=rng) for _ in range(N)]


def product(row: list[Any], table: Table) -> list[Value]:
    """Return row·table: each of its numbers is the dot product with a column."""
    return [dot(row, column) for column in zip(*table, strict=True)]


def largest(numbers: list[Value]) -> int:
    return max(range(N), key=lambda place: numbers[place].data)


class Game:
    """A speaker sees a thing and says one word; the listener hears it and guesses the thing.

    Each is a table: for every thing the logits of words, for every word the logits of things.
    """

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.speaker, self.listener = random_table(self.rng), random_table(self.rng)

    def loss(self, choose: Choice) -> Any:
        """Return the cross-entropy of the guesses, one for each thing."""
        words = [choose(logits, self.rng) for logits in self.speaker]
        return cross_entropy([product(word, self.listener) for word in words], list(range(N)))

    def train(self, choose: Choice) -> list[float]:
        """Return the losses by step."""
        optimizer = Adam([logit for row in self.speaker + self.listener for logit in row], lr=0.1)
        losses = []
        for _ in range(STEPS):
            optimizer.zero_grad()
            loss = self.loss(choose)
            loss.backward()
            optimizer.step()
            losses.append(loss.data)
        return losses

    def words(self) -> list[tuple[int, bool]]:
        """Return for each thing its likeliest word, and whether the listener takes it for that."""
        said = [largest(logits) for logits in self.speaker]
        return [(word, largest(self.listener[word]) == thing) for thing, word in enumerate(said)]


def named(*games: Game) -> int:
    """Return how many things have a name that is understood."""
    return sum(right for game in games for _, right in game.words())
