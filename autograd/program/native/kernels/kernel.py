"""A kernel under construction: a function of LLVM's, with loops, loads and stores."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from llvmlite import ir

from autograd.program.native.kernels.code import WIDTH
from autograd.program.native.kernels.lanes import (
    ALIGNMENT,
    F64,
    I1,
    I32,
    I64,
    NOTHING,
    POINTER,
    TRUTHS,
    VECTOR,
    WHOLES,
    Lanes,
    function,
    fused,
    splat,
)


class Kernel:
    """A function under construction, with the loops and loads that kernels are made of.

    Its arguments, by their names, are attributes.
    """

    buffer: Any
    weights: Any
    sums: Any
    code: Any
    lanes: Any
    count: Any
    outside: Any
    columns: Any
    end: Any
    fields: Any

    def __init__(self, module: ir.Module, name: str, arguments: Sequence[str]) -> None:
        kinds = [I64 if argument in ("lanes", "count") else POINTER for argument in arguments]
        self.function = ir.Function(module, ir.FunctionType(NOTHING, kinds), name)
        self.builder = ir.IRBuilder(self.function.append_basic_block())
        for argument, its_name in zip(self.function.args, arguments, strict=True):
            setattr(self, its_name, argument)
            if its_name in ("code", "weights", "columns"):
                argument.add_attribute("noalias")

    # -- loops ---------------------------------------------------------------------------------

    @contextmanager
    def loop(self, start: Any, stop: Any, step: Any = 1) -> Iterator[Any]:
        """Write a loop around what the block writes."""
        with self.looping(start, stop, step, []) as (place, _, _):
            yield place

    @contextmanager
    def looping(
        self, start: Any, stop: Any, step: Any, first: Sequence[Any]
    ) -> Iterator[tuple[Any, list[Any], list[Any]]]:
        """Write a loop that carries values: the block has them, and fills a list of the next."""
        b, before = self.builder, self.builder.block
        start, stop, step = (number(operand) for operand in (start, stop, step))
        head, body, end = (b.append_basic_block() for _ in range(3))
        b.branch(head)
        b.position_at_end(head)
        place, carried = b.phi(I64), [b.phi(value.type) for value in first]
        for phi, value in zip([place, *carried], [start, *first], strict=True):
            phi.add_incoming(value, before)
        b.cbranch(b.icmp_signed("<", place, stop), body, end)
        b.position_at_end(body)
        following: list[Any] = []
        yield place, carried, following
        following = [b.add(place, step), *following]
        for phi, value in zip([place, *carried], following, strict=True):
            phi.add_incoming(value, b.block)
        b.branch(head)
        b.position_at_end(end)

    def accumulated(
        self, start: Any, stop: Any, first: Sequence[Any], term: Callable[[Any, list[Any]], Any]
    ) -> list[Any]:
        """Return what is left of ``first`` after a loop in which ``term`` returns the next."""
        with self.looping(start, stop, 1, first) as (place, carried, following):
            following.extend(term(place, carried))
        return carried

    # -- loads and stores ----------------------------------------------------------------------

    def at(self, pointer: Any, place: Any, kind: ir.Type = I32) -> Any:
        """Return the pointer to an item."""
        return self.builder.gep(pointer, [number(place)], source_etype=kind)

    def word(self, code: Any, place: Any) -> Any:
        """Return a word of the code, as a whole number."""
        return self.builder.sext(self.builder.load(self.at(code, place), typ=I32), I64)

    def item(self, pointer: Any, place: Any, kind: ir.Type = F64) -> Any:
        return self.builder.load(self.at(pointer, place, kind), typ=kind)

    def put(self, value: Any, pointer: Any, place: Any) -> None:
        self.builder.store(value, self.at(pointer, place, value.type))

    def spread(self, pointer: Any, place: Any) -> Any:
        """Return one number in all lanes."""
        return self.in_all_lanes(self.item(pointer, place), VECTOR)

    def in_all_lanes(self, value: Any, kind: ir.Type) -> Any:
        undefined = ir.Constant(kind, ir.Undefined)
        one = self.builder.insert_element(undefined, value, I32(0))
        return self.builder.shuffle_vector(one, undefined, splat(I32, 0))

    def lanes_at(self, pointer: Any, slot: Any, lane: Any) -> Any:
        """Return eight lanes of a slot."""
        place = self.at(pointer, self.builder.add(slot, number(lane)), F64)
        return self.builder.load(place, typ=VECTOR, align=ALIGNMENT)

    def put_lanes(self, value: Any, pointer: Any, slot: Any, lane: Any) -> None:
        place = self.at(pointer, self.builder.add(slot, number(lane)), F64)
        self.builder.store(value, place, align=ALIGNMENT)

    def gathered(self, numbers: Any, places: Any, first: Any) -> Any:
        """Return eight numbers, of places that are eight words of a list."""
        b, pointers = self.builder, ir.VectorType(POINTER, WIDTH)
        words = b.load(self.at(places, first), typ=ir.VectorType(I32, WIDTH), align=4)
        addresses = b.gep(numbers, [b.sext(words, WHOLES)], source_etype=F64)
        addresses.type = pointers  # llvmlite takes it for one
        name = f"llvm.masked.gather.v{WIDTH}f64.v{WIDTH}p0"
        gather = function(b, name, [pointers, I32, TRUTHS, VECTOR], VECTOR)
        return b.call(gather, [addresses, I32(8), splat(I1, 1), splat(F64, 0.0)])

    def fused(self, x: Any, y: Any, z: Any) -> Any:
        return fused(*[Lanes(self.builder, value) for value in (x, y, z)]).value

    def in_lanes(self, vectors: int, write: Callable[[list[Any]], None]) -> None:
        """Write a loop over the lanes, some vectors at once and those that are left one by one."""
        b, size = self.builder, WIDTH * vectors
        whole = b.mul(b.sdiv(self.lanes, number(size)), number(size)) if vectors > 1 else number(0)
        if vectors > 1:
            with self.loop(0, whole, size) as lane:
                write([b.add(lane, number(WIDTH * k)) for k in range(vectors)])
        with self.loop(whole, self.lanes, WIDTH) as lane:
            write([lane])

    def members(self, write: Callable[[Any], Any]) -> None:
        """Write a loop over members of any length: ``write`` returns where the next one begins."""
        start = self.at(self.code, 1)
        with self.looping(0, self.word(self.code, 0), 1, [start]) as (_, (code,), following):
            following.append(write(code))

    def finish(self) -> None:
        self.builder.ret_void()


def number(operand: Any) -> Any:
    return I64(operand) if isinstance(operand, int) else operand
