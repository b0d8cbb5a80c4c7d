"""Engines that are wrong in one way each, and engines that differ but are right.

All are made from the right one of ``demos/class_repository`` by overriding a method. A wrong one is
the mistake its docstring tells, and is registered with the case that names it.
"""

import math
from collections.abc import Callable
from types import SimpleNamespace

from demos.class_repository.engine import Value as Right

MISTAKES: dict[type, tuple[str, str]] = {}  # engine: case that catches it, verdict
VARIANTS: list[type] = []


def mistake(case: str, verdict: str = "wrong") -> Callable[[type], type]:
    def register(engine: type) -> type:
        MISTAKES[engine] = case, verdict
        return engine

    return register


def variant(engine: type) -> type:
    VARIANTS.append(engine)
    return engine


# -- adding up ---------------------------------------------------------------------------------


@mistake("reuse")
class AssignsInsteadOfAdding(Right):
    """`self.grad = ...` where it must be `+=`."""

    def receive(self, contribution):
        self.grad = contribution


@mistake("chain rule")
class ForgetsTheUpstreamGradient(Right):
    """Local derivatives are added without the factor out.grad."""

    def hand_on(self):
        for parent, local in zip(self.parents, self.local_derivatives, strict=True):
            parent.receive(local)


@mistake("add")
class ForgetsTheSeed(Right):
    """The output's gradient stays 0."""

    def backward(self):
        for node in self.order():
            node.hand_on()


@mistake("backward on a leaf")
class SeedsOnlyNodesWithParents(Right):
    def backward(self):
        if self.parents:
            super().backward()


@mistake("repeated parent")
class KeepsParentsInASet(Right):
    """dict keys, or a set, know a once in a * a."""

    def hand_on(self):
        for parent, local in dict(zip(self.parents, self.local_derivatives, strict=True)).items():
            parent.receive(self.grad * local)


@mistake("second backward", "raised")
class CrashesTheSecondTime(Right):
    """What the first pass used up is missing in the second: a blunder, and no refusal."""

    def backward(self):
        if hasattr(self, "done"):
            del self.missing
        self.done = True
        super().backward()


# -- order -------------------------------------------------------------------------------------


@mistake("order: long path first")
class VisitsInAQueue(Right):
    """Breadth first: s is visited before t has handed on."""

    def order(self):
        queue = [self]
        for node in queue:
            queue += [parent for parent in node.parents if parent not in queue]
        return queue


@mistake("order: short path first")
class VisitsInPreorder(Right):
    """Depth first, appended on the way down."""

    def order(self, seen=None):
        seen = [] if seen is None else seen
        if self not in seen:
            seen.append(self)
            for parent in self.parents:
                parent.order(seen)
        return seen


@mistake("order: paths of many lengths")
class VisitsParentsFirst(Right):
    """The topological order, not reversed."""

    def order(self):
        return super().order()[::-1]


@mistake("ladder", "timed out")
class HandsOnAtOnce(Right):
    """Recursion along every path: right, and 2**24 calls."""

    def backward(self):
        self.grad = 0.0
        self.walk(1.0)

    def walk(self, upstream):
        self.receive(upstream)
        for parent, local in zip(self.parents, self.local_derivatives, strict=True):
            parent.walk(upstream * local)


@mistake("steps of a pass")
class TakesThePathsOneByOne(HandsOnAtOnce):
    """The same for a chain of diamonds: 2**10 calls are counted, and not waited for."""


@mistake("time of a pass")
class LooksThroughAList(Right):
    """The visited nodes are in a list, which `in` goes through from the start."""

    def order(self):
        found, seen = super().order(), []
        for node in found:
            if node not in seen:
                seen.append(node)
        return seen


@mistake("deep chain", "raised")
class SortsByRecursion(Right):
    def order(self):
        found, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent in node.parents:
                    visit(parent)
                found.append(node)

        visit(self)
        return found[::-1]


@mistake("equal numbers")
class ComparesByData(Right):
    """As a dataclass does; nodes of equal data count as visited."""

    def __eq__(self, other):
        return self.data == other.data

    def __hash__(self):
        return hash(self.data)


# -- passes ------------------------------------------------------------------------------------


@mistake("second backward")
class KeepsIntermediateGradients(Right):
    def forget(self):
        pass


@mistake("two outputs")
class ForgetsTheOutputOnly(Right):
    """Right for a second pass from the same output, if it is all there is in between."""

    def backward(self):
        order = self.order()
        self.grad = 0.0
        self.receive(1.0)
        for node in order:
            node.hand_on()


