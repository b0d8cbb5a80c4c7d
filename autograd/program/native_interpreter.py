"""The interpreter: runs the instructions of a program on block after block of rows.

Its functions take a table of whole numbers and pointers, ``FIELDS``: ``run`` runs some rows,
``finish`` makes means of what all threads summed, and ``whole`` does both. Rows are summed in
chunks, so that the sums do not depend on how many threads share the chunks.
"""

from typing import Any

from llvmlite import ir

from autograd.program.native_code import CHUNK, FIELDS, TOGETHER, WIDTH
from autograd.program.native_kernel import Kernel, number
from autograd.program.native_kernels import ARGUMENTS, Kernels
from autograd.program.native_lanes import F64, I32, I64, VECTOR, splat
from autograd.program.native_products import NARROW, WIDE


def written(triple: str, *, is_wide: bool) -> tuple[str, list[str]]:
    """Return all kernels and ``run`` as LLVM's text, and the names of the kernels, in order."""
    module = ir.Module("chalkgrad")
    module.triple = triple
    kernels = Kernels(module, WIDE if is_wide else NARROW).functions
    for name, write in (("load", _load), ("store", _store)):
        moving = Kernel(module, f"move {name}", ["buffer", "columns", "code", "lanes", "count"])
        moving.function.linkage = "internal"
        write(moving)
        moving.finish()
        kernels[name] = moving.function
    _write_block(module, kernels)
    _write_run(module)
    _write_finish(module)
    whole = Kernel(module, "whole", ["fields"])
    for name in ("run", "finish"):
        whole.builder.call(module.globals[name], [whole.fields])
    whole.finish()
    return str(module), list(kernels)


def _load(k: Kernel) -> None:
    """Copy columns into slots; ``columns`` points at two fields and has the first row."""
    b = k.builder
    columns, stride = (
        b.inttoptr(k.item(k.columns, 0, I64), k.columns.type),
        k.item(k.columns, 1, I64),
    )
    row = k.item(k.columns, 4, I64)
    last = b.sub(k.count, number(1))
    with k.loop(0, k.word(k.code, 0)) as member:
        place = b.add(b.mul(member, number(2)), number(1))
        start = b.add(b.mul(k.word(k.code, place), stride), row)
        column = k.at(columns, start, F64)
        slot = k.at(k.buffer, k.word(k.code, b.add(place, number(1))), F64)
        with k.loop(0, k.count) as lane:
            k.put(k.item(column, lane), slot, lane)
        with k.loop(k.count, k.lanes) as lane:
            k.put(k.item(column, last), slot, lane)


def _store(k: Kernel) -> None:
    """Copy slots into outputs."""
    b = k.builder
    outputs, stride = (
        b.inttoptr(k.item(k.columns, 2, I64), k.columns.type),
        k.item(k.columns, 3, I64),
    )
    row = k.item(k.columns, 4, I64)
    with k.loop(0, k.word(k.code, 0)) as member:
        place = b.add(b.mul(member, number(2)), number(1))
        output = k.at(outputs, b.add(b.mul(k.word(k.code, place), stride), row), F64)
        slot = k.at(k.buffer, k.word(k.code, b.add(place, number(1))), F64)
        with k.loop(0, k.count) as lane:
            k.put(k.item(slot, lane), output, lane)


def _write_block(module: ir.Module, kernels: dict[str, Any]) -> None:
    """Write ``block``, which runs all instructions on one block of rows."""
    k = Kernel(
        module, "block",
        [*ARGUMENTS, "columns", "end"],
    )  # fmt: skip
    k.function.linkage = "internal"
    b = k.builder
    entry, head, body, following, done = b.block, *(b.append_basic_block() for _ in range(4))
    b.branch(head)
    b.position_at_end(head)
    code = b.phi(k.code.type)
    code.add_incoming(k.code, entry)
    b.cbranch(b.icmp_unsigned("<", code, k.end), body, done)
    b.position_at_end(body)
    rest = k.at(code, 2)
    choice = b.switch(k.item(code, 0, I32), following)
    for place, (name, function) in enumerate(kernels.items()):
        case = b.append_basic_block()
        choice.add_case(I32(place), case)
        b.position_at_end(case)
        if name in ("load", "store"):
            b.call(function, [k.buffer, k.columns, rest, k.lanes, k.count])
        else:
            given = {**{name: getattr(k, name) for name in ARGUMENTS}, "code": rest}
            b.call(function, list(given.values()))
        b.branch(following)
    b.position_at_end(following)
    code.add_incoming(k.at(rest, k.word(code, 1)), following)
    b.branch(head)
    b.position_at_end(done)
    k.finish()


