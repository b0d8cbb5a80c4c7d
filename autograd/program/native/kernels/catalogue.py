"""The kernels: what one instruction of a program does, to a block of rows.

A block stands in slots, one for each number of the graph, with a lane for each row. The rest of an
instruction says where: offsets of slots in ``buffer``, and for products in ``weights``. Lanes
beyond the last row hold that row again, so that they are never outside a domain; sums leave them
out.

    name          the rest of its instruction
    load          pairs of a column and a slot: columns[column] → slot
    store         pairs of an output and a slot: slot → outputs[output]
    an operation  members: the slot of the result, and one for each operand
    of many       members: the slot of the result, count, and the slots of so many operands
                  (dot: of twice as many; cross_entropy: of the chosen score, and of so many)
    product8      count, panels, place of the weights, count slots, and 8 slots of results a panel
    product8 gate the same, and 8 slots a panel of what opens and shuts the gates
    affine        members: the slot of the result, count, place of the weights, count slots
    dots          members: 4 slots of results, count, and count slots; for each of these 4 slots
    outer4x4      tiles, terms, place in the sums; for each tile and term 4 slots and 4 slots
    pairs         place in the sums, 8 slots and 8 slots

Members, and pairs of slots, have their number before them.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from llvmlite import ir

from autograd.program.native.kernels.code import ENDS, OUTER, PANELS, WIDTH, product_name
from autograd.program.native.kernels.kernel import Kernel, number
from autograd.program.native.kernels.lanes import I64, Lanes, lifted
from autograd.program.native.kernels.many import OF_MANY, of_many
from autograd.program.native.kernels.operations import Elementwise, elementwise_operations
from autograd.program.native.kernels.outer import outer, pairs
from autograd.program.native.kernels.products import Blocking, affine, dots, product

ARGUMENTS = ["buffer", "weights", "sums", "code", "lanes", "count", "outside"]


class Kernels:
    """All kernels in one module, in an order that gives each its number."""

    def __init__(self, module: ir.Module, blocking: Blocking) -> None:
        self.module, self.blocking = module, blocking
        self.functions: dict[str, Any] = {}
        operations = elementwise_operations()
        for name, operation in operations.items():
            with self._kernel(name) as kernel:
                elementwise(kernel, operation)
        for size, end in itertools.product(PANELS, ("", *ENDS)):
            with self._kernel(product_name(size, end)) as kernel:
                product(kernel, size, blocking, operations.get(end))
        with self._kernel("affine") as kernel:
            affine(kernel)
        with self._kernel("dots") as kernel:
            dots(kernel, blocking)
        for name, of_any in OF_MANY.items():
            with self._kernel(name) as kernel:
                of_many(kernel, of_any)
        for m, n in OUTER:
            with self._kernel(f"outer{m}x{n}") as kernel:
                outer(kernel, (m, n), blocking)
        with self._kernel("pairs") as kernel:
            pairs(kernel)

    @contextmanager
    def _kernel(self, name: str) -> Iterator[Kernel]:
        kernel = Kernel(self.module, f"kernel {name}", ARGUMENTS)
        kernel.function.linkage = "internal"
        kernel.function.attributes.add("noinline")
        yield kernel
        kernel.finish()
        self.functions[name] = kernel.function


def elementwise(k: Kernel, operation: Elementwise) -> None:
    """Write an operation that is done lane by lane."""
    b, size = k.builder, 1 + operation.n_operands
    with k.loop(0, k.word(k.code, 0)) as member:
        base = b.add(b.mul(member, number(size)), number(1))
        slots = [k.word(k.code, b.add(base, number(place))) for place in range(size)]
        with k.loop(0, k.lanes, WIDTH) as lane:
            operands = [Lanes(b, k.lanes_at(k.buffer, slot, lane)) for slot in slots[1:]]
            result = lifted(b, operation.function(*operands))
            k.put_lanes(result.value, k.buffer, slots[0], lane)
            if operation.outside:
                _note(k, operation.outside(*operands).value)


def _note(k: Kernel, mask: Any) -> None:
    """Note that some lane is outside of a domain."""
    b = k.builder
    bits = b.bitcast(mask, ir.IntType(WIDTH))
    any_lane = b.zext(b.icmp_unsigned("!=", bits, ir.IntType(WIDTH)(0)), I64)
    k.put(b.or_(k.item(k.outside, 0, I64), any_lane), k.outside, 0)
