"""Words of other engines that a Value does not have, and what to write instead."""

from typing import Any

OTHER_WORDS = {
    "_prev": "its parents are v.parents",
    "_op": "its operation is v.op",
    "_backward": "its local derivatives are v.local_derivatives, and output.backward() runs a pass",
    "item": "its number is v.data",
    "detach": "its number, without the graph, is v.data; autograd.detach(v) is a node, cut off",
    "zero_grad": "write del v.grad, or autograd.zero_grad(output) for a whole graph",
}


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
