"""Discrete data: a choice lets no gradient through; ways to learn to choose nevertheless.

python -m demos.discrete_data
"""

import random
from collections import Counter
from math import log
from pathlib import Path

from autograd import Value, compile, softmax
from demos.claim import claim
from demos.naming_game import Game, N, largest, named
from demos.output_folder import output_path, say, shown
from demos.plotting import COLOURS, new_figure, save_figure
from demos.running import run_demo, try_next

STARTS, DRAWS, TEMPERATURE = 6, 4000, 1.0
LINES = ("-", "--", ":")


def argmax(logits: list[Value], rng: random.Random, local_derivative: float = 0.0) -> list[Value]:
    """Return 1 for the largest and 0 for the others, with the true local derivative: zero."""
    chosen = largest(logits)
    one_hot = [float(place == chosen) for place in range(N)]
    return [
        Value(y, parents=[p], local_derivatives=lambda out, p: local_derivative, op="largest?")
        for y, p in zip(one_hot, softmax(logits), strict=True)
    ]


def straight_through(logits: list[Value], rng: random.Random) -> list[Value]:
    """Return the same, but pretend that the local derivative is 1.

    Bengio, Léonard and Courville, Estimating or Propagating Gradients Through Stochastic Neurons
    for Conditional Computation, 2013.
    """
    return argmax(logits, rng, local_derivative=1.0)


def gumbel_softmax(logits: list[Value], rng: random.Random) -> list[Value]:
    """Return softmax((logits + noise) / TEMPERATURE), a random choice made smooth.

    With Gumbel's noise, -log(-log(u)), the largest is drawn with the probabilities softmax(logits)
    (Jang, Gu and Poole, 2017; Maddison, Mnih and Teh, 2017).
    """
    return softmax([(logit - log(-log(rng.random()))) / TEMPERATURE for logit in logits])


def nudge_a_choice() -> None:
    say(f"Act 1. A game: one names {N} things with {N} words, another learns what they mean. To")
    say("say a word is to choose. Nudge a logit, and the choice is the same as before.\n")
    game = Game(seed=0)
    logits = [logit for row in game.speaker for logit in row]
    before = game.loss(argmax)
    before.backward()
    gradients = [logit.grad for logit in logits]
    logits[0].data += 1e-4
    after = game.loss(argmax)
    game.loss(straight_through).backward()
    say(f"    loss {before.data:.9f}, and after the nudge {after.data:.9f}")
    claim("the loss has not changed at all", after.data == before.data)
    claim("so the speaker's gradients are all zero", gradients == [0.0] * (N * N))
    claim("straight-through gives it some nevertheless", any(logit.grad for logit in logits))


def draw_with_noise() -> None:
    rng = random.Random(0)
    logits = [Value(place / 3) for place in range(N)]
    drawn = Counter(largest(gumbel_softmax(logits, rng)) for _ in range(DRAWS))
    say(f"\nGumbel-softmax makes every word possible. The largest of {DRAWS} draws, and softmax:\n")
    say("    " + " ".join(f"{drawn[place] / DRAWS:5.2f}" for place in range(N)))
    say("    " + " ".join(f"{p.data:5.2f}" for p in softmax(logits)))
    errors = [abs(drawn[place] / DRAWS - p.data) for place, p in enumerate(softmax(logits))]
    claim("they agree to 0.03", max(errors) < 0.03)


def save_picture(games: dict[str, Game], losses: dict[str, list[float]]) -> Path:
    """Plot the losses by step, and who says what in the end of a game of each kind."""
    figure, axes = new_figure(2, 2, width=5.5, height=4.4)
    for panel, style, colour, name in zip(axes.flat[1:], LINES, COLOURS, games, strict=False):
        axes[0, 0].plot(losses[name], style, color=colour, label=name, linewidth=2.5)
        for thing, (word, right) in enumerate(games[name].words()):
            panel.plot(thing, word, "o" if right else "X", color=COLOURS[not right], markersize=14)
        panel.set(title=f"{name}: {named(games[name])} of {N}", xlabel="thing", ylabel="word")
        panel.set(xticks=range(N), yticks=range(N), ylim=(-0.5, N - 0.5))
        panel.grid(alpha=0.3)
    axes[0, 0].set(title="loss in training, mean of the starts", xlabel="step")
    axes[0, 0].legend()
    return save_figure(figure, output_path("discrete_data"))[0]


def main(backend: str = "eager", seed: int = 0, quick: bool = False) -> None:
    starts = range(seed, seed + (1 if quick else STARTS))
    if backend != "eager":
        compile(Game(seed=0).loss(argmax), backend=backend)  # raises: a choice has no forward rule
    nudge_a_choice()
    draw_with_noise()
    say(f"\nAct 2. Both learn, from {len(starts)} starts. How many things get their own name?\n")
    games, losses, share = {}, {}, {}
    for choose in (argmax, straight_through, gumbel_softmax):
        name = choose.__name__
        played = [Game(start) for start in starts]
        curves = [game.train(choose) for game in played]
        games[name], share[name] = played[0], named(*played) / (N * len(starts))
        losses[name] = [sum(step) / len(starts) for step in zip(*curves, strict=True)]
        say(f"    {name:16} {share[name]:4.0%}")
    say("\nWith argmax only the listener learns, and two things with one word stay so.\n")
    for name in ("straight_through", "gumbel_softmax"):
        claim(f"{name} names 10 points more than argmax", share[name] > share["argmax"] + 0.1)
    path = save_picture(games, losses)
    say(f"Look for two things with the same word; one of them is misunderstood (X): {shown(path)}")
    try_next(
        "TEMPERATURE = 0.1: is the choice sharper, and does it still learn?",
        "N = 4 in demos/naming_game.py: is argmax lucky more often?",
    )


if __name__ == "__main__":
    run_demo(main)
