"""Attention: look a value up under its key, which a network without it learns only by heart.

python -m demos.attention
"""

import random
from math import sqrt
from pathlib import Path
from typing import Any

from autograd import Value, dot, softmax
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import MLP, Adam, Layer, Module, accuracy, cross_entropy, fit

KEYS, DIGITS = "ABCDEFGH", "01234"
N_BOXES, N_QUESTIONS = 5, 300
SIZE = 8  # of a query and of a key

Box = tuple[str, str]  # the key on it, and the digit inside
Question = tuple[str, list[Box]]  # the key that is asked for, and the boxes on the shelf


def ask(n: int, n_boxes: int, rng: random.Random) -> tuple[list[Question], list[int]]:
    """Return ``n`` questions, each to a shelf of boxes with different keys, and the answers."""
    questions, answers = [], []
    for _ in range(n):
        shelf = [(key, rng.choice(DIGITS)) for key in rng.sample(KEYS, n_boxes)]
        key, digit = rng.choice(shelf)
        questions.append((key, shelf))
        answers.append(DIGITS.index(digit))
    return questions, answers


def one_hot(symbol: str, alphabet: str) -> list[Value]:
    return [Value(float(symbol == other)) for other in alphabet]


def as_numbers(box: Box) -> list[Value]:
    return one_hot(box[0], KEYS) + one_hot(box[1], DIGITS)


class Attention(Module):
    """Scaled dot-product attention (Vaswani et al., Attention Is All You Need, 2017), one head.

    Each box offers a key and a value, the question makes a query. The more a box's key agrees with
    the query, the more of its value is in the output:

        weights = softmax(query·key / √SIZE), over the boxes        output = Σ weight × value

    The same three layers serve every box, so a shelf can be of any length, in any order.
    """

    def __init__(self, *, rng: int) -> None:
        self.query = Layer(len(KEYS), SIZE, "linear", rng=rng)
        self.key = Layer(len(KEYS + DIGITS), SIZE, "linear", rng=rng + 1)
        self.value = Layer(len(KEYS + DIGITS), len(DIGITS), "linear", rng=rng + 2)

    def weights(self, question: Question) -> list[Value]:
        """Return how much of its attention each box gets; they sum to 1."""
        asked, shelf = question
        query = self.query(one_hot(asked, KEYS))
        keys = [self.key(as_numbers(box)) for box in shelf]
        return softmax([dot(query, key) / sqrt(SIZE) for key in keys])

    def forward(self, question: Question) -> Any:
        """Return a logit for each digit."""
        _, shelf = question
        weights = self.weights(question)
        values = [self.value(as_numbers(box)) for box in shelf]
        return [dot(weights, components) for components in zip(*values, strict=True)]


class Perceptron(Module):
    """A multilayer perceptron that sees the question and all boxes side by side."""

    def __init__(self, rng: int) -> None:
        n_inputs = len(KEYS) + N_BOXES * len(KEYS + DIGITS)
        self.mlp = MLP(n_inputs, [16, len(DIGITS)], rng=rng)

    def forward(self, question: Question) -> Any:
        """Return a logit for each digit."""
        asked, shelf = question
        return self.mlp(one_hot(asked, KEYS) + [x for box in shelf for x in as_numbers(box)])


def share_right(model: Module, questions: list[Question], answers: list[int]) -> float:
    return accuracy(model.batch(questions), answers)


def on_the_box_asked_for(attention: Attention, question: Question) -> Any:
    """Return the weight of the box whose key is asked for."""
    asked, shelf = question
    return attention.weights(question)[[key for key, _ in shelf].index(asked)].data


def save_maps(models: dict[str, Attention], shelf: list[Box]) -> Path:
    """Plot the weights of all boxes, row by row for each question."""
    figure, axes = new_figure(len(models), width=6.5, height=5.6)
    places, rows = range(len(shelf)), [KEYS.index(key) for key, _ in shelf]
    for panel, (title, model) in zip(axes, models.items(), strict=True):
        weights = [[w.data for w in model.weights((asked, shelf))] for asked in KEYS]
        image = panel.imshow(weights, vmin=0, vmax=1, cmap="Blues")
        panel.scatter(places, rows, s=900, marker="s", c="none", edgecolors=ORANGE, linewidths=3)
        panel.set_xticks(places, [f"{key}\n{digit}" for key, digit in shelf])
        panel.set_yticks(range(len(KEYS)), KEYS)
        panel.set(title=title, xlabel="boxes: key and digit", ylabel="asked for")
        figure.colorbar(image, ax=panel, fraction=0.046, label="attention")
    return save_figure(figure, output_path("attention"))[0]


def main(backend: str = "eager", seed: int = 0, quick: bool = False) -> None:
    rng = random.Random(seed)
    learned, new = ask(N_QUESTIONS, N_BOXES, rng), ask(N_QUESTIONS, N_BOXES, rng)
    longer = ask(N_QUESTIONS, len(KEYS), rng)
    asked, shelf = learned[0][0]
    say(f"A shelf:   {'  '.join(key + ':' + digit for key, digit in shelf)}")
    say(f"Question:  what is in {asked}?   Answer: {dict(shelf)[asked]}. Guessing: 20 % right.\n")
    untrained, attention, perceptron = Attention(rng=seed), Attention(rng=seed), Perceptron(seed)
    say(f"{N_QUESTIONS} questions to learn from, {N_QUESTIONS} new ones as a test:")
    for model, epochs in ((perceptron, 1 if quick else 15), (attention, 2 if quick else 6)):
        optimizer = Adam(model.parameters(), lr=0.02)
        fit(
            model, *learned, loss=cross_entropy, optimizer=optimizer, epochs=epochs, backend=backend
        )
        size = f"{type(model).__name__:10} {len(model.parameters()):5} parameters"
        old_right, new_right = share_right(model, *learned), share_right(model, *new)
        say(f"    {size}   learned {old_right:4.0%}   new {new_right:4.0%}")
    on_longer = share_right(attention, *longer)
    weight = sum(on_the_box_asked_for(attention, question) for question in new[0]) / N_QUESTIONS
    say(f"    attention on shelves of {len(KEYS)} boxes, new to it: {on_longer:.0%}")
    say("The perceptron has other weights for each place on the shelf: it learns shelves by heart.")
    say(f"Attention gives {weight:.0%} of its weight to the box asked for.\n")
    claim("attention answers 95 % of the new questions", share_right(attention, *new) > 0.95)
    claim("the perceptron, five times as large, not even 60 %", share_right(perceptron, *new) < 0.6)
    claim("longer shelves are no harder for attention: 95 % again", on_longer > 0.95)
    claim("80 % of its weight is on the box asked for", weight > 0.8)
    path = save_maps({"before training": untrained, "after training": attention}, longer[0][0][1])
    say(f"Each row is a question; the box it asks for is framed: {shown(path)}")
    try_next(
        "N_BOXES = 7: which of the two suffers, and does more training help?",
        "SIZE = 1: can a key of one number be told from seven others?",
    )


if __name__ == "__main__":
    run_demo(main)
