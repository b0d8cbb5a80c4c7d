"""A pole on a cart: a policy learns to balance it from nothing but how long it stayed up.

REINFORCE with a baseline (Williams, 1992).

python -m demos.policy_gradient
"""

import random
from math import sqrt
from statistics import mean, variance
from typing import Any

from autograd import Value, dot, gradients, sigmoid
from demos.claim import claim
from demos.extras import imports_from
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, ORANGE, new_figure, save_figure
from demos.running import run_demo
from nn import MLP, Adam, binary_cross_entropy_with_logits

with imports_from("policy"):
    import gymnasium

LONGEST = 200  # steps of an episode; a reward of 1 for each step that the pole stays up
UPDATES = 40
EPISODES = 5  # played for each update
SEEDS = (1, 2)


Episode = tuple[list[Value], list[int]]  # what the policy said at each step, and what was done


def play(world: Any, policy: MLP, rng: random.Random) -> Episode:
    """Let the policy act: it pushes right with probability sigmoid(logit), else left."""
    observation, _ = world.reset(seed=rng.randrange(2**31))
    logits, actions = [], []
    over = False
    while not over:
        logit = policy([float(number) for number in observation])  # place, speed, angle, its speed
        action = int(rng.random() < sigmoid(logit.data))
        observation, _, fallen, too_long, _ = world.step(action)
        over = fallen or too_long
        logits.append(logit)
        actions.append(action)
    return logits, actions


def surrogate(episodes: list[Episode], with_baseline: bool) -> Value:
    """Return a loss whose gradient points, on average, against that of the expected return.

    It is -log p(action) × (return from here on - baseline), averaged over all steps: what went
    better than the baseline becomes more likely, what went worse less. The baseline, the mean of
    all returns, hardly moves the average of this gradient, but takes away much of its noise.
    """
    logits = [logit for said, _ in episodes for logit in said]
    actions = [action for _, done in episodes for action in done]
    to_go = [len(done) - step for _, done in episodes for step in range(len(done))]
    baseline = mean(to_go) if with_baseline else 0.0
    surprises = binary_cross_entropy_with_logits(logits, actions, reduction="none")  # -log p(a)
    advantages = [(g - baseline) / LONGEST for g in to_go]
    loss: Value = dot(advantages, surprises) / len(surprises)
    return loss


def setting(seed: int) -> tuple[Any, MLP, random.Random]:
    """Return the world, a policy that knows nothing yet, and what draws its actions."""
    world = gymnasium.make("CartPole-v1", max_episode_steps=LONGEST)
    return world, MLP(4, [8, 1], "tanh", rng=seed), random.Random(seed)


def noise(with_baseline: bool, seed: int, draws: int = 30) -> float:
    """Return the noise of the first gradient, from draw to draw, relative to its length."""
    world, policy, rng = setting(seed)
    drawn = []
    for _ in range(draws):
        episodes = [play(world, policy, rng) for _ in range(EPISODES)]
        drawn.append(gradients(surrogate(episodes, with_baseline), policy.parameters()))
    world.close()
    spread = sum(variance(column) for column in zip(*drawn, strict=True))
    return sqrt(spread / sum(mean(column) ** 2 for column in zip(*drawn, strict=True)))


def learn(with_baseline: bool, seed: int = 0) -> list[int]:
    """Return the length of every episode played, in order."""
    world, policy, rng = setting(seed)
    optimizer = Adam(policy.parameters(), lr=0.06)
    lengths = []
    for _ in range(UPDATES):
        episodes = [play(world, policy, rng) for _ in range(EPISODES)]
        lengths += [len(actions) for _, actions in episodes]
        optimizer.zero_grad()
        surrogate(episodes, with_baseline).backward()
        optimizer.step()
    world.close()
    return lengths


def smooth(lengths: list[int], window: int = 20) -> list[float]:
    """Return the mean of the last ``window`` episodes, after each."""
    return [mean(lengths[max(0, k - window) : k]) for k in range(1, len(lengths) + 1)]


def plot(curves: dict[bool, list[list[int]]]) -> None:
    figure, axes = new_figure(width=9, height=5.5)
    for with_baseline, colour, line in ((True, BLUE, "-"), (False, ORANGE, "--")):
        name = "with" if with_baseline else "without"
        for seed, lengths in zip(SEEDS, curves[with_baseline], strict=True):
            axes.plot(smooth(lengths), color=colour, linestyle=line, linewidth=1.5 * seed,
                      label=f"{name} baseline, seed {seed}")  # fmt: skip
    axes.set(title="From a few steps to 200", xlabel="episode", ylim=(0, LONGEST + 5),
             ylabel="steps upright, mean of 20 episodes")  # fmt: skip
    axes.legend()
    axes.grid(alpha=0.3)
    path = save_figure(figure, output_path("policy_gradient"))[0]
    say("\nSolid lines have the baseline. Two seeds prove little; the noise says why it helps:")
    say(f"    {shown(path)}\n")


def main() -> None:
    say("The cart is pushed left or right; the episode ends when the pole falls, or after")
    say(f"{LONGEST} steps. Nobody tells which push was right, and no derivative passes through the")
    say("world. But log p(action) has one: make likelier what was followed by a long life.\n")
    noises, curves = {}, {}
    for with_baseline, name in ((True, "with baseline"), (False, "without")):
        noises[with_baseline] = [noise(with_baseline, seed) for seed in SEEDS]
        curves[with_baseline] = [learn(with_baseline, seed) for seed in SEEDS]
        found = noises[with_baseline], curves[with_baseline]
        for seed, level, steps in zip(SEEDS, *found, strict=True):
            first, last = mean(steps[:25]), mean(steps[-25:])
            told = f"noise {level:.1f} × gradient; {first:.0f} → {last:.0f} steps"
            say(f"    {name:13} seed {seed}: {told}")
    plot(curves)
    claim("the baseline takes noise off the gradient", sum(noises[True]) < 0.9 * sum(noises[False]))
    for seed, steps in zip(SEEDS, curves[True], strict=True):
        learned_it = mean(steps[-25:]) > 3 * mean(steps[:25])
        claim(f"seed {seed}: the pole stays up three times as long", learned_it)


if __name__ == "__main__":
    run_demo(main)
