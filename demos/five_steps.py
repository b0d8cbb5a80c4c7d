"""Forward, loss, backward, update, repeat: a line is fitted to four points in five rows.

python -m demos.five_steps
"""

from statistics import linear_regression
from typing import Any

from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import Neuron, mse_loss

XS = [-1.5, -0.5, 0.5, 1.5]
YS = [-2.1, 0.2, 1.9, 4.0]
ROWS = 5
Pair = tuple[float, float]  # of w and of b


def flat_line() -> Neuron:
    """Return the line w*x + b at w = 0, b = 0: a neuron of one input, without activation."""
    line = Neuron(1, "linear")
    line.load_state_dict({"w[0]": 0.0, "b": 0.0})
    return line


def place_of(line: Neuron) -> Pair:
    return float(line.w[0].data), float(line.b.data)


def fit_by_hand(rate: float = 0.3) -> list[Pair]:
    """Take the five steps, ROWS times over; return w and b at the start and after each row."""
    line = flat_line()
    w, b = line.parameters()
    places = [place_of(line)]
    say("  row       w       b    loss  ∂loss/∂w  ∂loss/∂b")
    for row in range(1, ROWS + 1):  # 5. repeat
        outputs = [line([x]) for x in XS]  # 1. forward
        loss = mse_loss(outputs, YS)  # 2. loss
        line.zero_grad()
        loss.backward()  # 3. backward
        say(f"  {row:3} {w:7.3f} {b:7.3f} {loss:7.3f} {w.grad:9.3f} {b.grad:9.3f}")
        for parameter in (w, b):
            parameter.data -= rate * parameter.grad  # 4. update
        places.append(place_of(line))
    return places


def save_picture(lines: list[Pair], best: Pair) -> Any:
    """Draw the line after each row, and the path of (w, b) over the loss."""
    figure, (left, right) = new_figure(2, height=5.5)
    for row, (w, b) in enumerate(lines):
        left.plot(XS, [w * x + b for x in XS], color=BLUE, alpha=(row + 2) / (ROWS + 2))
        if row < 3:  # the later ones lie too close
            left.annotate(f" row {row}" if row else " start", (XS[-1], w * XS[-1] + b), va="center")
    left.plot(XS, YS, "s", color=ORANGE, markersize=9)
    left.set(title="The line after each row", xlabel="x", ylabel="y", xlim=(-1.7, 2.1))
    ws, bs = [k / 20 for k in range(-6, 56)], [k / 20 for k in range(-6, 36)]
    squares = [
        [[(w * x + b - y) ** 2 for x, y in zip(XS, YS, strict=True)] for w in ws] for b in bs
    ]
    losses = [[sum(four) / 4 for four in row] for row in squares]
    right.contour(ws, bs, losses, levels=[0.1, 0.4, 1, 2, 3, 4, 5, 6], colors="#999999")
    right.plot(*zip(*lines, strict=True), "o-", color=BLUE, linewidth=2, label="after each row")
    right.plot(*best, "*", color="#111111", markersize=18, label="least squares")
    right.set(title="The same rows, over the loss of every line", xlabel="w", ylabel="b")
    right.legend(loc="lower right")
    return save_figure(figure, output_path("five_steps"))


def main() -> None:
    say("Four measured points, and a line w*x + b that starts flat: w = 0, b = 0. Each row below")
    say("is 1 forward, 2 loss, 3 backward, 4 update; then 5, repeat. Look down the losses.\n")
    lines = fit_by_hand()
    (w, b), best = lines[-1], linear_regression(XS, YS)
    say(f"\nIt ends at w = {w:.3f}, b = {b:.3f}. The formula of least squares, which needs no")
    say(f"gradient, says w = {best[0]:.3f}, b = {best[1]:.3f}.")
    distance = max(abs(w - best[0]), abs(b - best[1]))
    claim("five rows bring w and b within 0.02 of least squares", distance < 0.02)
    say("\nStep 3, backpropagation, finds the gradient; what is done with it is step 4's business,")
    say("the optimizer's. Look at the line after each row, and at the same rows as points (w, b):")
    for path in save_picture(lines, (best[0], best[1])):
        say(f"    {shown(path)}")
    try_next(
        "fit_by_hand(rate=0.9): what do the losses do?",
        "move one point far off: how far does the line follow it?",
    )


if __name__ == "__main__":
    run_demo(main)
