"""Forward, loss, backward, update, repeat: a line is fitted; then one gradient, two optimizers.

python -m demos.five_steps
"""

from math import isclose
from statistics import linear_regression
from typing import Any

from demos.batch_loss import batch_loss
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import BLUE, COLOURS, ORANGE, new_figure, save_figure
from demos.running import run_demo, try_next
from nn import SGD, Adam, Neuron, mse_loss

XS = [-1.5, -0.5, 0.5, 1.5]
YS = [-2.1, 0.2, 1.9, 4.0]
ROWS = 5
OPTIMIZERS = {"SGD": SGD, "Adam": Adam}
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


def descend(
    optimizer_class: Any, steps: int, backend: str, scale: float = 1.0
) -> tuple[Pair, list[Pair]]:
    """Return the gradient of scale*loss at w = 0, b = 0, and each (w, b) on the way from there."""
    line = flat_line()
    w, b = line.parameters()
    optimizer = optimizer_class([w, b], lr=0.1)
    loss_of = batch_loss(
        line, lambda outputs, ys: scale * mse_loss(outputs, ys), [[x] for x in XS], YS, backend
    )
    gradients, places = [], [place_of(line)]
    for _ in range(steps):
        optimizer.zero_grad()
        loss_of(range(len(XS)))
        gradients.append((float(w.grad), float(b.grad)))
        optimizer.step()
        places.append(place_of(line))
    return gradients[0], places


def compare_first_moves(backend: str) -> None:
    """Hand equal gradients to both optimizers, and say how differently they move."""
    say("              ∂/∂w      ∂/∂b   moves w by   moves b by")
    found = []
    for scale in (1.0, 100.0):
        for name, optimizer_class in OPTIMIZERS.items():
            (dw, db), (_, move) = descend(optimizer_class, 1, backend, scale)
            say(
                f"  {scale:3.0f}*loss {dw:8.2f}  {db:8.2f} {move[0]:12.3f} {move[1]:12.3f}   {name}"
            )
            found.append(((dw, db), move))
    (grad, sgd), (same, adam), (big_grad, big_sgd), (big_same, big_adam) = found
    claim("both optimizers got the same gradient", grad == same and big_grad == big_same)
    claim("100 times the loss moves SGD 100 times as far", isclose(big_sgd[0], 100 * sgd[0]))
    moves = (*adam, *big_adam)
    claim("Adam first moves by lr, either way", all(isclose(m, 0.1, rel_tol=1e-6) for m in moves))


def save_picture(lines: list[Pair], paths: dict[str, list[Pair]], best: Pair) -> Any:
    """Draw the line after each row, and the ways of the optimizers over the loss."""
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
    for (name, path), colour, marker in zip(paths.items(), COLOURS, "os", strict=False):
        right.plot(*zip(*path, strict=True), marker=marker, color=colour, label=name)
    right.plot(*best, "*", color="#111111", markersize=18, label="least squares")
    right.set(title="Same start, same gradient: two ways down", xlabel="w", ylabel="b")
    right.legend(loc="lower right")
    return save_figure(figure, output_path("five_steps"))


def main(backend: str = "eager") -> None:
    say("Four measured points, and a line w*x + b that starts flat: w = 0, b = 0. Each row below")
    say("is 1 forward, 2 loss, 3 backward, 4 update; then 5, repeat. Look down the losses.\n")
    lines = fit_by_hand()
    (w, b), best = lines[-1], linear_regression(XS, YS)
    say(f"\nIt ends at w = {w:.3f}, b = {b:.3f}. The formula of least squares, which needs no")
    say(f"gradient, says w = {best[0]:.3f}, b = {best[1]:.3f}.")
    distance = max(abs(w - best[0]), abs(b - best[1]))
    claim("five rows bring w and b within 0.02 of least squares", distance < 0.02)

    say("\nStep 3 is backpropagation; step 4 is not. It finds the gradient, and what is done with")
    say("it is the optimizer's business. Two optimizers with lr = 0.1 get the same gradients:\n")
    compare_first_moves(backend)
    paths = {name: descend(each, 80, backend)[1] for name, each in OPTIMIZERS.items()}
    say(
        "\nLook at the two ways down: SGD sets out along the gradient; Adam, whose first move knows"
    )
    say("only the signs, along the diagonal:")
    for path in save_picture(lines, paths, (best[0], best[1])):
        say(f"    {shown(path)}")
    try_next(
        "fit_by_hand(rate=0.9): what do the losses do?",
        "move one point far off: how far does the line follow it?",
    )


if __name__ == "__main__":
    run_demo(main)