def _write_run(module: ir.Module) -> None:
    """Write ``run``: pack and spread what is fixed, then chunk after chunk, block after block."""
    k = Kernel(module, "run", ["fields"])
    b, (field, pointer) = k.builder, _fields(k)
    fixed, weights, buffer, totals = map(pointer, ("fixed", "weights", "buffer", "totals"))
    pack, spread = map(pointer, ("pack", "spread"))
    size = field("size")
    with k.loop(0, field("n_pack")) as place:
        k.put(k.item(fixed, k.word(pack, place)), weights, place)
    with k.loop(0, field("n_spread")) as member:
        place = b.mul(member, number(2))
        slot = k.at(buffer, k.word(spread, place), F64)
        held = k.item(fixed, k.word(spread, b.add(place, number(1))))
        with k.loop(0, size) as lane:
            k.put(held, slot, lane)
    columns = b.alloca(I64, 5)  # what load and store need: where, how far apart, and the row
    for place, name in enumerate(("columns", "stride", "outputs", "outputs_stride")):
        k.put(field(name), columns, place)
    stop = field("stop")
    with k.loop(field("start"), stop, CHUNK) as start:
        end = _least(b, b.add(start, number(CHUNK)), stop)
        with k.loop(0, field("n_sums")) as place:
            k.put(F64(0.0), totals, place)
        with k.loop(start, end, size) as row:
            count = _least(b, b.sub(end, row), size)
            lanes = b.and_(b.add(count, number(WIDTH - 1)), number(-WIDTH))
            k.put(row, columns, 4)
            following = b.add(row, size)
            begins = _truth(b, "==", _within(b, b.sub(row, start)), number(0))
            ends = b.or_(
                _truth(b, "==", _within(b, b.sub(following, start)), number(0)),
                _truth(b, ">=", following, end),
            )
            b.call(module.globals["block"], [
                buffer, weights, pointer("sums"), totals, pointer("code"), lanes, count, begins,
                ends, pointer("outside"), columns, pointer("code_end"),
            ])  # fmt: skip
        _write_results(k, field, pointer, b.sdiv(start, number(CHUNK)))
    k.finish()


def _fields(k: Kernel) -> tuple[Any, Any]:
    """Return functions that read a field by its name: as a number, and as a pointer."""

    def field(name: str) -> Any:
        return k.item(k.fields, FIELDS.index(name), I64)

    return field, lambda name: k.builder.inttoptr(field(name), k.fields.type)


def _write_finish(module: ir.Module) -> None:
    """Write ``finish``: the sums of all chunks in their order, by the rows, and what is fixed."""
    k = Kernel(module, "finish", ["fields"])
    b, (field, pointer) = k.builder, _fields(k)
    results, means, count = pointer("results"), pointer("means"), field("n_results")
    rows = field("rows")
    n_chunks = b.sdiv(b.add(rows, number(CHUNK - 1)), number(CHUNK))
    whole = b.and_(count, number(-WIDTH))  # in vectors, since a division takes long
    for kind, start, stop, step in ((VECTOR, 0, whole, WIDTH), (F64, whole, count, 1)):
        with k.loop(start, stop, step) as result:
            total = _over_chunks(k, results, (n_chunks, count, result), kind)
            divisor = b.sitofp(rows, F64)
            if kind is VECTOR:
                divisor = k.in_all_lanes(divisor, VECTOR)
            b.store(b.fdiv(total, divisor), k.at(means, result, F64), align=8)
    fixed_of, fixed = pointer("fixed_of"), pointer("fixed")
    with k.loop(0, field("n_fixed_of")) as member:
        place = b.mul(member, number(2))
        result = k.word(fixed_of, place)
        added_number = k.item(fixed, k.word(fixed_of, b.add(place, number(1))))
        k.put(b.fadd(k.item(means, result), added_number), means, result)
    k.finish()


def _over_chunks(k: Kernel, results: Any, numbers: tuple[Any, Any, Any], kind: ir.Type) -> Any:
    """Return the sum over chunks of one result, or of eight that stand together."""
    b, (n_chunks, count, result) = k.builder, numbers

    def added(chunk: Any, carried: list[Any]) -> list[Any]:
        place = k.at(results, b.add(b.mul(chunk, count), result), F64)
        return [b.fadd(carried[0], b.load(place, typ=kind, align=8))]

    zero = splat(F64, 0.0) if kind is VECTOR else F64(0.0)
    (total,) = k.accumulated(0, n_chunks, [zero], added)
    return total


def _write_results(k: Kernel, field: Any, pointer: Any, chunk: Any) -> None:
    """Write the sums of a chunk to the chunk's line of results."""
    b = k.builder
    results = k.at(pointer("results"), b.mul(chunk, field("n_results")), F64)
    with k.loop(0, field("n_results")) as place:
        k.put(F64(0.0), results, place)
    with k.loop(0, field("n_result_of")) as member:
        place = b.mul(member, number(2))
        result_of = pointer("result_of")
        result, total = k.word(result_of, place), k.word(result_of, b.add(place, number(1)))
        added = k.item(pointer("totals"), total)
        k.put(b.fadd(k.item(results, result), added), results, result)


def _within(b: ir.IRBuilder, row: Any) -> Any:
    """Return the place of a row among those that are summed together."""
    return b.and_(row, number(TOGETHER - 1))


def _truth(b: ir.IRBuilder, sign: str, x: Any, y: Any) -> Any:
    """Return 1 or 0 for a comparison."""
    return b.zext(b.icmp_signed(sign, x, y), I64)


def _least(b: ir.IRBuilder, x: Any, y: Any) -> Any:
    return b.select(b.icmp_signed("<", x, y), x, y)
