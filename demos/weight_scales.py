"""The size of first weights: in depth, too small ones fade out, and too large ones explode.

Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural
networks"; He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers".

python -m demos.weight_scales
"""

import random
from typing import Any

from autograd import Value, dot
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import COLOURS, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import Layer, calculate_gain, kaiming_normal, normal, xavier_normal

DEPTH, WIDTH, ROWS = 10, 40, 6
TANH_GAIN = calculate_gain("tanh")
STARTS: dict[str, tuple[str, Any]] = {  # the activation, and what fills the weights
    "tanh, std 0.05": ("tanh", lambda w, rng: normal(w, std=0.05, rng=rng)),
    "tanh, Xavier × 5/3": (
        "tanh",
        lambda w, rng: xavier_normal(w, calculate_gain("tanh"), rng=rng),
    ),
    "relu, Xavier": ("relu", lambda w, rng: xavier_normal(w, rng=rng)),
    "relu, Kaiming": ("relu", lambda w, rng: kaiming_normal(w, nonlinearity="relu", rng=rng)),
    "relu, std 0.5": ("relu", lambda w, rng: normal(w, std=0.5, rng=rng)),
}
Profile = tuple[list[float], list[float]]  # by layer: mean squares of numbers, and of gradients


def mean_square(rows: Any) -> float:
    return float(sum(number**2 for row in rows for number in row) / sum(map(len, rows)))


def profile_of(start: str, seed: int = 0) -> Profile:
    """Send random rows forward through DEPTH layers, and random gradients back."""
    activation, fill = STARTS[start]
    rng = random.Random(seed)
    reached = [[[Value(rng.gauss(0, 1)) for _ in range(WIDTH)] for _ in range(ROWS)]]
    for _ in range(DEPTH):
        layer = Layer(WIDTH, WIDTH, activation)
        fill(layer.weight, rng)
        reached.append(layer.batch(reached[-1]))
    outputs = [output for row in reached[-1] for output in row]
    dot([rng.gauss(0, 1) for _ in outputs], outputs).backward()
    forward = [mean_square([[v.data for v in row] for row in rows]) for rows in reached]
    backward = [mean_square([[v.grad for v in row] for row in rows]) for rows in reached]
    return forward, backward


def changes_of(start: str, profile: Profile) -> tuple[float, float]:
    """Say and return by what factor the mean squares change, over all layers, either way."""
    forward, backward = profile
    changes = forward[-1] / forward[0], backward[0] / backward[-1]
    say(f"  {start:18} {changes[0]:10.1e}  {changes[1]:10.1e}")
    return changes


def save_picture(profiles: dict[str, Profile]) -> None:
    """Draw the mean squares by layer."""
    figure, both = new_figure(2, height=5.5)
    markers = ("o-", "s--", "^-.", "D-", "v:")
    for (start, profile), colour, marks in zip(profiles.items(), COLOURS, markers, strict=True):
        for axes, numbers in zip(both, profile, strict=True):
            axes.semilogy(numbers, marks, color=colour, label=start, linewidth=2)
    both[0].set(title="Numbers on the way forward", xlabel="layer", ylabel="mean square")
    both[1].set(title="Gradients on the way back", xlabel="layer", ylabel="mean square")
    both[0].legend(fontsize=12)
    path = save_figure(figure, output_path("weight_scales"))[0]
    say(f"\nLook at which lines stay level, in both directions: {shown(path)}")


def main(seed: int = 0) -> None:
    say("Random rows go forward through 10 layers of 40 neurons, random gradients back. By what")
    say("factor do their mean squares change?\n")
    say("                        forward        back")
    profiles = {start: profile_of(start, seed) for start in STARTS}
    changes = {start: changes_of(start, profile) for start, profile in profiles.items()}
    say("\nXavier's weights are about 1/√n, so that a sum of n products keeps its size. Then comes")
    say("an activation that makes it smaller, and a gain makes up for it: 5/3 for tanh, found by")
    say("trial, and √2 for relu, which sets half of the numbers to zero: that is Kaiming.\n")
    kept = changes["relu, Kaiming"] + changes["tanh, Xavier × 5/3"]
    within = all(1 / 20 < change < 20 for change in kept)
    claim("relu with the gain √2, tanh with 5/3: within a factor of 20, either way", within)
    claim("relu without a gain: down to a 50th or less", max(changes["relu, Xavier"]) < 0.02)
    fading, growing = max(changes["tanh, std 0.05"]), min(changes["relu, std 0.5"])
    claim("too small fades below 1e-6, too large grows beyond 1e4", fading < 1e-6 < 1e4 < growing)
    save_picture(profiles)
    try_next(
        "tanh without the gain: xavier_normal(w, rng=rng). How far does it fade in ten layers?",
        "python -m demos.vanishing_gradients: what norms do for weights that start badly",
    )


if __name__ == "__main__":
    run_demo(main)
