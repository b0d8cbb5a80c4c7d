"""The kernels: what one instruction of a program does, to a block of rows.

A block stands in slots, one for each number of the graph, with a lane for each row. The rest of an
instruction says where: offsets of slots in ``buffer``, and for products in ``weights``. Lanes
beyond the last row hold that row again, so that they are never outside a domain; sums leave them
out.

    name          the rest of its instruction
    load          pairs of a column and a slot: columns[column] → slot
    store         pairs of an output and a slot: slot → outputs[output]
    an operation  its members: a slot for the result, and one for each operand
    product8, 4   count, panels, place of the weights, count slots, and 8 slots a panel
    affine        its members: slot, count, place of the weights, count slots
    total         its members: slot, count, count slots; so logsumexp, and cross_entropy, which has
    dot           the slot of the chosen score first; dot has 2·count of them
    outer4x4 ...  tiles, terms, place in the sums; for each term 4 + 4 slots
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from llvmlite import ir

from autograd.program.native_code import OUTER, PAIRS, PANELS, WIDTH
from autograd.program.native_functions import exp, log1p
from autograd.program.native_lanes import (
    ALIGNMENT,
    F64,
    I32,
    I64,
    NOTHING,
    POINTER,
    VECTOR,
    WHOLES,
    Lanes,
    fused,
    lifted,
    splat,
    where,
)
from autograd.program.native_operations import Elementwise, elementwise_operations


class Blocking(NamedTuple):
    """How many vectors the registers hold at once: results of a product by vectors, and a tile."""

    results: int
    vectors: int
    tile: tuple[int, int]


WIDE = Blocking(8, 2, (4, 4))  # 32 registers of 512 bits
NARROW = Blocking(4, 1, (2, 2))  # 16 of 256 bits, or 32 of 128


class Kernel:
    """A function under construction, with the loops and loads that kernels are made of."""

    def __init__(self, module: ir.Module, name: str, arguments: Sequence[str]) -> None:
        kinds = [I64 if argument in ("lanes", "count") else POINTER for argument in arguments]
        self.function = ir.Function(module, ir.FunctionType(NOTHING, kinds), name)
        self.builder = ir.IRBuilder(self.function.append_basic_block())
        for argument, its_name in zip(self.function.args, arguments, strict=True):
            setattr(self, its_name, argument)
            if its_name in ("code", "weights", "columns"):
                argument.add_attribute("noalias")

    def __getattr__(self, name: str) -> Any:  # an argument; set above, said here for the checker
        raise AttributeError(name)

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
            following += term(place, carried)
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

    def finish(self) -> None:
        self.builder.ret_void()


def number(operand: Any) -> Any:
    return I64(operand) if isinstance(operand, int) else operand


ARGUMENTS = "buffer weights sums code lanes count outside".split()


class Kernels:
    """All kernels in one module, in an order that gives each its number."""

    def __init__(self, module: ir.Module, blocking: Blocking) -> None:
        self.module, self.blocking = module, blocking
        self.functions: dict[str, Any] = {}
        for name, operation in elementwise_operations().items():
            with self._kernel(name) as kernel:
                elementwise(kernel, operation)
        for size in PANELS:
            with self._kernel(f"product{size}") as kernel:
                product(kernel, size, blocking)
        with self._kernel("affine") as kernel:
            affine(kernel)
        for name, write in MEMBERS_OF_MANY.items():
            with self._kernel(name) as kernel:
                of_many(kernel, write, n_lists=2 if name == "dot" else 1, n_first=name == "cross_entropy")
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
    b, size = k.builder, 1 + operation.count
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


# -- products of a matrix by what varies -----------------------------------------------------------


def product(k: Kernel, size: int, blocking: Blocking) -> None:
    """Write W @ x + b, ``size`` results in a pass; a panel of weights is b, then a line for each x."""
    b, results = k.builder, min(size, blocking.results)
    count, panels = k.word(k.code, 0), k.word(k.code, 1)
    slots = k.at(k.code, 3)
    ends = k.at(slots, count)
    step = b.mul(b.add(count, number(1)), number(size))
    with k.loop(0, panels) as panel:
        first = b.add(k.word(k.code, 2), b.mul(panel, step))
        for part in range(0, size, results):
            weights = k.at(k.weights, b.add(first, number(part)), F64)
            end = k.at(ends, b.add(b.mul(panel, number(size)), number(part)))
            k.in_lanes(
                blocking.vectors,
                lambda lanes, w=weights, e=end: _products(  # type: ignore[misc]
                    k, (count, slots, w, e), (size, results), lanes
                ),
            )


def _products(
    k: Kernel, operands: tuple[Any, ...], shape: tuple[int, int], lanes: list[Any]
) -> None:
    b, (count, slots, weights, ends), (size, results) = k.builder, operands, shape
    first = [k.spread(weights, r) for r in range(results) for _ in lanes]

    def term(place: Any, carried: list[Any]) -> list[Any]:
        slot = k.word(slots, place)
        x = [k.lanes_at(k.buffer, slot, lane) for lane in lanes]
        line = k.at(weights, b.mul(b.add(place, number(1)), number(size)), F64)
        sums = iter(carried)
        return [
            k.fused(w, vector, next(sums))
            for w in (k.spread(line, r) for r in range(results))
            for vector in x
        ]

    sums = iter(k.accumulated(0, count, first, term))
    for r in range(results):
        slot = k.word(ends, r)
        for lane in lanes:
            k.put_lanes(next(sums), k.buffer, slot, lane)


def affine(k: Kernel) -> None:
    """Write w·x + b for members that share nothing; of weights there is b, then one for each x."""
    b = k.builder

    def member(code: Any) -> Any:
        out, count = k.word(code, 0), k.word(code, 1)
        weights, slots = k.at(k.weights, k.word(code, 2), F64), k.at(code, 3)

        def write(lanes: list[Any]) -> None:
            def term(place: Any, carried: list[Any]) -> list[Any]:
                w, slot = k.spread(weights, b.add(place, number(1))), k.word(slots, place)
                return [
                    k.fused(w, k.lanes_at(k.buffer, slot, lane), total)
                    for lane, total in zip(lanes, carried, strict=True)
                ]

            sums = k.accumulated(0, count, [k.spread(weights, 0) for _ in lanes], term)
            for lane, total in zip(lanes, sums, strict=True):
                k.put_lanes(total, k.buffer, out, lane)

        k.in_lanes(4, write)
        return k.at(slots, count)

    _members(k, member)


def _members(k: Kernel, write: Callable[[Any], Any]) -> None:
    """Write a loop over members of any length: ``write`` returns where the next one begins."""
    start = k.at(k.code, 1)
    with k.looping(0, k.word(k.code, 0), 1, [start]) as (_, (code,), following):
        following.append(write(code))


# -- operations on many numbers --------------------------------------------------------------------


def of_many(k: Kernel, write: Callable[..., Any], *, n_lists: int, n_first: bool) -> None:
    """Write an operation on any number of operands: ``write`` returns its result for some lanes."""
    b = k.builder

    def member(code: Any) -> Any:
        out, count, slots = k.word(code, 0), k.word(code, 1), k.at(code, 2)

        def lanes_of(place: Any, lane: Any) -> Lanes:
            return Lanes(b, k.lanes_at(k.buffer, k.word(slots, place), lane))

        def written(lanes: list[Any]) -> None:
            results = write(k, count, lanes_of, lanes)
            for lane, result in zip(lanes, results, strict=True):
                k.put_lanes(result, k.buffer, out, lane)

        k.in_lanes(1 if write in (_logsumexp, _cross_entropy) else 2, written)
        size = b.mul(count, number(n_lists))
        return k.at(slots, b.add(size, number(int(n_first))))

    _members(k, member)


def _total(k: Kernel, count: Any, x: Callable[..., Lanes], lanes: list[Any]) -> list[Any]:
    def term(place: Any, carried: list[Any]) -> list[Any]:
        pairs_of = zip(lanes, carried, strict=True)
        return [(x(place, lane) + Lanes(k.builder, total)).value for lane, total in pairs_of]

    return k.accumulated(0, count, [splat(F64, 0.0)] * len(lanes), term)


def _dot(k: Kernel, count: Any, x: Callable[..., Lanes], lanes: list[Any]) -> list[Any]:
    def term(place: Any, carried: list[Any]) -> list[Any]:
        other = k.builder.add(place, count)
        pairs_of = zip(lanes, carried, strict=True)
        return [
            fused(x(place, lane), x(other, lane), Lanes(k.builder, s)).value for lane, s in pairs_of
        ]

    return k.accumulated(0, count, [splat(F64, 0.0)] * len(lanes), term)


def _logsumexp(k: Kernel, count: Any, x: Callable[..., Lanes], lanes: list[Any]) -> list[Any]:
    return [_log_of_sum(k, count, lambda place: x(place, lanes[0])).value]


def _cross_entropy(k: Kernel, count: Any, x: Callable[..., Lanes], lanes: list[Any]) -> list[Any]:
    """Write logsumexp(x) - chosen, as that of the differences, which cancels nothing."""
    (lane,) = lanes
    chosen = x(0, lane)
    shift = where((chosen == float("inf")) | (chosen == float("-inf")), 0.0, chosen)
    result = _log_of_sum(
        k, count, lambda place: x(k.builder.add(place, number(1)), lane) - shift
    )
    return [(result - (chosen - shift)).value]


def _log_of_sum(k: Kernel, count: Any, x: Callable[[Any], Lanes]) -> Lanes:
    """Return log Σ exp(x) as the largest x and the log of what the others add to it.

    That one counts as 1 at its first place alone: among the others it would hide those below 1e-16.
    """
    b = k.builder
    first = x(number(0))

    def larger(place: Any, carried: list[Any]) -> list[Any]:
        so_far, at_place, candidate = Lanes(b, carried[0]), carried[1], x(place)
        is_larger = (candidate > so_far) | (candidate != candidate)
        places = k.in_all_lanes(place, WHOLES)
        return [
            where(is_larger & (so_far == so_far), candidate, so_far).value,
            b.select((is_larger & (so_far == so_far)).value, places, at_place),
        ]

    largest, at_place = k.accumulated(1, count, [first.value, splat(I64, 0)], larger)
    largest = Lanes(b, largest)
    is_infinite = (largest == float("inf")) | (largest == float("-inf"))
    shift = where(is_infinite, 0.0, largest)

    def others(place: Any, carried: list[Any]) -> list[Any]:
        itself = b.icmp_signed("==", k.in_all_lanes(place, WHOLES), at_place)
        grown = Lanes(b, carried[0]) + exp(x(place) - shift)
        return [b.select(itself, carried[0], grown.value)]

    (total,) = k.accumulated(0, count, [splat(F64, 0.0)], others)
    return where(is_infinite, largest, largest + log1p(Lanes(b, total)))


MEMBERS_OF_MANY: dict[str, Callable[..., Any]] = {
    "total": _total,
    "dot": _dot,
    "logsumexp": _logsumexp,
    "cross_entropy": _cross_entropy,
}

# -- sums over rows --------------------------------------------------------------------------------


def outer(k: Kernel, shape: tuple[int, int], blocking: Blocking) -> None:
    """Write Σ u·x over rows and terms for m slots u by n slots x, or Σ u of m slots if n is 0."""
    b, (m, n) = k.builder, shape
    most = blocking.tile[0] * blocking.tile[1]
    height = min(m, blocking.tile[0] if n > 1 else most)
    width = min(n, blocking.tile[1])
    tiles, terms, first = (k.word(k.code, place) for place in range(3))
    with k.loop(0, tiles) as tile:
        code = k.at(k.code, b.add(b.mul(b.mul(tile, terms), number(m + n)), number(3)))
        place = b.mul(b.add(first, b.mul(tile, number(m * max(n, 1)))), number(WIDTH))
        sums = k.at(k.sums, place, F64)
        for top in range(0, m, height):
            for left in range(0, max(n, 1), max(width, 1)):
                us = range(top, top + height)
                xs = range(left, left + width)
                _outer_part(k, (code, terms, sums), shape, us, xs)


def _outer_part(
    k: Kernel, operands: tuple[Any, ...], shape: tuple[int, int], us: range, xs: range
) -> None:
    """Write the sums of one part of a tile, which stay in registers."""
    b, (code, terms, sums), (m, n) = k.builder, operands, shape
    places = [number(WIDTH * (u * n + x)) for u in us for x in xs] or [
        number(WIDTH * u) for u in us
    ]
    first = [k.lanes_at(sums, number(0), place) for place in places]

    def term(index: Any, carried: list[Any]) -> list[Any]:
        slots = k.at(code, b.mul(index, number(m + n)))
        u_slots = [k.word(slots, u) for u in us]
        x_slots = [k.word(slots, m + x) for x in xs]

        def added(lane: Any, so_far: list[Any], keep: Callable[[Any], Any]) -> list[Any]:
            left = [keep(k.lanes_at(k.buffer, slot, lane)) for slot in u_slots]
            right = [keep(k.lanes_at(k.buffer, slot, lane)) for slot in x_slots]
            if not right:
                return [b.fadd(total, u) for total, u in zip(so_far, left, strict=True)]
            totals = iter(so_far)
            return [k.fused(u, x, next(totals)) for u in left for x in right]

        return over_rows(k, carried, added)

    for place, total in zip(places, k.accumulated(0, terms, first, term), strict=True):
        k.put_lanes(total, sums, number(0), place)


def pairs(k: Kernel) -> None:
    """Write Σ u·x over rows and terms, for eight pairs that share nothing."""
    b = k.builder
    tiles, terms, first = (k.word(k.code, place) for place in range(3))
    with k.loop(0, tiles) as tile:
        code = k.at(k.code, b.add(b.mul(b.mul(tile, terms), number(2 * PAIRS)), number(3)))
        place = b.mul(b.add(first, b.mul(tile, number(PAIRS))), number(WIDTH))
        sums = k.at(k.sums, place, F64)

        def term(index: Any, carried: list[Any], code: Any = code) -> list[Any]:
            slots = k.at(code, b.mul(index, number(2 * PAIRS)))
            found = [k.word(slots, p) for p in range(2 * PAIRS)]

            def added(lane: Any, so_far: list[Any], keep: Callable[[Any], Any]) -> list[Any]:
                x = [keep(k.lanes_at(k.buffer, slot, lane)) for slot in found]
                return [k.fused(x[p], x[PAIRS + p], so_far[p]) for p in range(PAIRS)]

            return over_rows(k, carried, added)

        starts = [k.lanes_at(sums, number(0), number(WIDTH * p)) for p in range(PAIRS)]
        for p, total in enumerate(k.accumulated(0, terms, starts, term)):
            k.put_lanes(total, sums, number(0), number(WIDTH * p))


def over_rows(k: Kernel, carried: list[Any], added: Callable[..., list[Any]]) -> list[Any]:
    """Write a sum over the rows of a block: whole vectors, and one with zeros beyond the last."""
    b = k.builder
    whole = b.and_(k.count, number(-WIDTH))
    with k.looping(0, whole, WIDTH, carried) as (lane, so_far, following):
        following += added(lane, so_far, lambda vector: vector)
    with k.looping(whole, k.count, WIDTH, so_far) as (lane, so_far, following):
        left = k.in_all_lanes(b.sub(k.count, lane), WHOLES)
        inside = b.icmp_signed("<", ir.Constant(WHOLES, [I64(p) for p in range(WIDTH)]), left)
        following += added(lane, so_far, lambda vector: b.select(inside, vector, splat(F64, 0.0)))
    return so_far
