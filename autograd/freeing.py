"""Freeing a graph of any depth without recursion in C.

Python frees the parents of a node while it frees the node. Up to version 3.12 it lets that nest 50
deep. From 3.13 on it lets it nest as deep as the stack of the main thread allows: a chain of 20,000
nodes then crashes a process that drops it in a thread with a small stack, or inside a browser.
"""

import sys
import threading
from typing import Any


class _Parents(threading.local):
    """The parents of nodes that are being freed in this thread; None while there are none."""

    waiting: list[Any] | None = None


_parents = _Parents()


class Freeing:
    """What ``Value`` inherits to hand its parents to one loop, which frees them one by one."""

    __slots__ = ()

    parents: Any

    if sys.version_info >= (3, 13):

        def __del__(self) -> None:
            parents = getattr(self, "parents", ())  # a constructor that raised has set none
            if not parents:
                return
            self.parents = ()
            if _parents.waiting is not None:  # the loop below is running
                _parents.waiting.append(parents)
                return
            _parents.waiting = [parents]
            del parents
            while _parents.waiting:
                _parents.waiting.pop()
            _parents.waiting = None
