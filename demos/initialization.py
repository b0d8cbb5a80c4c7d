"""What weights start from: equal ones stay equal, small nets get stuck, size decides in depth.

Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural
networks"; He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers".

python -m demos.initialization
"""

import random
from typing import Any

from autograd import Value, dot
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import COLOURS, new_figure, save_figure
from nn import MLP, Adam, Layer, calculate_gain, kaiming_normal, mse_loss, normal, xavier_normal

CORNERS = [[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]]
XOR = [-1.0, 1.0, 1.0, -1.0]
SEEDS = range(50)
HIDDEN = (2, 4, 8)
LEVELS = (0.0, 1 / 2, 2 / 3, 1.0)  # of the loss, where training ends

DEPTH, WIDTH, ROWS = 10, 40, 6
STARTS: dict[str, tuple[str, Any]] = {  # the activation, and what fills the weights
    "tanh, std 0.05": ("tanh", lambda w, rng: normal(w, std=0.05, rng=rng)),
    "tanh, Xavier": ("tanh", lambda w, rng: xavier_normal(w, calculate_gain("tanh"), rng=rng)),
    "relu, Xavier": ("relu", lambda w, rng: xavier_normal(w, rng=rng)),
    "relu, Kaiming": ("relu", lambda w, rng: kaiming_normal(w, nonlinearity="relu", rng=rng)),
    "relu, std 0.5": ("relu", lambda w, rng: normal(w, std=0.5, rng=rng)),
}
Profile = tuple[list[float], list[float]]  # by layer: mean squares of numbers, and of gradients


def learn_xor(model: MLP, steps: int = 100) -> float:
    """Train on the four corners; return the last loss."""
    optimizer = Adam(model.parameters(), lr=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = mse_loss(model.batch(CORNERS), XOR)
        loss.backward()
        optimizer.step()
    return float(loss.data)


def start_equal(weight: float) -> None:
    """Train four hidden neurons that start alike, and say how they end."""
    model = MLP(2, [4, 1], "tanh")
    for parameter in model.parameters():
        parameter.data = weight
    loss = learn_xor(model)
    first, *others = [[p.data for p in n.parameters()] for n in model.layers[0].neurons]
    numbers = ", ".join(f"{number:.3f}" for number in first)
    say(f"  all parameters {weight}: loss {loss:.3f}; every hidden neuron ends as {numbers}")
    alike = all(other == first for other in others)
    claim("the four neurons stayed equal to the last bit, and failed", alike and loss > 0.4)


def losses_of(hidden: int) -> list[float]:
    """Train a relu network for each seed, and say at which losses they end, sorted."""
    losses = sorted(learn_xor(MLP(2, [hidden, 1], "relu", rng=seed)) for seed in SEEDS)
    counts = [sum(abs(loss - level) < 0.05 for loss in losses) for level in LEVELS]
    say(f"  {hidden:14} {'  '.join(f'{count:4}' for count in counts)}")
    return losses


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
    say(f"  {start:16} {changes[0]:10.1e}  {changes[1]:10.1e}")
    return changes


def save_pictures(ends: dict[int, list[float]], profiles: dict[str, Profile]) -> list[Any]:
    """Draw the sorted last losses of XOR, and the mean squares by layer."""
    markers = ("o-", "s--", "^-.", "D-", "v:")
    figure, axes = new_figure(height=5)
    for (hidden, losses), colour, marks in zip(ends.items(), COLOURS, markers, strict=False):
        axes.plot(losses, marks, color=colour, label=f"{hidden} hidden neurons")
    axes.set(title="Where XOR gets stuck: 1/2 and 2/3", xlabel="network, the best first")
    axes.set(ylabel="last loss", ylim=(-0.05, 1.05))
    axes.legend()
    paths = save_figure(figure, output_path("initialization_xor"))
    figure, both = new_figure(2, height=5.5)
    for (start, profile), colour, marks in zip(profiles.items(), COLOURS, markers, strict=True):
        for axes, numbers in zip(both, profile, strict=True):
            axes.semilogy(numbers, marks, color=colour, label=start, linewidth=2)
    both[0].set(title="Numbers on the way forward", xlabel="layer", ylabel="mean square")
    both[1].set(title="Gradients on the way back", xlabel="layer", ylabel="mean square")
    both[0].legend(fontsize=12)
    return paths + save_figure(figure, output_path("initialization_depth"))


def main() -> None:
    say("1. Start all parameters alike: nothing ever tells the neurons apart. XOR, 100 steps:\n")
    for weight in (0.0, 0.5):
        start_equal(weight)

    say("\n2. Random weights tell them apart, but XOR is not learnt from every start. How many of")
    say("50 relu networks end at which loss? At 0 all corners are right. At 1/2, 2/3 and 1, two,")
    say("three or all four share one output, the mean of their targets, and no small step helps.\n")
    say(f"  hidden neurons {'  '.join(f'{level:4.2f}' for level in LEVELS)}")
    ends = {hidden: losses_of(hidden) for hidden in HIDDEN}
    near = [min(abs(loss - at) for at in LEVELS) for losses in ends.values() for loss in losses]
    claim("every network ended within 0.05 of one of these losses", max(near) < 0.05)
    learnt = [sum(loss < 0.05 for loss in losses) for losses in ends.values()]
    claim("the more neurons, the more networks learn", learnt == sorted(set(learnt)))

    say(
        "\n3. In depth, the size of the weights decides. How do mean squares change in 10 layers of"
    )
    say("40 neurons, those of the numbers forward, and those of the gradients back?\n")
    say("                      forward        back")
    profiles = {start: profile_of(start) for start in STARTS}
    changes = {start: changes_of(start, profile) for start, profile in profiles.items()}
    kept = changes["relu, Kaiming"] + changes["tanh, Xavier"]
    claim("Kaiming with relu, and Xavier with tanh, keep them within a factor of 20", all(
        1 / 20 < change < 20 for change in kept
    ))  # fmt: skip
    halved = max(changes["relu, Xavier"])
    claim(
        "relu sets half the numbers to 0; Xavier ignores it, down to a 50th or less", halved < 0.02
    )
    fading, growing = max(changes["tanh, std 0.05"]), min(changes["relu, std 0.5"])
    claim("too small fades below 1e-6, too large grows beyond 1e4", fading < 1e-6 < 1e4 < growing)
    say("\nLook at the steps where networks are stuck, and at which lines stay level:")
    for path in save_pictures(ends, profiles):
        say(f"    {shown(path)}")


if __name__ == "__main__":
    main()
