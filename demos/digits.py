"""Handwritten digits: a network of Values reads what it has never seen.

python -m demos.digits
"""

from typing import Any

from autograd import softmax
from demos.claim import claim
from demos.data import Digits, split_digits
from demos.output_folder import output_path, say, shown
from demos.plotting import new_figure, save_figure, show_image
from demos.running import run_demo, try_next
from nn import MLP, Adam, CosineAnnealingLR, History, accuracy, cross_entropy, fit

HIDDEN = 24
EPOCHS = 5
MOST_SHOWN = 12  # mistakes in the picture


def show_the_loss(model: MLP, image: list[float], digit: int) -> bool:
    """Tell what softmax cross-entropy asks of one image; return whether its gradient is p - y."""
    logits = model(image)
    loss = cross_entropy(logits, digit)
    loss.backward()
    probabilities = [p.data for p in softmax(logits)]
    say(f"\nAn image of a {digit}, before any training. Ten logits become probabilities p;")
    say(f"the loss is -log(p of the {digit}) = {loss.data:.2f}, and its gradient pulls at each:\n")
    say("    digit    " + "".join(f"{k:7}" for k in range(10)))
    say("    p        " + "".join(f"{p:7.2f}" for p in probabilities))
    say("    gradient " + "".join(f"{logit.grad:7.2f}" for logit in logits) + "\n")
    return all(
        abs(logit.grad - (p - (k == digit))) < 1e-12
        for k, (logit, p) in enumerate(zip(logits, probabilities, strict=True))
    )


def train(
    model: MLP, known: Digits, unseen: Digits, backend: str = "eager", epochs: int = EPOCHS
) -> History:
    """Descend in mini-batches of 16 images; the learning rate falls along half a cosine."""
    optimizer = Adam(model.parameters(), lr=0.02)
    return fit(
        model, *known, loss=cross_entropy, optimizer=optimizer, epochs=epochs, batch_size=16,
        schedule=CosineAnnealingLR(optimizer, epochs), validation=unseen,
        metrics={"accuracy": accuracy}, backend=backend,
    )  # fmt: skip


def read(model: MLP, images: list[list[float]]) -> list[int]:
    """Return the digit with the largest logit for each image."""
    return [max(range(10), key=logits.__getitem__) for logits in map(model, images)]


def share_right(digits: Digits, readings: list[int]) -> float:
    return sum(map(int.__eq__, digits.classes, readings)) / len(readings)


def confusion(classes: list[int], readings: list[int]) -> list[list[int]]:
    """Count how often each digit (its row) was read as each (its column)."""
    pairs = list(zip(classes, readings, strict=True))
    return [[pairs.count((digit, reading)) for reading in range(10)] for digit in range(10)]


def draw_confusion(axes: Any, counts: list[list[int]]) -> None:
    axes.imshow([[min(n, 10) for n in row] for row in counts], cmap="Blues", vmax=20)
    for digit, row in enumerate(counts):
        for reading, n in enumerate(row):
            if n:
                weight = "normal" if digit == reading else "bold"
                axes.text(reading, digit, n, ha="center", va="center", weight=weight)
    axes.set(xticks=range(10), yticks=range(10), xlabel="read as", ylabel="is")
    axes.set_title("Off the diagonal: which digits are confused?")


def draw_mistakes(axes: Any, unseen: Digits, readings: list[int]) -> None:
    mistakes = [k for k, digit in enumerate(unseen.classes) if readings[k] != digit]
    for place, k in enumerate(mistakes[:MOST_SHOWN]):
        row, column = divmod(place, 4)
        show_image(axes, unseen.images[k], 1.2 * column, -1.5 * row)
        told = f"{unseen.classes[k]} read as {readings[k]}"
        axes.text(1.2 * column + 0.5, -1.5 * row - 0.05, told, ha="center", va="top")
    axes.set(xlim=(-0.1, 4.7), ylim=(-3.4, 1.1))
    axes.axis("off")
    axes.set_title("The mistakes: would you have read them?")


def main(backend: str = "eager", seed: int = 0, quick: bool = False) -> None:
    known, unseen = split_digits(seed=seed + 1)
    model = MLP(64, [HIDDEN, 10], rng=seed)
    epochs = 1 if quick else EPOCHS
    say(f"{len(known.images)} images of 8 × 8 pixels to train on, {len(unseen.images)} held out;")
    say(f"a 64-{HIDDEN}-10 network with {len(model.parameters())} parameters. Guessing gets 10 %.")
    is_difference = show_the_loss(model, known.images[0], known.classes[0])
    claim("the gradient in a logit is its p, minus 1 where the digit is right", is_difference)

    say(f"\nNow {epochs} times through the images, in shuffled batches of 16:\n")
    history = train(model, known, unseen, backend, epochs)
    say(f"{history}\n")
    readings = read(model, unseen.images)
    linear = MLP(64, [10], rng=seed)
    train(linear, known, unseen, backend, epochs)
    right, of_linear = (
        share_right(unseen, readings),
        share_right(unseen, read(linear, unseen.images)),
    )
    say("Held-out images that are read right:")
    say(f"    no hidden layer, {len(linear.parameters()):5,} parameters   {of_linear:.1%}")
    say(f"    {HIDDEN} hidden,       {len(model.parameters()):5,} parameters   {right:.1%}")
    say("Most of these digits need no hidden layer: ten weighted sums of pixels tell them apart.")
    claim("at least 95 % of the digits it never saw are read right", right >= 0.95)
    claim("more than without a hidden layer", right > of_linear)

    figure, (left, other) = new_figure(2, width=7.5, height=7)
    draw_confusion(left, confusion(unseen.classes, readings))
    draw_mistakes(other, unseen, readings)
    say("Look at which digits are taken for which, and whether you would have read them:")
    for path in save_figure(figure, output_path("digits_confusion")):
        say(f"    {shown(path)}")
    try_next(
        "HIDDEN = 4: how few hidden neurons still beat none?",
        "python -m demos.convnet: the same digits with fewer parameters",
    )


if __name__ == "__main__":
    run_demo(main)
