"""The cases of whole graphs: what is added up, in which order, how often, and what stays."""

from autograd.conformance.cases.case import Between, Case

SHAPES = (
    Case(
        "chain rule",
        "Slopes multiply along a chain: local derivative times upstream gradient.",
        "a = Value(2.0); y = (a * 3 + 1) ** 2 / 7 * 2; y.backward()",
        {"y.data": 14.0, "a.grad": 12.0},
        "Each contribution is the local derivative times out.grad.",
    ),
    Case(
        "reuse",
        "A value used twice influences the output twice, and its gradient is the sum.",
        "a = Value(3.0); b = a + a; b.backward()",
        {"b.data": 6.0, "a.grad": 2.0},
        "Gradients must add up where a value is used twice: += and not =.",
    ),
    Case(
        "repeated parent",
        "a * a has two edges to a, and each brings a contribution.",
        "a = Value(3.0); y = a * a; y.backward()",
        {"y.data": 9.0, "a.grad": 6.0},
        "Keep the parents in a tuple: a set would hold a only once.",
    ),
    Case(
        "diamond",
        "Two paths from a meet again in the output: their contributions add up.",
        "a = Value(2.0); b = a * 3; c = a + 5; y = b * c; y.backward()",
        {"y.data": 42.0, "a.grad": 27.0, "b.grad": (7.0, None), "c.grad": (6.0, None)},
        "Gradients must add up where paths meet: += and not =.",
    ),
    Case(
        "order: long path first",
        "A node hands on its gradient only after all of its children have handed it theirs.",
        "x = Value(3.0); s = x * x; t = s + 1; y = t * x + s; y.backward()",
        {"y.data": 39.0, "x.grad": 34.0},
        "Visit the nodes in reverse topological order: children before parents.",
    ),
    Case(
        "order: short path first",
        "The order in which operands are written makes no difference.",
        "x = Value(3.0); s = x * x; t = s + 1; y = s + x * t; y.backward()",
        {"y.data": 39.0, "x.grad": 34.0},
        "Visit the nodes in reverse topological order: children before parents.",
    ),
    Case(
        "order: paths of many lengths",
        "A node with short and long paths to the output has to wait for the longest one.",
        "a = Value(1.0); b = a * 2; c = b * 3; d = c * 4; y = b + d + c; y.backward()",
        {"y.data": 32.0, "a.grad": 32.0},
        "Neither a queue nor a plain walk is a topological order: append a node to the list "
        "after its parents, then go through the list backwards.",
    ),
    Case(
        "ladder",
        "24 doublings are 24 nodes but 16,777,216 paths: each node is visited once.",
        "a = Value(1.0); y = a\nfor _ in range(24): y = y + y\ny.backward()",
        {"y.data": 16777216.0, "a.grad": 16777216.0},
        "Remember the nodes that were visited, in a set, and do not call parents recursively.",
        group="robustness",
    ),
    Case(
        "deep chain",
        "A sum of 3,000 terms, one after the other, is an ordinary loss.",
        "a = Value(1.0); b = Value(2.0); y = a\nfor _ in range(3000): y = y + b\ny.backward()",
        {"y.data": 6001.0, "a.grad": 1.0, "b.grad": 3000.0},
        "Python's recursion stops near 1,000: sort with a loop and a stack of your own.",
        group="robustness",
    ),
    Case(
        "equal numbers",
        "Two nodes with equal numbers are still two nodes.",
        "a = Value(2.0); b = Value(2.0); y = a * 3 + b * 3; y.backward()",
        {"y.data": 12.0, "a.grad": 3.0, "b.grad": 3.0},
        "Tell nodes apart by identity: no __eq__ by data (a dataclass needs eq=False).",
    ),
    Case(
        "neuron",
        "One tanh neuron of two inputs, the example of many lectures.",
        "x1 = Value(2.0); w1 = Value(-3.0); x2 = Value(0.0); w2 = Value(1.0); "
        "b = Value(6.8813735870195432); o = tanh(x1*w1 + x2*w2 + b); o.backward()",
        {"o.data": 0.7071067811865476, "x1.grad": -1.5, "w1.grad": 1.0, "x2.grad": 0.5,
         "w2.grad": 0.0, "b.grad": 0.5},
        "If the cases of + and * and tanh pass, look at the order of the backward pass.",
        needs=("tanh",),
    ),
    Case(
        "micrograd's example",
        "The expression of micrograd's README: all operators, with reuse.",
        """
a = Value(-4.0); b = Value(2.0)
c = a + b; d = a * b + b**3
c += c + 1; c += 1 + c + (-a)
d += d * 2 + relu(b + a); d += 3 * d + relu(b - a)
e = c - d; f = e**2
g = f / 2.0; g += 10.0 / f
g.backward()
""",
        {"g.data": 24.70408163265306, "a.grad": 138.8338192419825, "b.grad": 645.5772594752187},
        "If all smaller cases pass, cut the expression in two and compare the halves.",
        needs=("relu",),
    ),
)  # fmt: skip