@mistake("zeroing")
class GathersOutOfReach(Right):
    """.grad shows a private sum; setting it changes nothing."""

    grad = property(lambda self: self.total, lambda self, number: None)

    def __init__(self, *arguments):
        self.total = 0.0
        super().__init__(*arguments)

    def receive(self, contribution):
        self.total += contribution

    def forget(self):
        if self.parents:
            self.total = 0.0


@mistake("edit before backward")
class ReadsDataInTheBackwardPass(Right):
    """As closures over self and other do."""

    def __mul__(self, other):
        out = super().__mul__(other)
        out.is_product = True
        return out

    def hand_on(self):
        if hasattr(self, "is_product"):
            a, b = self.parents
            self.local_derivatives = (b.data, a.data)
        super().hand_on()


@mistake("training step")
class RemembersTheFirstForwardPass(Right):
    """A cache of results, keyed by who multiplies what."""

    def __mul__(self, other):
        products = self.__dict__.setdefault("products", {})
        if other not in products:
            products[other] = super().__mul__(other)
        return products[other]


@mistake("intermediate node")
class EmptiesWhatItHandsOn(Right):
    def hand_on(self):
        super().hand_on()
        if self.parents:
            self.grad = 0.0


# -- shared state ------------------------------------------------------------------------------


class Tape(Right):
    """A list of all nodes ever made."""

    nodes: list

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.nodes.append(self)


@mistake("backward from the middle")
class StartsFromTheLastNodeMade(Tape):
    nodes = []  # noqa: RUF012  (that it is shared is the mistake)

    def backward(self):
        Right.backward(self.nodes[-1])


@mistake("freeing of memory")
class KeepsATape(Tape):
    nodes = []  # noqa: RUF012  (that it is shared is the mistake)


@mistake("freeing of memory")
class KnowsItsChildren(Right):
    def __init__(self, data, parents=(), local_derivatives=()):
        super().__init__(data, parents, local_derivatives)
        for parent in parents:
            parent.__dict__.setdefault("children", []).append(self)


@mistake("separate graphs")
class SharesItsParents(Right):
    """def __init__(..., parents=[]), and then parents += ..."""

    everyone = []  # noqa: RUF012  (that it is shared is the mistake)

    def __init__(self, data, parents=(), local_derivatives=()):
        super().__init__(data, parents, local_derivatives)
        self.everyone += zip(parents, local_derivatives, strict=True)

    def hand_on(self):
        for parent, local in self.everyone:
            parent.receive(self.grad * local)


