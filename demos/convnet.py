"""A convolution: the same few weights look at every place of an image.

python -m demos.convnet
"""

from math import isclose
from random import Random
from typing import Any

from autograd import Value
from demos.claim import claim
from demos.data import Digits, split_digits
from demos.output_folder import output_path, say, shown
from demos.plotting import new_figure, save_figure, show_image
from demos.running import run_demo, try_next
from nn import Adam, CosineAnnealingLR, History, Layer, Module, Sequential, accuracy, fit
from nn import cross_entropy as loss_of

SIDE = 8  # of an image, in pixels
STRIDE = 2  # pixels from one place to the next
PLACES = (SIDE // STRIDE) ** 2
KERNELS = 6
EPOCHS = 5


def patches(image: list[Any], stride: int) -> list[list[Any]]:
    """Return the 3 × 3 pixels around every ``stride``-th pixel of every ``stride``-th row.

    Beyond its edges an image is blank.
    """
    blank = Value(0.0)
    edge = [blank] * (SIDE + 2)
    rows = [image[start : start + SIDE] for start in range(0, SIDE * SIDE, SIDE)]
    framed = [edge, *[[blank, *row, blank] for row in rows], edge]
    return [
        [pixel for row in framed[top : top + 3] for pixel in row[left : left + 3]]
        for top in range(0, SIDE, stride)
        for left in range(0, SIDE, stride)
    ]


class Convolution(Module):
    """relu(kernel · patch + bias), for every patch of an image and every kernel.

    One small layer sees all patches: its weights are shared (LeCun et al., "Backpropagation applied
    to handwritten zip code recognition", 1989).
    """

    def __init__(self, n_kernels: int, rng: Random) -> None:
        self.kernels = Layer(9, n_kernels, "relu", rng=rng)

    def forward(self, image: list[Value], stride: int = STRIDE) -> list[Value]:
        """Return ``n_kernels`` answers for each place, one place after another."""
        return [answer for patch in patches(image, stride) for answer in self.kernels(patch)]


def show_the_sharing(model: Sequential, image: list[float], digit: int) -> bool:
    """Print what every place adds to one weight's gradient; return whether it is their sum."""
    convolution, head = model.layers
    answers = convolution([Value(pixel) for pixel in image])
    loss_of(head(answers), digit).backward()
    weighted_sums = [answer.parents[0] for answer in answers[::KERNELS]]  # of kernel 0
    added = [node.grad * node.local_derivatives[4] for node in weighted_sums]
    centre = convolution.kernels.neurons[0].w[4]
    say("The weight at the centre of kernel 0 gets a contribution from every place:\n")
    across = SIDE // STRIDE
    for start in range(0, PLACES, across):
        say("    " + "".join(f"{number:8.3f}" for number in added[start : start + across]))
    say(f"\n0 where the pixel is blank or the relu silent. Its gradient: {centre.grad:.3f}")
    return isclose(centre.grad, sum(added), abs_tol=1e-12)


def train(
    model: Sequential,
    known: Digits,
    backend: str = "eager",
    rate: float = 0.04,
    epochs: int = EPOCHS,
) -> History:
    """Descend in mini-batches of 16 images; the learning rate falls along half a cosine."""
    optimizer = Adam(model.parameters(), lr=rate)
    return fit(
        model, *known, loss=loss_of, optimizer=optimizer, epochs=epochs, batch_size=16,
        schedule=CosineAnnealingLR(optimizer, epochs), metrics={"accuracy": accuracy},
        backend=backend,
    )  # fmt: skip


def feature_maps(convolution: Convolution, image: list[float]) -> list[list[float]]:
    """Return a map for each kernel: what it answers around every one of the 64 pixels."""
    answers = convolution([Value(pixel) for pixel in image], stride=1)
    return [[float(answer.data) for answer in answers[k::KERNELS]] for k in range(KERNELS)]


def moves_along(convolution: Convolution, image: list[float]) -> bool:
    """Tell whether an image that is moved one pixel to the right has the same maps, moved."""
    moved = [image[k - 1] if k % SIDE else 0.0 for k in range(SIDE * SIDE)]
    maps = zip(feature_maps(convolution, image), feature_maps(convolution, moved), strict=True)
    inside = [k for k in range(SIDE * SIDE) if k % SIDE]
    return all(after[k] == before[k - 1] for before, after in maps for k in inside)


def draw_maps(axes: Any, convolution: Convolution, images: list[list[float]]) -> None:
    """Draw the kernels in a row, and under each what it answers to every image.

    All kernels have one scale, and all maps have one.
    """
    lefts = [1.5 + 1.1 * k for k in range(KERNELS)]
    neurons = convolution.kernels.neurons
    steepest = max(abs(float(w.data)) for neuron in neurons for w in neuron.w)
    rows = [feature_maps(convolution, image) for image in images]
    strongest = max(answer for maps in rows for numbers in maps for answer in numbers)
    for left, neuron in zip(lefts, neurons, strict=True):
        show_image(axes, [float(w.data) for w in neuron.w], left, 0.2, signed=steepest)
        for place, w in enumerate(neuron.w):
            x, y = left + (place % 3 + 0.5) / 3, 1.2 - (place // 3 + 0.5) / 3
            axes.text(x, y, f"{w.data:z.1f}", ha="center", va="center", fontsize=12)
    for row, (image, maps) in enumerate(zip(images, rows, strict=True), start=1):
        show_image(axes, image, 0, -1.1 * row)
        for left, numbers in zip(lefts, maps, strict=True):
            show_image(axes, numbers, left, -1.1 * row, signed=strongest)
    axes.text(1, 0.7, "kernels", ha="right", va="center")
    axes.set(xlim=(-0.1, lefts[-1] + 1.1), ylim=(-1.1 * len(images) - 0.5, 1.3))
    told = f"every map on one scale: white 0, darkest {strongest:.1f}"
    axes.text(lefts[0], -1.1 * len(images) - 0.3, told, fontsize=12)
    axes.axis("off")
    axes.set_title("Which piece of a stroke does each kernel answer to?")


def main(backend: str = "eager", seed: int = 0, quick: bool = False) -> None:
    known, unseen = split_digits(seed=seed + 1)
    rng = Random(seed)
    epochs = 1 if quick else EPOCHS
    convolution = Convolution(KERNELS, rng)
    model = Sequential(convolution, Layer(PLACES * KERNELS, 10, "linear", rng=rng))
    own, n = len(convolution.parameters()), PLACES * KERNELS
    say(f"{KERNELS} kernels of 3 × 3 weights, each with a bias, answer at {PLACES} places:")
    say(f"{own} parameters make {n} numbers. A layer of {n}, with all pixels, has {65 * n:,}.\n")
    adds_up = show_the_sharing(model, known.images[0], known.classes[0])
    claim("the gradient of a shared weight is the sum over its places", adds_up)

    history = train(model, known, backend, epochs=epochs)
    linear = Sequential(Layer(SIDE * SIDE, 10, "linear", rng=seed))
    train(linear, known, backend, 0.02, epochs)
    right, of_linear = (
        accuracy([each(image) for image in unseen.images], unseen.classes)
        for each in (model, linear)
    )
    say(f"\n{history}\n\nHeld-out images that are read right:")
    rows = (("a linear layer", linear, of_linear), (f"{KERNELS} kernels and one", model, right))
    for name, each, share in rows:
        say(f"    {name:18} {len(each.parameters()):5,} parameters   {share:.1%}")
    say("On digits this small and centred, kernels add little to a linear layer; what they add is")
    say("that each looks for one thing at all places.")
    claim("at least 95 % of the digits it never saw are read right", right >= 0.95)
    claim("more than by the linear layer", right > of_linear)
    has_room = next(image for image in unseen.images if not any(image[SIDE - 1 :: SIDE]))
    moves = moves_along(convolution, has_room)
    claim("where a digit moves, the maps of all 64 pixels move along", moves)

    figure, axes = new_figure(width=10, height=6.4)
    draw_maps(axes, convolution, [unseen.images[unseen.classes.index(d)] for d in (0, 4, 7)])
    say("\nLook at what each kernel answers to (blue: above zero), and where it stays silent:")
    for path in save_figure(figure, output_path("convnet_maps")):
        say(f"    {shown(path)}")
    try_next(
        "move every digit by a pixel before the test: which of the two models minds more?",
        "STRIDE = 1 at the top: four times the places. Is it worth it?",
    )


if __name__ == "__main__":
    run_demo(main)
