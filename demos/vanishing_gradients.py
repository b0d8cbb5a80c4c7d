"""What keeps numbers and gradients in size through many layers: first weights, activations, norms.

Bengio, Simard and Frasconi (1994), "Learning long-term dependencies with gradient descent is
difficult"; Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward
neural networks"; He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers"; Ioffe and Szegedy
(2015), "Batch normalization"; Ba, Kiros and Hinton (2016), "Layer normalization".

python -m demos.vanishing_gradients
"""

from typing import Any

from demos.claim import claim
from demos.deep_networks import NETWORKS, STARTS, Profile, profile_of, report_of
from demos.output_folder import output_path, say, shown
from demos.plotting import COLOURS, new_figure, save_figure
from demos.running import run_demo, try_next

DEPTHS = (5, 10, 20)


def compare_first_weights(seed: int) -> dict[str, Profile]:
    say("Act 1: the first weights. Random rows go forward through 10 layers of 40 neurons, random")
    say("gradients back. By what factor do their mean squares change?\n")
    say("                        forward        back")
    profiles = {start: profile_of(start, seed) for start in STARTS}
    changes = {}
    for start, (forward, backward) in profiles.items():
        changes[start] = forward[-1] / forward[0], backward[0] / backward[-1]
        say(f"  {start:18} {changes[start][0]:10.1e}  {changes[start][1]:10.1e}")
    say("\nXavier's weights are about 1/√n, so that a sum of n products keeps its size. Then comes")
    say("an activation that makes it smaller, and a gain makes up for it: 5/3 for tanh, found by")
    say("trial, and √2 for relu, which sets half of the numbers to zero: that is Kaiming.\n")
    kept = changes["relu, Kaiming"] + changes["tanh, Xavier × 5/3"]
    within = all(1 / 20 < change < 20 for change in kept)
    claim("relu with the gain √2, tanh with 5/3: within a factor of 20, either way", within)
    claim("relu without a gain: down to a 50th or less", max(changes["relu, Xavier"]) < 0.02)
    fading, growing = max(changes["tanh, std 0.05"]), min(changes["relu, std 0.5"])
    claim("too small fades below 1e-6, too large grows beyond 1e4", fading < 1e-6 < 1e4 < growing)
    return profiles


def compare_activations(seed: int) -> dict[str, list[float]]:
    say("\nAct 2: activations and norms, behind first weights that suit the activation. On the way")
    say("back a gradient is multiplied by the local derivative, which for sigmoid is at most 1/4.")
    say("Ten layers, before the first step; look at the column of sizes:\n")
    vanishing = report_of("sigmoid", 10, seed)
    say(f"{vanishing!r}\n")
    claim("in ten sigmoid layers the first one vanishes", vanishing.verdicts[0] == "vanishing")
    claim("in ten relu layers, started by Kaiming, all are ok", report_of("relu", 10, seed).ok)
    say("\nHow large is the first layer's gradient, relative to the last hidden one's?\n")
    say(f"  {'hidden layers':19}" + "".join(f"{depth:9}" for depth in DEPTHS))
    sizes, ratios = {}, {}
    for name in NETWORKS:
        reports = [report_of(name, depth, seed) for depth in DEPTHS]
        by_depth = [[row.size for row in report if row.units][:-1] for report in reports]
        reached = [numbers[0] / numbers[-1] for numbers in by_depth]
        say(f"  {name:19}" + "".join(f"{ratio:9.1e}" for ratio in reached))
        sizes[name], ratios[name] = by_depth[-1], reached[-1]
    claim("through 20 sigmoid layers less than 1e-8 of it comes back", ratios.pop("sigmoid") < 1e-8)
    within = all(0.01 < ratio < 100 for ratio in ratios.values())
    claim("relu and tanh, and sigmoid with a norm, stay within a factor of 100", within)
    return sizes


def save_picture(profiles: dict[str, Profile], sizes: dict[str, list[float]]) -> Any:
    """Draw by layer the numbers and gradients of each start, and the gradients of each network."""
    figure, panels = new_figure(3, width=6, height=5)
    forward, backward = ({name: p[k] for name, p in profiles.items()} for k in (0, 1))
    for panel, lines, first in zip(panels, (forward, backward, sizes), (0, 0, 1), strict=True):
        looks = zip(COLOURS, ("o-", "s--", "^-.", "D-", "v:"), strict=True)
        for (name, numbers), (colour, marks) in zip(lines.items(), looks, strict=True):
            panel.semilogy(range(first, first + len(numbers)), numbers, marks, color=colour,
                           label=name, linewidth=2)  # fmt: skip
        panel.set_xlabel("layer")
    panels[0].set(title="First weights: numbers, forward", ylabel="mean square")
    panels[1].set(title="First weights: gradients, back", ylabel="mean square")
    panels[2].set(title=f"{DEPTHS[-1]} layers: gradients, back", ylabel="root mean square")
    panels[2].set_xticks([1, *range(5, DEPTHS[-1] + 1, 5)])
    panels[0].legend(fontsize=11)
    panels[2].legend(fontsize=12)
    return save_figure(figure, output_path("vanishing_gradients"))


def main(seed: int = 0) -> None:
    profiles = compare_first_weights(seed)
    sizes = compare_activations(seed)
    say("\nLook at which lines stay level, and at those that the norms lift:")
    for path in save_picture(profiles, sizes):
        say(f"    {shown(path)}")
    try_next(
        "STARTS, in demos/deep_networks.py: how far does tanh fade without its gain?",
        "40 in DEPTHS: which of the five still reach the first layer?",
    )


if __name__ == "__main__":
    run_demo(main)
