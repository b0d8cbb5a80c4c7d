"""Words of other engines that are not ours, and what to write instead."""

import sys
from collections.abc import Mapping
from typing import Any

OTHER_WORDS = {  # of a Value
    "_prev": "its parents are v.parents",
    "_op": "its operation is v.op",
    "_backward": "its local derivatives are v.local_derivatives, and output.backward() runs a pass",
    "item": "its number is v.data",
    "detach": "its number, without the graph, is v.data; autograd.detach(v) is a node, cut off",
    "zero_grad": "write del v.grad, or autograd.zero_grad(output) for a whole graph",
    "square": "its square is v**2",
    "pow": "a power of it is v**2",
    "requires_grad_": "nothing is switched on, output.backward() fills in v.grad of every node",
}
OF_AUTOGRAD = {
    "Tensor": "a number of a graph is Value(2.0)",
    "no_grad": "it is not needed, v.data -= 0.1 * v.grad is not recorded; detach(v) cuts a path",
    "tensor": "a number of a graph is Value(2.0)",
}
OF_NN = {
    "BCELoss": "the loss is a function, binary_cross_entropy(outputs, targets)",
    "BCEWithLogitsLoss": "it is a function, binary_cross_entropy_with_logits(outputs, targets)",
    "BatchNorm1d": "write BatchNorm(3)",
    "CrossEntropyLoss": "the loss is a function, cross_entropy(outputs, classes)",
    "Linear": 'write Layer(2, 3, "linear"), or Layer(2, 3, "relu") with its activation',
    "MSELoss": "the loss is a function, mse_loss(outputs, targets)",
    "Parameter": "a Value that a module holds is a parameter",
    "ReLU": 'write Activation("relu"), or Layer(2, 3, "relu")',
    "Sigmoid": 'write Activation("sigmoid"), or Layer(2, 3, "sigmoid")',
    "Tanh": 'write Activation("tanh"), or Layer(2, 3, "tanh")',
}


def missing(module: str, name: str, words: Mapping[str, str]) -> AttributeError | ImportError:
    """Return what the ``__getattr__`` of a module raises, with the word to use if one is known.

    ``from module import name`` would replace the text of an AttributeError, so that it is given an
    ImportError. A submodule, too, is looked for as an attribute first.
    """
    if name not in words:
        return AttributeError(f"module {module!r} has no attribute {name!r}")
    told = f"{module} has no {name}: {words[name]}"
    if sys._getframe(2).f_globals.get("__name__") == "importlib._bootstrap":
        return ImportError(told, name=module)
    return AttributeError(told)


class OtherWords:
    """What ``Value`` inherits to say which word to use instead.

    Not a ``__getattr__``: with one, a node without a gradient takes four times as long to say so,
    and a training step 15 % longer. No attribute is added: ``hasattr`` and ``dir`` know none.
    """

    __slots__ = ()

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if name not in OTHER_WORDS]


class _OtherWord:
    """A name that is looked up in vain."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, node: Any, owner: type) -> Any:
        raise AttributeError(
            f"a Value has no {self.name}: {OTHER_WORDS[self.name]}", name=self.name, obj=node
        )


for _name in OTHER_WORDS:  # not in the class, so that type checkers find these words to be mistakes
    _word = _OtherWord()
    _word.__set_name__(OtherWords, _name)
    setattr(OtherWords, _name, _word)