@mistake("unused leaf")
class StartsFromOne(Right):
    """Every gradient starts from 1, as only the output's should."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.grad = 1.0

    def backward(self):
        for node in self.order()[1:]:
            node.grad = 0.0
        for node in self.order():
            node.hand_on()


@mistake("numbers stay")
class WritesGradientsIntoData(Right):
    def backward(self):
        super().backward()
        self.data = self.grad


@mistake("+= on a name")
class AddsInPlace(Right):
    def __iadd__(self, other):
        self.data += self.lift(other).data
        return self


# -- operators ---------------------------------------------------------------------------------


def operation(forward, *local_derivatives):
    """Return a method for an operation and its local derivatives, functions of the operands."""

    def method(self, *others):
        operands = (self, *map(self.lift, others))
        numbers = [operand.data for operand in operands]
        return self.node(
            forward(*numbers),
            operands,
            [local(*numbers) for local in local_derivatives],
        )

    return method


@mistake("leaf")
class RoundsToInt(Right):
    def __init__(self, data, *arguments):
        super().__init__(int(data) + 0.5, *arguments)


@mistake("subtract")
class ForgetsTheMinus(Right):
    __sub__ = operation(lambda a, b: a - b, lambda a, b: 1.0, lambda a, b: 1.0)


@mistake("multiply")
class SwapsTheFactors(Right):
    __mul__ = operation(lambda a, b: a * b, lambda a, b: a, lambda a, b: b)


@mistake("divide")
class ForgetsTheSquare(Right):
    __truediv__ = operation(lambda a, b: a / b, lambda a, b: 1 / b, lambda a, b: -a / b)


@mistake("power")
class KeepsTheExponent(Right):
    def __pow__(self, n):
        return self.node(self.data**n, (self,), (n * self.data**n,))


@mistake("negate", "raised")
class HasNoMinus(Right):
    __neg__ = None
    __sub__ = operation(lambda a, b: a - b, lambda a, b: 1.0, lambda a, b: -1.0)


@mistake("number on the right", "raised")
class TakesNoNumbers(Right):
    def lift(self, other):
        return other


@mistake("number on the left of + and *", "raised")
class HasNoReflectedTimes(Right):
    __rmul__ = None


@mistake("sum of a list", "raised")
class HasNoReflectedPlus(Right):
    __radd__ = None


@mistake("number on the left of -")
class ReflectsMinusWrongly(Right):
    __rsub__ = Right.__sub__


@mistake("number on the left of /")
class ReflectsDivisionWrongly(Right):
    __rtruediv__ = Right.__truediv__


@mistake("whole numbers")
class DividesWhole(Right):
    __truediv__ = operation(
        lambda a, b: a // b if isinstance(a, int) else a / b,
        lambda a, b: 1 / b,
        lambda a, b: -a / b**2,
    )


@mistake("constants")
class TreatsZeroAsNothing(Right):
    """`other = other or 1`, or any other test of a number by its truth."""

    def lift(self, other):
        return super().lift(other or 1.0)


@mistake("zero factor", "raised")
class DividesByTheFactor(Right):
    """The local derivative of a * b in a as out / a."""

    __mul__ = operation(lambda a, b: a * b, lambda a, b: a * b / a, lambda a, b: a * b / b)


@mistake("square at zero", "raised")
class DividesByTheBase(Right):
    def __pow__(self, n):
        return self.node(self.data**n, (self,), (n * self.data**n / self.data,))


@mistake("power 0 at zero", "raised")
class PowersZeroByMinusOne(Right):
    def __pow__(self, n):
        return self.node(self.data**n, (self,), (n * self.data ** (n - 1),))


@mistake("power of a negative number", "raised")
class PowersByLogarithms(Right):
    def __pow__(self, n):
        return (self.log() * n).exp()


@mistake("root of a negative number")
class TakesComplexNumbers(Right):
    def __pow__(self, n):
        return self.node(self.data**n, (self,), (n * self.data ** (n - 1) if n else 0.0,))


@mistake("division by zero")
class AddsEpsilonToTheDivisor(Right):
    def __truediv__(self, other):
        return super().__truediv__(self.lift(other) + 1e-12)


@mistake("number to the power of a Value")
class ReflectsPowerWrongly(Right):
    __rpow__ = operation(lambda a, b: a**b, lambda a, b: b * a ** (b - 1), lambda a, b: 0.0)


@mistake("Value to the power of a Value")
class ForgetsTheExponent(Right):
    __pow__ = operation(
        lambda a, b: a**b,
        lambda a, b: b * a ** (b - 1) if b else 0.0,
        lambda a, b: 0.0,
    )


# -- functions ---------------------------------------------------------------------------------


@mistake("relu")
class LetsNegativeGradientsPass(Right):
    relu = operation(lambda a: max(a, 0.0), lambda a: 1.0)


@mistake("relu")
class ClipsInPlace(Right):
    def relu(self):
        self.data = max(self.data, 0.0)
        return self * 1.0


@mistake("relu at its kink", "raised")
class DividesByRelu(Right):
    relu = operation(lambda a: max(a, 0.0), lambda a: max(a, 0.0) / a)


@mistake("abs and its kink", "raised")
class DividesByAbs(Right):
    __abs__ = operation(abs, lambda a: a / abs(a))


@mistake("tanh")
class SquaresTheInput(Right):
    tanh = operation(math.tanh, lambda a: 1 - a**2)


@mistake("neuron")
class TanhFromASeries(Right):
    tanh = operation(lambda a: a - a**3 / 3 + 2 * a**5 / 15, lambda a: 1 - a**2 + 2 * a**4 / 3)


@mistake("tanh far out", "raised")
class TanhByExponentials(Right):
    tanh = operation(
        lambda a: (math.exp(2 * a) - 1) / (math.exp(2 * a) + 1), lambda a: 1 - math.tanh(a) ** 2
    )


@mistake("exp")
class ExpByThePowerRule(Right):
    exp = operation(math.exp, lambda a: a * math.exp(a - 1))


@mistake("exp far out", "raised")
class ExpByItsInverse(Right):
    exp = operation(lambda a: 1 / math.exp(-a), lambda a: 1 / math.exp(-a))


@mistake("log")
class DecimalLogarithm(Right):
    log = operation(math.log10, lambda a: 1 / a)


@mistake("log of zero")
class AddsEpsilonToTheLogarithm(Right):
    log = operation(lambda a: math.log(a + 1e-12), lambda a: 1 / (a + 1e-12))


@mistake("log of a negative number")
class LogarithmOfTheSize(Right):
    log = operation(lambda a: math.log(abs(a)), lambda a: 1 / a)


@mistake("micrograd's example")
class LosesSmallProducts(Right):
    """Wrong where several operations meet, and only there."""

    __rtruediv__ = operation(
        lambda b, a: a / b, lambda b, a: -a / b**2 if b < 40 else 0.0, lambda b, a: 1 / b
    )


@mistake("diamond")
class AddsUpTwiceOnly(Right):
    """`=` for the first child, `+=` for the same child again."""

    def hand_on(self):
        for parent in set(self.parents):
            parent.grad = 0.0
        super().hand_on()


# -- other things student code does ------------------------------------------------------------


@mistake("add", "raised")
class GradIsNone(Right):
    """Gradients start from None, and None + 1.0 is a TypeError."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.grad = None


