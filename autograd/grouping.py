"""with group("step 3"): a name for what no module makes, such as the steps of a loop."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from autograd.making import making
from autograd.scope import Call, GroupScope, current_call


@contextmanager
def group(name: str) -> Iterator[None]:
    """Show the nodes made within ``with group(name):`` as one box, where a picture is folded.

    For what no module makes, such as the steps of a loop. Groups may be inside of each other, of
    modules, and around them; independent groups of the same name lie on one another, like the rows
    of a batch. Raises TypeError for a name that is not text, ValueError for an empty one.
    """
    if not isinstance(name, str):
        raise TypeError(f"a group has a name, as in group('step 3'), not {name!r:.60}")
    if not name:
        raise ValueError("a group needs a name, as in group('step 3'): this one is empty")
    around = current_call.get()
    scope = GroupScope(name, around.scope if around else None)
    token = current_call.set(Call(scope, around))
    try:
        with making(_mark_with_call):
            yield
    finally:
        current_call.reset(token)


def _mark_with_call(node: Any) -> None:
    if node.parents:
        node.scope = current_call.get()
