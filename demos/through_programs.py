"""Derivatives through programs: loops, recursion, branches, and a simulated machine.

Whatever Python does to get to the output, the graph holds the operations that ran, and these are
differentiated. Most often that is what one wants; at a branch one has to think.

python -m demos.through_programs
"""

import random
from typing import Any

from autograd import Value, check_gradients, detach, draw, grad, maximum, minimum
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, GREEN, ORANGE, fill_contours, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import Adam

STARTS, STEPS = 8, 200
VIEW = (-1.0, 7.0, -1.0, 7.0)  # of the two gains


def power(x: Any, n: int) -> Any:
    """Return x**n by squaring: a recursion, and a branch on n, which is not a Value."""
    if n == 0:
        return 1.0
    half = power(x, n // 2)
    return half * half * x if n % 2 else half * half


def identity(x: Value) -> Value:
    return x if x.data != 0 else Value(0.0)  # the special case changes no value


def look_at_branches() -> None:
    say("Act 1. Loops and recursion leave no trace but the operations that ran.\n")
    claim("x**13 by squaring: the slope at 1.1 is that of differences",
          check_gradients(lambda x: power(x, 13), 1.1).ok)  # fmt: skip
    say("\nA branch on data runs one way, and only that way is differentiated:\n")
    say("    def identity(x): return x if x.data != 0 else Value(0.0)\n")
    claim("its slope at 0 is 1, and that of the branch that ran is 0", grad(identity)(0.0) == 0)
    claim("check_gradients finds it", not check_gradients(identity, 0.0).ok)
    say("\nA slope can be hidden on purpose. x is to come to y = 4, by descent on (x - y)**2.")
    claim("both move, and meet at 2", follow(is_cut=False) == (2.0, 2.0))
    claim("with detach(y) only x moves, and comes to 4", follow(is_cut=True) == (4.0, 4.0))
    say(f"Its edge is drawn as cut: {shown(output_path('detach.svg'))}")


def follow(*, is_cut: bool) -> tuple[Any, Any]:
    """Let x follow y: descend on (x - y)**2, with y, or with y held still by detach."""
    x, y = Value(0.0, label="x"), Value(4.0, label="y")
    for step in range(100):
        loss = (x - (detach(y) if is_cut else y)) ** 2
        x.grad = y.grad = 0.0
        loss.backward()
        if is_cut and step == 0:
            draw(loss).save(output_path("detach.svg"))
        x.data, y.data = x.data - 0.1 * x.grad, y.data - 0.1 * y.grad
    return round(x.data, 6), round(y.data, 6)


# -- a controller ---------------------------------------------------------------------------------


def drive(k_place: Any, k_speed: Any) -> tuple[Any, list[float]]:
    """Move a cart of mass 1 from 0 to 1 in 6 seconds; its motor pushes 3 at most.

    The controller pushes by k_place × distance - k_speed × speed. The cost is the mean squared
    distance, and a twentieth of the squared push; it comes with the places.
    """
    place, speed, cost, places = 0.0, 0.0, 0.0, []
    for _ in range(60):
        push = k_place * (1.0 - place) - k_speed * speed
        push = maximum(minimum(push, 3.0), -3.0)
        speed = speed + 0.1 * (push - 0.1 * speed)
        place = place + 0.1 * speed
        cost = cost + ((1.0 - place) ** 2 + 0.05 * push**2) / 60
        places.append(float(getattr(place, "data", place)))
    return cost, places


def trained(start: tuple[float, float]) -> list[tuple[float, float]]:
    """Return the gains after each step of Adam on the cost of the whole drive."""
    gains = [Value(number) for number in start]
    optimizer = Adam(gains, lr=0.2)
    path = [start]
    for _ in range(STEPS):
        optimizer.zero_grad()
        drive(*gains)[0].backward()
        optimizer.step()
        path.append((float(gains[0].data), float(gains[1].data)))
    return path


def train_a_controller(seed: int, n_starts: int) -> None:
    say("\nAct 2. A cart is to go from 0 to 1. Sixty steps of its physics are one graph: the cost")
    say("is differentiated by the controller's two gains, through motor, friction and time.\n")
    claim("differences agree", check_gradients(lambda a, b: drive(a, b)[0], 2.0, 1.0).ok)
    draw_gain = random.Random(seed).uniform
    starts = [(draw_gain(0, 6), draw_gain(0, 6)) for _ in range(n_starts)]
    paths = [trained(start) for start in starts]
    ends = [drive(*path[-1])[0] for path in paths]
    grid = [k / 8 for k in range(-8, 57)]
    best = min(drive(a, b)[0] for a in grid for b in grid)
    for start, path, end in zip(starts, paths, ends, strict=True):
        say("    gains {:.2f} {:.2f}: cost {:.3f}  →  ".format(*start, drive(*start)[0])
            + "{:.2f} {:.2f}: {:.4f}".format(*path[-1], end))  # fmt: skip
    say(f"    the best of {len(grid) ** 2:,} tried, in a grid: {best:.4f}\n")
    claim(f"from {n_starts} starts, {STEPS} steps come within 0.5 % of the best of the grid",
          max(ends) < 1.005 * best)  # fmt: skip
    save_picture(paths)


def save_picture(paths: list[list[tuple[float, float]]]) -> None:
    figure, (left, right) = new_figure(2, height=5.5)
    fill_contours(left, lambda a, b: drive(a, b)[0], VIEW, size=40)
    seconds = [k / 10 for k in range(1, 61)]
    for path in paths:
        left.plot(*zip(*path, strict=True), color=BLUE, linewidth=2)
        left.plot(*path[0], "o", color=ORANGE, markersize=9)
        left.plot(*path[-1], "X", color=GREEN, markersize=11)
        right.plot(seconds, drive(*path[0])[1], color=ORANGE, linewidth=1.5, linestyle="--")
    left.set(title="Gains: from ● to ✖, dark costs more", xlabel="gain of place", ylabel="of speed")
    right.plot(seconds, drive(*paths[0][-1])[1], color=GREEN, linewidth=3, label="trained")
    right.set(title="The cart: before - -, and trained", xlabel="seconds", ylabel="place")
    picture = save_figure(figure, output_path("through_programs"))[0]
    say(f"Which of the starts swing past 1, and which creep? {shown(picture)}")


def main(seed: int = 0, quick: bool = False) -> None:
    look_at_branches()
    train_a_controller(seed, 2 if quick else STARTS)
    try_next(
        "Let the cart begin at speed 2. Do the gains change? Should they?",
        "Put an MLP(2, [4, 1]) for the two gains: what can it do that they cannot?",
    )


if __name__ == "__main__":
    run_demo(main)
