"""The demos by lesson: from a number to what lies beyond."""

from typing import NamedTuple


class Demo(NamedTuple):
    """A demo's module, what it shows in a line, and the seconds it takes on one shared core."""

    name: str
    line: str
    seconds: int


LESSONS = {
    "A number": (
        Demo("first_graph", "one loss: its graph, its table of values and gradients", 1),
        Demo("stepping", "a REPL session with a stepper, and a picture of each step", 2),
        Demo("lesson_pages", "five lessons for the browser, from an expression to softmax", 3),
        Demo("why_topological_order", "b = a + a; c = b + b, told in three acts", 1),
    ),
    "A neuron": (
        Demo("neuron", "one tanh neuron, elementary and fused", 1),
    ),
    "A network": (
        Demo("moons", "a 2-16-16-1 network learns two moons to 99 % or better", 8),
        Demo("digits", "a 64-24-10 network reads handwritten digits it has never seen", 22),
    ),
    "Training well": (),
    "Beyond": (
        Demo("convnet", "a convolution, written in the demo, reads them with fewer parameters", 20),
        Demo("autoencoder", "64 pixels through two numbers and back: a map of the digits", 21),
    ),
}  # fmt: skip
