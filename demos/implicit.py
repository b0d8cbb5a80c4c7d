"""A solver, differentiated two ways: through its iterations, and by the implicit function theorem.

Kepler's equation, E - e sin E = M, has no formula for E. A solver finds it; what is ∂E/∂M? The
graph of all iterations knows, and so does the equation alone, where it holds:

    g(E, e, M) = 0    so    ∂E/∂M = -(∂g/∂M) / (∂g/∂E)

python -m demos.implicit
"""

import math
import random
from collections.abc import Callable
from typing import Any

from autograd import Value, check_gradients, cos, derivative, grad, sin
from autograd.graph import topological_order
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, GREEN, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next

ECC, ANOMALY = 0.6, 0.5  # of an orbit: how long it is, and the time as an angle
MOST = 20  # iterations
EPS = 2.0**-52


def newton(e: Any, anomaly: Any, iterations: int = 6) -> Any:
    """Return E by Newton's method: the digits double in each iteration."""
    angle = anomaly
    for _ in range(iterations):
        angle = angle - (angle - e * sin(angle) - anomaly) / (1 - e * cos(angle))
    return angle


def fixed_point(e: Any, anomaly: Any, iterations: int = MOST) -> Any:
    """Return E by repeating E ← M + e sin E: each iteration multiplies the error by e cos E."""
    angle = anomaly
    for _ in range(iterations):
        angle = anomaly + e * sin(angle)
    return angle


def implicit(e: Value, anomaly: Value) -> Value:
    """Return E as one node: solved in bare numbers, with the rule that its equation gives."""
    return Value(
        newton(float(e.data), float(anomaly.data)),
        parents=(e, anomaly),
        local_derivatives=lambda out, e, m: (sin(out) / (1 - e * cos(out)), 1 / (1 - e * cos(out))),
        op="kepler",
    )


def solve_two_ways() -> None:
    say(f"Act 1. The orbit of e = {ECC} at M = {ANOMALY}, in two graphs: E, ∂E/∂e, ∂E/∂M.\n")
    found = {}
    for way in (newton, implicit):
        e, anomaly = Value(ECC, label="e"), Value(ANOMALY, label="M")
        angle = way(e, anomaly)
        angle.backward()
        found[way.__name__] = [float(angle.data), float(e.grad), float(anomaly.grad)]
        say(f"    {way.__name__:9}{len(topological_order(angle)):4} nodes   "
            + "  ".join(f"{x:.12f}" for x in found[way.__name__]))  # fmt: skip
    claim("the same numbers to 4 roundings, from one node", all(
        abs(a - b) <= 4 * EPS * abs(b) for a, b in zip(*found.values(), strict=True)
    ))  # fmt: skip
    claim("differences, which know neither, say so too", check_gradients(implicit, ECC, ANOMALY).ok)
    through = derivative(lambda m: newton(ECC, m), order=2)(ANOMALY)
    by_rule = derivative(lambda m: implicit(Value(ECC), m), order=2)(ANOMALY)
    claim("the rule is arithmetic, so it has a derivative: ∂²E/∂M² agrees to 1e-12",
          abs(through - by_rule) < 1e-12)  # fmt: skip


def stop_early() -> dict[str, list[float]]:
    """Return the error of ∂E/∂M by the number of iterations."""
    say("\nAct 2. What if the solver stops early? Its error, and that of the derivative:\n")
    right = 1 / (1 - ECC * cos(newton(ECC, ANOMALY, 12)))
    slopes: dict[str, Callable[[int], Any]] = {
        "through the fixed point": lambda n: grad(lambda m: fixed_point(ECC, m, n))(ANOMALY),
        "through Newton": lambda n: grad(lambda m: newton(ECC, m, n))(ANOMALY),
        "by the rule, there": lambda n: 1 / (1 - ECC * cos(fixed_point(ECC, ANOMALY, n))),
    }
    found = {name: [abs(f(n) - right) for n in range(MOST + 1)] for name, f in slopes.items()}
    say("      n  " + "  ".join(found) + " (at the fixed point's E)")
    for n in (1, 2, 4, 6, 20):
        say(f"     {n:2}" + "".join(f"{e[n]:{len(name) + 2}.0e}" for name, e in found.items()))
    claim("Newton's derivative has all its digits after 6", found["through Newton"][6] < 1e-14)
    claim("the fixed point's is still on its way", found["through the fixed point"][6] > 1e-3)
    return found


def equilibrium(w: Value) -> Value:
    """Return z = tanh(w z + 0.5), for |w| < 1, as one node: a neuron that hears itself."""
    z = 0.0
    for _ in range(200):
        z = math.tanh(float(w.data) * z + 0.5)
    return Value(
        z, parents=(w,), op="equilibrium",
        local_derivatives=lambda z, w: z * (1 - z**2) / (1 - w * (1 - z**2)),
    )  # fmt: skip


def train_an_equilibrium(seed: int) -> None:
    say("\nAct 3. A neuron that hears itself: z = tanh(w z + 0.5). Which w makes z = 0.8?\n")
    wanted, rng, ends = (math.atanh(0.8) - 0.5) / 0.8, random.Random(seed), []
    for _ in range(8):
        w = Value(rng.uniform(-0.9, 0.9))
        for _ in range(300):
            w.grad = 0.0
            ((equilibrium(w) - 0.8) ** 2).backward()
            w.data -= w.grad
        ends.append(w.data)
    claim(f"descent from 8 starts ends at w = (artanh 0.8 - 0.5) / 0.8 = {wanted:.6f}, to 1e-6",
          all(abs(end - wanted) < 1e-6 for end in ends))  # fmt: skip


def save_picture(errors: dict[str, list[float]]) -> None:
    figure, axes = new_figure(height=5.5, width=9)
    styles = ((ORANGE, "s-"), (BLUE, "o-"), (GREEN, "^--"))
    for (name, found), (colour, marks) in zip(errors.items(), styles, strict=True):
        floored = [max(error, EPS / 4) for error in found]
        axes.semilogy(floored, marks, color=colour, linewidth=2.5, markersize=7, label=name)
    axes.set(title="Error of ∂E/∂M", xlabel="iterations of the solver", xticks=range(0, 21, 2))
    axes.legend()
    say(f"\nWhich gets there first? {shown(save_figure(figure, output_path('implicit'))[0])}")


def main(seed: int = 0) -> None:
    solve_two_ways()
    save_picture(stop_early())
    train_an_equilibrium(seed)
    try_next(
        "Take e = 0.95. How many iterations does each of the two solvers need?",
        "Write sqrt as a solver of y * y = x, and its rule by the theorem.",
    )


if __name__ == "__main__":
    run_demo(main)
