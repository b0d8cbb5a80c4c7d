"""An autoencoder: 64 pixels through two numbers and back, without a label.

python -m demos.autoencoder
"""

from collections.abc import Sequence
from math import ceil, floor, log
from random import Random
from typing import Any

from autograd import dot
from demos.claim import claim
from demos.data import split_digits
from demos.extras import imports_from
from demos.output_folder import output_path, say, shown
from demos.plotting import COLOURS, new_figure, save_figure, show_image
from demos.running import run_demo, try_next
from nn import Adam, CosineAnnealingLR, Layer, Sequential, fit

with imports_from("digits"):
    from sklearn.decomposition import PCA

HIDDEN = 16
EPOCHS = 3
ACROSS = 9  # decoded images across the map
COLOUR_OF = (*COLOURS, "#e69f00", "#111111", "#8c8c8c", "#6a3d9a", "#7f4f24")  # by digit

Rows = list[list[float]]
Pair = tuple[float, float]


def make_autoencoder(average: list[float], seed: int = 0) -> Sequential:
    """Return an encoder, from 64 pixels to a code of two numbers, and a decoder back.

    The last biases are such that the decoder starts near the average image, whatever the code.
    (Hinton and Salakhutdinov, "Reducing the dimensionality of data with neural networks", 2006.)
    """
    rng = Random(seed)
    encoder = Sequential(Layer(64, HIDDEN, "relu", rng=rng), Layer(HIDDEN, 2, "linear", rng=rng))
    decoder = Sequential(Layer(2, HIDDEN, "relu", rng=rng), Layer(HIDDEN, 64, "sigmoid", rng=rng))
    for bias, ink in zip(decoder.layers[1].bias, average, strict=True):
        p = min(max(ink, 0.01), 0.99)
        bias.data = log(p / (1 - p))  # sigmoid(bias) = p
    return Sequential(encoder, decoder)


def squared_error(copies: Sequence[Any], images: Sequence[Any]) -> Any:
    """Return the mean squared error of a pixel: ``nn.mse_loss``, but all its squares in one dot."""
    pairs = zip(copies, images, strict=True)
    errors = [out - into for copy, image in pairs for out, into in zip(copy, image, strict=True)]
    return dot(errors, errors) / len(errors)


def train(
    model: Sequential, images: Rows, backend: str = "eager", epochs: int = EPOCHS
) -> list[float]:
    """Descend the error of the copies, whose targets are the images; return it for each epoch."""
    optimizer = Adam(model.parameters(), lr=0.02)
    history = fit(
        model, images, images, loss=squared_error, optimizer=optimizer, epochs=epochs,
        batch_size=8, schedule=CosineAnnealingLR(optimizer, epochs), backend=backend,
    )  # fmt: skip
    return history["loss"]


def outputs(module: Sequential, rows: Rows) -> Rows:
    """Return the module's outputs for each row, as bare numbers."""
    return [[float(output.data) for output in module(row)] for row in rows]


def ranges(codes: Rows) -> list[Pair]:
    """Return the limits of the first numbers of the codes, and of the second, with a margin."""
    limits = ((min(xs), max(xs)) for xs in zip(*codes, strict=True))
    return [(low - 0.05 * (high - low), high + 0.05 * (high - low)) for low, high in limits]


def draw_codes(axes: Any, codes: Rows, classes: list[int]) -> None:
    """Mark each code by the digit that was written."""
    for digit in range(10):
        chosen = [code for code, k in zip(codes, classes, strict=True) if k == digit]
        axes.scatter(*zip(*chosen, strict=True), marker=f"${digit}$", s=90, color=COLOUR_OF[digit])
    axes.set(xlabel="first number of the code", ylabel="second number")
    axes.set_title("Codes of unseen digits: who lives together?")
    (left, right), (low, high) = ranges(codes)
    axes.set(xlim=(left, right), ylim=(low, high))
    axes.set(xticks=range(ceil(left), floor(right) + 1), yticks=range(ceil(low), floor(high) + 1))


def draw_map(axes: Any, decoder: Sequential, codes: Rows) -> None:
    """Draw what the decoder makes of codes spread evenly over the range of ``codes``."""
    (left, right), (low, high) = ranges(codes)
    for i in range(ACROSS):
        for j in range(ACROSS):
            code = [
                left + (i + 0.5) / ACROSS * (right - left),
                low + (j + 0.5) / ACROSS * (high - low),
            ]
            show_image(axes, outputs(decoder, [code])[0], 1.1 * i + 0.05, 1.1 * j + 0.05)
    side = 1.1 * ACROSS
    axes.set(xlim=(0, side), ylim=(0, side))
    for set_ticks, start, end in ((axes.set_xticks, left, right), (axes.set_yticks, low, high)):
        numbers = range(ceil(start), floor(end) + 1)
        set_ticks([side * (n - start) / (end - start) for n in numbers], [*map(str, numbers)])
    axes.set(xlabel="first number of the code", ylabel="second number")
    axes.set_title("The same plane, decoded: what lies between?")


def main(backend: str = "eager", seed: int = 0, quick: bool = False) -> None:
    known, unseen = split_digits(seed=seed + 1)
    average = [sum(pixels) / len(pixels) for pixels in zip(*known.images, strict=True)]
    model = make_autoencoder(average, seed)
    encoder, decoder = model.layers
    say(
        f"64-{HIDDEN}-2-{HIDDEN}-64: an image passes through two numbers; its target is itself, and"
    )
    say("nobody says which digit it is. The mean squared error of a pixel:\n")
    for epoch, loss in enumerate(
        train(model, known.images, backend, 1 if quick else EPOCHS), start=1
    ):
        say(f"    epoch {epoch}  {loss:.4f}")

    say("\nIf both ways are linear, none loses less than PCA. On images that neither has seen:\n")
    codes, pca = outputs(encoder, unseen.images), PCA(2).fit(known.images)
    copies = {
        "the average image": [average] * len(unseen.images),
        "PCA, two numbers": pca.inverse_transform(pca.transform(unseen.images)).tolist(),
        "autoencoder, two numbers": outputs(decoder, codes),
    }
    errors = [squared_error(images, unseen.images) for images in copies.values()]
    for name, error in zip(copies, errors, strict=True):
        say(f"    {name:26}{error:.4f}, {error / errors[0]:4.0%} of the variance is lost")
    say()
    claim("the autoencoder loses at least 5 % less than PCA", errors[2] < 0.95 * errors[1])
    claim("the average image loses half as much again", errors[0] > 1.5 * errors[2])

    figure, (left, right) = new_figure(2, width=8, height=8)
    draw_codes(left, codes, unseen.classes)
    draw_map(right, decoder, codes)
    say("Look at which digits have codes of their own, and what is drawn between them:")
    for path in save_figure(figure, output_path("autoencoder_codes")):
        say(f"    {shown(path)}")
    try_next(
        "three numbers in the code instead of two: how much less is lost?",
        "EPOCHS = 12: which digits move apart that shared a place?",
    )


if __name__ == "__main__":
    run_demo(main)