ROLES = (
    Case(
        "intermediate node",
        "An intermediate node holds the derivative of the output in it (or None, where an engine "
        "keeps the gradients of leaves only).",
        "a = Value(2.0); b = a * 3; y = b * b; y.backward()",
        {"b.grad": (12.0, None), "y.grad": (1.0, None), "a.grad": 36.0},
        "The output's own gradient is 1, and each node keeps the sum that it hands on.",
    ),
    Case(
        "backward from the middle",
        "b.backward() differentiates b, whatever was computed from it later.",
        "a = Value(2.0); b = a * 3; y = b * 5; b.backward()",
        {"a.grad": 3.0, "y.grad": (0.0, None)},
        "Start from self and follow parents only, not a list of all nodes ever made.",
    ),
    Case(
        "backward on a leaf",
        "The derivative of a in itself is 1.",
        "a = Value(2.0); a.backward()",
        {"a.grad": 1.0},
        "backward() sets the gradient of self to 1, also where self has no parents.",
    ),
    Case(
        "unused leaf",
        "What the output does not depend on has gradient 0 (or None).",
        "a = Value(2.0); b = Value(3.0); y = a * 2; y.backward()",
        {"a.grad": 2.0, "b.grad": (0.0, None)},
        "Start every gradient from 0.0, in __init__ and not in the class.",
    ),
    Case(
        "separate graphs",
        "A backward pass through one graph does not touch another.",
        "a = Value(2.0); b = Value(3.0); y = a * 2; z = b * 5; y.backward(); z.backward()",
        {"a.grad": 2.0, "b.grad": 5.0},
        "No list of parents or gradients may be shared: beware of def __init__(..., parents=[]).",
    ),
    Case(
        "numbers stay",
        "A backward pass computes gradients and changes no data.",
        "a = Value(2.0); b = Value(3.0); c = a * b; y = c + a; y.backward()",
        {"a.data": 2.0, "b.data": 3.0, "c.data": 6.0, "y.data": 8.0},
        "backward() writes to .grad only.",
    ),
    Case(
        "+= on a name",
        "y += b makes a new node and leaves the old one, a, as it was.",
        "a = Value(2.0); b = Value(3.0); y = a; y += b; y *= a; y.backward()",
        {"a.data": 2.0, "y.data": 10.0, "a.grad": 7.0, "b.grad": 2.0},
        "Leave out __iadd__ and __imul__: Python then uses __add__ and __mul__.",
    ),
)

