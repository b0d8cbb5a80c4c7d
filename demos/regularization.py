"""A network learns 24 noisy points by heart; three ways to make it learn the moons instead.

python -m demos.regularization
"""

import random
from typing import Any, NamedTuple

from demos.claim import claim
from demos.data import make_moons
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, ORANGE, new_figure, save_figure
from demos.running import run_demo
from nn import AdamW, Dropout, EarlyStopping, History, Layer, Module, Sequential, fit
from nn import binary_cross_entropy_with_logits as loss_of

EPOCHS = 80
NOISE = 0.35  # so the moons overlap: a boundary through their middle is the best there is
Data = tuple[list[list[float]], list[int]]


class Remedy(NamedTuple):
    """What is done against learning by heart."""

    name: str
    p_dropout: float = 0.0
    weight_decay: float = 0.0
    patience: int = EPOCHS  # epochs without progress in validation that are put up with


REMEDIES = (
    Remedy("nothing"),
    Remedy("dropout", p_dropout=0.5),  # Srivastava et al., 2014
    Remedy("weight decay", weight_decay=1.0),  # Krogh and Hertz, 1991
    Remedy("early stopping", patience=15),  # Prechelt, 1998
)


class Outcome(NamedTuple):
    """The loss on points trained on, on points never used, and the epochs between."""

    training: float
    test: float
    history: History

    @property
    def gap(self) -> float:
        return self.test - self.training


def moons(n: int, seed: int) -> Data:
    points, classes = make_moons(n, noise=NOISE, seed=seed)
    return [[x, y] for x, y in points], [int(c > 0) for c in classes]


def network(p_dropout: float, seed: int) -> Sequential:
    """Return a 2-24-24-1 network: 697 parameters for 24 points, enough to remember each."""
    rng = random.Random(seed)
    parts: list[Module] = []
    for n_inputs in (2, 24):
        parts += [Layer(n_inputs, 24, "relu", rng=rng), Dropout(p_dropout, rng=rng)]
    return Sequential(*parts, Layer(24, 1, "linear", rng=rng))


def train(remedy: Remedy, seed: int = 1, backend: str = "eager") -> Outcome:
    """Train on 24 points; 40 others say when to stop, and the last 200 judge.

    Dropout, which drops others for each point, is always trained by the engine itself.
    """
    training, validation, test = moons(24, seed), moons(40, seed + 100), moons(200, seed + 200)
    model = network(remedy.p_dropout, seed)
    optimizer = AdamW(model.parameters(), lr=0.01, weight_decay=remedy.weight_decay)
    stopping = EarlyStopping(model, remedy.patience) if remedy.patience < EPOCHS else None
    history = fit(
        model, *training, loss=loss_of, optimizer=optimizer, epochs=EPOCHS, batch_size=8,
        validation=validation, early_stopping=stopping,
        backend="eager" if remedy.p_dropout else backend,
    )  # fmt: skip
    losses = [float(loss_of(model.batch(rows), targets).data) for rows, targets in (training, test)]
    return Outcome(losses[0], losses[1], history)


def plot(axes: Any, remedy: Remedy, outcome: Outcome) -> None:
    history = outcome.history
    axes.plot(history["epoch"], history["loss"], color=BLUE, linewidth=2, label="training")
    axes.plot(history["epoch"], history["val_loss"], color=ORANGE, linewidth=2, linestyle="--",
              label="validation")  # fmt: skip
    if history.ended_by == "early stopping":
        axes.axvline(history.best, color="#111111", linestyle=":", label="weights kept")
    axes.set(title=f"{remedy.name}: test gap {outcome.gap:.2f}", xlim=(0, EPOCHS), ylim=(0, 1.5),
             xlabel="epoch", ylabel="loss")  # fmt: skip
    axes.legend(loc="upper center", fontsize=12)  # where no curve comes
    axes.grid(alpha=0.3)


def main(backend: str = "eager") -> None:
    say(
        "697 parameters and 24 points: such a network can learn each point by heart, noise and all."
    )
    say("The gap between its loss on these and on 200 points it never saw tells whether it did.\n")
    if backend != "eager":
        say("Dropout drops others for each point, and trains on graphs all the same.\n")
    say("                  loss: training    test     gap")
    outcomes = {}
    for remedy in REMEDIES:
        outcomes[remedy.name] = outcome = train(remedy, backend=backend)
        say(f"    {remedy.name:16} {outcome.training:11.3f} {outcome.test:7.3f} {outcome.gap:7.3f}")
    figure, axes = new_figure(2, 2, width=6.5, height=4)
    for panel, remedy in zip(axes.flat, REMEDIES, strict=True):
        plot(panel, remedy, outcomes[remedy.name])
    path = save_figure(figure, output_path("regularization"))[0]
    say("\nDropout hides half of the neurons at each step, so that none relies on one other;")
    say("weight decay pulls every weight to zero; early stopping keeps the weights of the best")
    say("epoch. The curves are of the 24 points and of 40 others, to validate on. Look at where")
    say(f"the dashed line turns up, and how steeply: {shown(path)}\n")
    nothing = outcomes.pop("nothing")
    by_heart = nothing.test > 3 * nothing.training
    claim("without a remedy the loss is three times as large on new points", by_heart)
    for name, outcome in outcomes.items():
        claim(f"{name} takes 15 % off the gap or more", outcome.gap < 0.85 * nothing.gap)
        claim(f"and the network is better on new points with {name}", outcome.test < nothing.test)
    narrowest = min(outcome.gap for outcome in outcomes.values())
    claim("the best of the three more than halves it", narrowest < nothing.gap / 2)


if __name__ == "__main__":
    run_demo(main)