@mistake("reuse", "raised")
class ParentsIsASet(Right):
    """Of two operands that are one it keeps one, and zip misses the other."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.parents = set(self.parents)


@mistake("number on the right", "raised")
class ParentsContainNumbers(Right):
    def __mul__(self, other):
        if isinstance(other, Right):
            return super().__mul__(other)
        return self.node(self.data * other, (self, other), (other, self.data))


@mistake("add", "timed out")
class LoopsForEver(Right):
    def backward(self):
        while True:
            self.grad += 0.0


@mistake("add", "raised")
class CallsExit(Right):
    def backward(self):
        raise SystemExit(0)


@mistake("add", "raised")
class RaisesAnErrorThatCannotBeShown(Right):
    def backward(self):
        class UnspeakableError(Exception):
            def __str__(self):
                raise ValueError

        raise UnspeakableError


# -- different, and right ----------------------------------------------------------------------


@variant
class StartsAfresh(Right):
    """Leaves too begin every pass with 0."""

    def forget(self):
        self.grad = 0.0


@variant
class RefusesASecondPass(Right):
    """As PyTorch does, unless told to retain the graph."""

    def hand_on(self):
        if self.parents and not self.local_derivatives:
            raise RuntimeError("backward through the graph a second time")
        super().hand_on()
        self.local_derivatives = ()


@variant
class HasNoGradientsAtFirst(Right):
    """None until a pass arrives, and None again for intermediate nodes afterwards."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.grad = None

    def forget(self):
        self.grad = None if self.parents else self.grad

    def receive(self, contribution):
        self.grad = contribution if self.grad is None else self.grad + contribution

    def hand_on(self):
        super().hand_on()
        self.forget()


@variant
class RecomputesBeforeThePass(Right):
    """Takes numbers edited since for good, in every node."""

    def __mul__(self, other):
        out = super().__mul__(other)
        out.is_product = True
        return out

    def backward(self):
        for node in self.order()[::-1]:
            if hasattr(node, "is_product"):
                a, b = node.parents
                node.data, node.local_derivatives = a.data * b.data, (b.data, a.data)
        super().backward()


@variant
class GivesWholeGradients(Right):
    """int where a number is whole, as engines with `self.grad = 0` do."""

    def receive(self, contribution):
        total = self.grad + contribution
        self.grad = int(total) if total == int(total) else total


@variant
class GivesGradientsThatAreNodes(Right):
    """A gradient with .data, as engines for higher derivatives have."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.grad = SimpleNamespace(data=0.0)

    def forget(self):
        if self.parents:
            self.grad = SimpleNamespace(data=0.0)

    def receive(self, contribution):
        self.grad = SimpleNamespace(data=getattr(self.grad, "data", self.grad) + contribution)

    def hand_on(self):
        for parent, local in zip(self.parents, self.local_derivatives, strict=True):
            parent.receive(self.grad.data * local)


@variant
class GivesInfinityAndNan(Right):
    """No errors at the edges of domains, but inf and nan."""

    log = operation(
        lambda a: math.log(a) if a > 0 else -math.inf if a == 0 else math.nan,
        lambda a: 1 / a if a else math.inf,
    )
    __truediv__ = operation(
        lambda a, b: a / b if b else math.copysign(math.inf, a),
        lambda a, b: 1 / b if b else math.inf,
        lambda a, b: -a / b**2 if b else math.inf,
    )

    def __pow__(self, n):
        is_real = self.data >= 0 or n == int(n)
        return super().__pow__(n) if is_real else self.node(math.nan, (self,), (math.nan,))


@variant
class ReluHalfAtItsKink(Right):
    relu = operation(lambda a: max(a, 0.0), lambda a: 0.5 * ((a > 0) + (a >= 0)))


@variant
class KnowsNoFunctions(Right):
    """The engine of the first lecture."""

    relu = tanh = exp = log = None
