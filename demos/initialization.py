"""What weights start from: equal ones stay equal, and from some starts XOR is never learnt.

python -m demos.initialization
"""

from demos.batch_loss import batch_loss
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import COLOURS, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import MLP, Adam, mse_loss

CORNERS = [[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]]
XOR = [-1.0, 1.0, 1.0, -1.0]
HIDDEN = (2, 4, 8)
LEVELS = (0.0, 1 / 2, 2 / 3, 1.0)  # of the loss, where training ends


def learn_xor(model: MLP, backend: str, steps: int = 100) -> float:
    """Train on the four corners; return the last loss."""
    optimizer = Adam(model.parameters(), lr=0.1)
    loss_of, last = batch_loss(model, mse_loss, CORNERS, XOR, backend), 0.0
    for _ in range(steps):
        optimizer.zero_grad()
        last = loss_of(range(len(CORNERS)))
        optimizer.step()
    return last


def start_equal(weight: float, backend: str) -> None:
    """Train four hidden neurons that start alike, and say how they end."""
    model = MLP(2, [4, 1], "tanh")
    for parameter in model.parameters():
        parameter.data = weight
    loss = learn_xor(model, backend)
    first, *others = [[p.data for p in n.parameters()] for n in model.layers[0].neurons]
    numbers = ", ".join(f"{number:.3f}" for number in first)
    say(f"  all parameters {weight}: loss {loss:.3f}; every hidden neuron ends as {numbers}")
    alike = all(other == first for other in others)
    claim("the four neurons stayed equal to the last bit, and failed", alike and loss > 0.4)


def count(losses: list[float], level: float) -> int:
    return sum(abs(loss - level) < 0.05 for loss in losses)


def losses_of(hidden: int, seeds: range, backend: str) -> list[float]:
    """Train a relu network for each seed, and say at which losses they end."""
    models = [MLP(2, [hidden, 1], "relu", rng=seed) for seed in seeds]
    losses = [learn_xor(model, backend) for model in models]
    counts = [count(losses, level) for level in LEVELS]
    say(f"  {hidden:14} {'  '.join(f'{count:4}' for count in counts)}")
    return losses


def save_picture(ends: dict[int, list[float]]) -> None:
    """Draw how many networks of each width end at which loss, stacked."""
    figure, axes = new_figure(width=8, height=4.5)
    left = [0] * len(ends)
    names = [f"{hidden} hidden" for hidden in ends]
    for level, colour, hatch in zip(LEVELS, COLOURS, ("", "//", "..", "xx"), strict=False):
        counts = [count(losses, level) for losses in ends.values()]
        axes.barh(names, counts, left=left, color=colour, hatch=hatch, edgecolor="white",
                  label=f"{level:.2f}")  # fmt: skip
        for row, (start, n) in enumerate(zip(left, counts, strict=True)):
            if n:
                box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
                axes.text(start + n / 2, row, n, ha="center", va="center", bbox=box)
        left = [start + n for start, n in zip(left, counts, strict=True)]
    axes.set(title="Where the networks end on XOR", xlabel="networks")
    axes.legend(title="last loss", ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.18))
    path = save_figure(figure, output_path("initialization"))[0]
    say(f"\nLook at how the learnt part grows from bar to bar: {shown(path)}")


def main(backend: str = "eager", seed: int = 0, quick: bool = False) -> None:
    seeds = range(seed, seed + (10 if quick else 50))
    say("1. Start all parameters alike: nothing ever tells the neurons apart. XOR, 100 steps:\n")
    for weight in (0.0, 0.5):
        start_equal(weight, backend)

    say("\n2. Random weights tell them apart, but XOR is not learnt from every start. How many of")
    say(
        f"{len(seeds)} relu networks end at which loss? At 0 all corners are right. At 1/2, 2/3 and"
    )
    say("1, two, three or all four share one output, the mean of their targets: no small step")
    say("helps.\n")
    say(f"  hidden neurons {'  '.join(f'{level:4.2f}' for level in LEVELS)}")
    ends = {hidden: losses_of(hidden, seeds, backend) for hidden in HIDDEN}
    near = [min(abs(loss - at) for at in LEVELS) for losses in ends.values() for loss in losses]
    claim("every network ended within 0.05 of one of these losses", max(near) < 0.05)
    learnt = [sum(loss < 0.05 for loss in losses) for losses in ends.values()]
    claim("the more neurons, the more networks learn", learnt == sorted(set(learnt)))
    save_picture(ends)
    try_next(
        '"tanh" instead of "relu" in losses_of: where do those networks end?',
        "steps=1000 in learn_xor: does patience help a network that is stuck?",
    )


if __name__ == "__main__":
    run_demo(main)
