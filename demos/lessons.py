"""The demos by lesson: from a number to what lies beyond."""

from typing import NamedTuple


class Demo(NamedTuple):
    """A demo's module, what it shows in a line, and the seconds it takes on one shared core."""

    name: str
    line: str
    seconds: int


LESSONS = {
    "A number": (
        Demo("derivative", "a slope, zoomed in on until it is a line; a kink never is", 1),
        Demo("first_graph", "one loss: its graph, its table of values and gradients", 1),
        Demo("stepping", "a REPL session with a stepper, and a picture of each step", 2),
        Demo("lesson_pages", "five lessons for the browser, from an expression to softmax", 3),
        Demo("why_topological_order", "b = a + a; c = b + b, told in three acts", 1),
    ),
    "A neuron": (
        Demo("neuron", "one tanh neuron, elementary and fused", 1),
        Demo("activations", "eight curves beside their derivatives; what ten let through", 1),
        Demo("five_steps", "a line fitted: forward, loss, backward, update, repeat", 1),
        Demo("losses", "squared error and cross-entropy on a sigmoid that is sure and wrong", 3),
    ),
    "A network": (
        Demo("xor", "why one neuron fails at it, and what a hidden layer sees", 4),
        Demo("moons", "a 2-16-16-1 network learns two moons to 99 % or better", 8),
        Demo("playgrounds", "five pages in which a network learns while it is touched", 3),
        Demo("digits", "a 64-24-10 network reads handwritten digits it has never seen", 20),
        Demo("gradient_checking", "a planted mistake: where it is found, where it hides", 3),
        Demo("delta_rule", "the matrix formulas of the textbooks give the same gradients", 3),
        Demo("compiling", "the graph as Python, as the matrices found in it, as JavaScript", 4),
    ),
    "Training well": (
        Demo("initialization", "equal weights stay equal; from which starts XOR gets stuck", 10),
        Demo("vanishing_gradients", "first weights, activations and norms, through 20 layers", 5),
        Demo("clipping", "gradients that explode, and the same ones cut down to a norm", 5),
        Demo("residual_connections", "a gradient through 40 layers, with and without x + f(x)", 15),
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
        Demo("discrete_data", "a choice lets no gradient through; straight-through, Gumbel", 11),
        Demo("autoencoder", "64 pixels through two numbers and back: a map of the digits", 21),
        Demo("policy_gradient", "REINFORCE learns to balance a pole; what a baseline is for", 15),
        Demo("maml", "extra: learning to learn, by second derivatives", 5),
        Demo("without_gradients", "extra: a genetic algorithm and a swarm, and their price", 4),
    ),
    "The rest of the subject": (
        Demo("three_ways", "symbols swell, differences round, and a graph does neither", 2),
        Demo("forward_and_reverse", "one trace read two ways; who wins for n inputs, m outputs", 3),
        Demo("costs_counted", "the operations of a gradient, counted: at most four times", 3),
        Demo("cost_of_gradients", "one backward pass against n differences, as n grows", 5),
        Demo("checkpointing", "2√n numbers kept instead of n, for one more forward pass", 15),
        Demo("through_programs", "loops, branches, detach; a controller trained in its plant", 8),
        Demo("implicit", "a solver, through its iterations and by its equation alone", 2),
        Demo("microbatches", "gradients of parts add up to the whole, in any order", 3),
        Demo("data_parallel", "workers share the rows, and find the bits of one process", 40),
        Demo("race", "the same step on other engines and frameworks, and in C by hand", 60),
    ),
}  # fmt: skip