TIME = (
    Case(
        "second backward",
        "A second pass adds the same gradient to the leaves once more, or starts afresh, or is "
        "refused with an error; all pass. What is in between is not a derivative.",
        "a = Value(2.0); b = Value(3.0); c = a * b; y = c * 4; y.backward(); y.backward()",
        {"a.grad": (24.0, 12.0), "b.grad": (16.0, 8.0)},
        "Set the gradients of intermediate nodes to 0 when a backward pass starts.",
        may_refuse=1,
        group="robustness",
    ),
    Case(
        "two outputs",
        "Passes from two outputs over a shared part: the leaf holds the sum of both, or the "
        "last; a refusal passes too.",
        "x = Value(3.0); s = x * x; y = s * 2; z = s * 3; y.backward(); z.backward()",
        {"x.grad": (30.0, 18.0)},
        "Set the gradients of intermediate nodes to 0 when a backward pass starts.",
        may_refuse=1,
        group="robustness",
    ),
    Case(
        "zeroing",
        "Setting a leaf's gradient to 0 forgets the passes before.",
        "w = Value(2.0); y = w * 3; y.backward(); w.grad = 0.0; z = w * 5; z.backward()",
        {"w.grad": 5.0},
        "Keep the gradient in .grad alone, where it can be set.",
    ),
    Case(
        "training step",
        "Gradient descent: w.data is edited against the gradient, here by 0.1 * 18; computed "
        "again, the loss is smaller.",
        "w = Value(1.0); loss = (w * 3 - 6) ** 2; loss.backward(); gradient = w.grad; "
        "w.data = 2.8; loss = (w * 3 - 6) ** 2",
        {"gradient": -18.0, "w.data": 2.8, "loss.data": 5.76},
        "A forward pass reads the .data of now; nothing of the old graph may be kept in w.",
    ),
    Case(
        "edit before backward",
        "If a number is edited between the two passes, the derivative is that of the old "
        "numbers, or that of the new ones; a refusal passes too. A mixture of both is not one.",
        "a = Value(2.0); b = Value(3.0); c = a * b; y = c * a; a.data = 5.0; y.backward()",
        {"a.grad": (12.0, 30.0)},
        "Take the numbers for the local derivatives when the forward pass runs.",
        may_refuse=2,
        group="robustness",
    ),
    Case(
        "freeing of memory",
        "A graph that nobody holds is freed, at the latest by the garbage collector: here 1,000 "
        "nodes are dropped, and the objects that stay for each are counted.",
        """
import gc
w = Value(2.0)
def train():
    for _ in range(50):
        y = w
        for _ in range(20): y = y + w
        y.backward()
train(); gc.collect(); before = len(gc.get_objects())
train(); gc.collect(); after = len(gc.get_objects())
left = max(0, round((after - before) / 1000))
""",
        {"left": 0.0},
        "No list of all nodes, and no leaf that remembers its children: training would fill "
        "the memory.",
        group="robustness",
    ),
    Case(
        "steps of a pass",
        "10 diamonds in a row have twice the nodes of 5, and 32 times the paths: a pass takes "
        "twice the steps. Counted are the lines that Python runs.",
        """
import sys
def steps(diamonds):
    y = Value(1.0)
    for _ in range(diamonds): y = y * 0.5 + y * 0.5
    lines = []
    def trace(*_):
        lines.append(1)
        return trace
    before = sys.gettrace()
    sys.settrace(trace)
    try: y.backward()
    finally: sys.settrace(before)
    return len(lines) + 1
growth = steps(10) / steps(5)
""",
        {"growth": Between(0.0, 8.0)},
        "Each node hands on once, however many paths lead to it: remember the nodes in a set.",
        group="robustness",
    ),
    Case(
        "time of a pass",
        "8 times the nodes take some 8 times as long; up to 16 times passes, as a machine may be "
        "busy. A search through a list at every node takes up to 64 times as long.",
        """
import gc, os, time
clock = time.perf_counter if os.name == "nt" else time.thread_time
def seconds(terms, readings):
    times = []
    while readings:
        values = [Value(1.0) for _ in range(terms)]
        while len(values) > 1: values = [a + b for a, b in zip(values[::2], values[1::2])]
        start = clock()
        values[0].backward()
        times.append(clock() - start)
        readings -= times[-1] > 0
        if len(times) > 80: raise RuntimeError("a pass is too short for the clock of this system")
    return sum(times) / len(times)
was_on = gc.isenabled()
gc.disable()
rounds, growth = [], 0.0
try:
    while len(rounds) < 3 or growth > 16 and len(rounds) < 12:
        rounds.append((seconds(64, 8), seconds(512, 1)))
        small, large = map(min, zip(*rounds))
        growth = large / small
finally: was_on and gc.enable()
""",
        {"growth": Between(0.0, 16.0)},
        "Remember the visited nodes in a set: `in` looks through a list, and pop(0) moves it.",
        group="robustness",
    ),
)

GRAPHS = SHAPES + ROLES + TIME
