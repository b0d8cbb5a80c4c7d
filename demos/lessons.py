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
        Demo("five_steps", "a line fitted in five rows; then one gradient, two optimizers", 3),
        Demo("losses", "squared error and cross-entropy on a sigmoid that is sure and wrong", 3),
    ),
    "A network": (
        Demo("moons", "a 2-16-16-1 network learns two moons to 99 % or better", 8),
        Demo("playgrounds", "five pages in which a network learns while it is touched", 3),
        Demo("digits", "a 64-24-10 network reads handwritten digits it has never seen", 20),
        Demo("cost_of_gradients", "one backward pass against n differences, as n grows", 5),
        Demo("delta_rule", "the matrix formulas of the textbooks give the same gradients", 3),
        Demo("compiling", "the graph as Python, as the matrices found in it, as JavaScript", 4),
        Demo("race", "a step of training on this engine, on others, and compiled", 60),
    ),
    "Training well": (
        Demo("initialization", "equal weights stay equal; from which starts XOR gets stuck", 10),
        Demo("weight_scales", "Xavier and Kaiming keep numbers in size, forward and back", 3),
        Demo("vanishing_gradients", "gradients by layer; norms rescue, clipping tames them", 7),
        Demo("learning_rates", "too small, good and too large, and the limit the Hessian sets", 3),
        Demo("optimizers", "six, and Newton, race down a valley, plateaus, a saddle and bumps", 7),
        Demo("batch_sizes", "batch, mini-batch, stochastic descent, each at its best rate", 3),
        Demo("regularization", "24 points by heart; dropout, weight decay, early stopping", 3),
    ),
    "Beyond": (
        Demo("convnet", "a convolution, written in the demo: one small layer at all places", 24),
        Demo("words", "a recurrent cell learns endings; so does a table that counts them", 17),
        Demo("attention", "a value looked up under its key; the map of where it looked", 13),
        Demo("names", "a GPT of 4,192 Values learns how names are spelled, and makes up more", 40),
        Demo("discrete_data", "one-hot, embedding; ways through a choice without a gradient", 11),
        Demo("autoencoder", "64 pixels through two numbers and back: a map of the digits", 21),
        Demo("policy_gradient", "REINFORCE learns to balance a pole; what a baseline is for", 15),
        Demo("maml", "extra: learning to learn, by second derivatives", 5),
        Demo("without_gradients", "extra: a genetic algorithm and a swarm, and their price", 4),
    ),
}  # fmt: skip
