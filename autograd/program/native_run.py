"""Instructions with a place in memory, and how they run: in one thread, or in several."""

import os
import threading
from collections.abc import Callable

import numpy as np

from autograd.program.backend import NoKernelError
from autograd.program.native_code import CHUNK, FIELDS, WIDTH
from autograd.program.native_machine import machine
from autograd.program.native_writer import Array, Instructions

FIELD = {name: place for place, name in enumerate(FIELDS)}
BYTES = 8  # of a float64
NOWHERE = np.zeros((1, 1))


class Code:
    """A program that runs on any number of threads: a workspace a thread, and chunks of rows.

    Each chunk has a line of results, and these are added in order, so that the sums are the same
    for any number of threads.
    """

    def __init__(self, instructions: Instructions) -> None:
        self.instructions = instructions
        self._free = [Workspace(instructions)]

    def run(self, numbers: Array, columns: Array) -> tuple[Array, bool]:
        """Return the means of the results, and whether some operation is undefined."""
        n_results = self.instructions.n_results
        means = np.empty(n_results)
        results = np.empty((-(-columns.shape[1] // CHUNK), n_results))
        return means, self._in_threads(numbers, columns, results, means, NOWHERE)

    def evaluate(self, numbers: Array, columns: Array) -> tuple[Array, bool]:
        """Return the outputs, a line for each, and whether some operation is undefined."""
        outputs = np.empty((self.instructions.n_outputs, columns.shape[1]))
        return outputs, self._in_threads(numbers, columns, NOWHERE, NOWHERE, outputs)

    def _in_threads(
        self, numbers: Array, columns: Array, results: Array, means: Array, outputs: Array
    ) -> bool:
        """Run all chunks; return whether some operation is undefined."""
        numbers, columns, rows = in_lines(numbers), in_lines(columns), columns.shape[1]
        given = (
            address(numbers), address(columns), columns.strides[0] // BYTES, address(results),
            address(means), address(outputs), outputs.strides[0] // BYTES, rows,
        )  # fmt: skip
        n_chunks = -(-rows // CHUNK)
        if n_chunks == 1 or (n := min(n_threads(), n_chunks)) == 1:
            space = self._taken()
            space.run(machine().whole, *given, 0, rows)
            outside = space.outside
            self._free.append(space)
            return outside
        spaces = [self._taken() for _ in range(n)]
        bounds = [min(rows, n_chunks * k // n * CHUNK) for k in range(n + 1)]
        threads = [
            threading.Thread(target=space.run, args=(machine().run, *given, *bounds[k : k + 2]))
            for k, space in enumerate(spaces)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        spaces[0].call(machine().finish)
        outside = any(space.outside for space in spaces)
        self._free += spaces  # for the next run, in whatever thread
        return outside

    def _taken(self) -> "Workspace":
        """Return a workspace that no other thread has."""
        try:
            return self._free.pop()
        except IndexError:
            return Workspace(self.instructions)


class Workspace:
    """The memory that one thread runs instructions in, and the table of fields that tells where."""

    def __init__(self, instructions: Instructions) -> None:
        lanes, n_parameters = instructions.lanes, instructions.n_parameters
        code, weights = _code(instructions), np.empty(len(instructions.pack))
        self.fixed = np.concatenate([np.zeros(n_parameters + instructions.n_once),
                                     instructions.constants])  # fmt: skip
        buffer = aligned(instructions.n_slots * lanes)
        sums = aligned(instructions.n_sums * WIDTH)
        self._outside = np.zeros(1, np.int64)
        self._fields = np.zeros(len(FIELDS), np.int64)
        self._held = (instructions, code, weights, buffer, sums)  # the fields point at them
        self._at = address(self._fields)
        self.once = None if instructions.once is None else Workspace(instructions.once)
        self._once_at = address(self.fixed) + BYTES * n_parameters
        pack, spread = instructions.pack, instructions.spread
        result_of, fixed_of = instructions.result_of, instructions.fixed_of
        self._set(
            code=address(code), code_end=address(code) + code.nbytes, size=lanes,
            buffer=address(buffer), fixed=address(self.fixed), weights=address(weights),
            sums=address(sums), n_parameters=n_parameters, pack=address(pack), n_pack=len(pack),
            spread=address(spread), n_spread=len(spread) // 2, n_sums=instructions.n_sums,
            n_results=instructions.n_results, result_of=address(result_of),
            n_result_of=len(result_of) // 2, fixed_of=address(fixed_of),
            n_fixed_of=len(fixed_of) // 2, outside=address(self._outside),
        )  # fmt: skip

    def _set(self, **fields: int) -> None:
        for name, held in fields.items():
            self._fields[FIELD[name]] = held

    @property
    def outside(self) -> bool:
        """Whether some operation was undefined in the last run."""
        return bool(self._outside[0]) or (self.once is not None and self.once.outside)

    def run(
        self, function: Callable[[int], None], parameters: int, columns: int, stride: int,
        results: int, means: int, outputs: int, outputs_stride: int, rows: int,
        start: int, stop: int,
    ) -> None:  # fmt: skip
        """Run on some rows, from the first of a chunk on; arrays are told by their addresses."""
        if self.once is not None:  # with the parameters as the inputs of one row
            self.once.run(
                machine().run, parameters, parameters, 1, results, means, self._once_at, 1, 1, 0, 1
            )
        self._outside[0] = 0
        self._fields[LAST_FIELDS] = (
            parameters, columns, stride, results, means, outputs, outputs_stride, rows, start, stop
        )  # fmt: skip
        function(self._at)

    def call(self, function: Callable[[int], None]) -> None:
        """Call a function on the fields of the last run."""
        function(self._at)


LAST_FIELDS = slice(FIELD["parameters"], FIELD["stop"] + 1)


def _code(instructions: Instructions) -> Array:
    """Return the code with this machine's numbers of the kernels."""
    numbers = machine().numbers
    parts = [np.zeros(0, np.int32)]
    for kernel, words in instructions.code:
        if kernel not in numbers:
            raise NoKernelError(kernel)
        parts += [np.array([numbers[kernel], len(words)], np.int32), words]
    return np.concatenate(parts)


def address(array: Array) -> int:
    """Return where an array begins."""
    found: int = array.__array_interface__["data"][0]
    return found


def aligned(count: int) -> Array:
    """Return zeros that begin where vectors may."""
    zeros = np.zeros(count + WIDTH)
    start = -address(zeros) // BYTES % WIDTH
    return zeros[start : start + count]


def in_lines(array: Array) -> Array:
    """Return an array whose lines stand in memory as the kernels read them."""
    is_fine = array.strides[-1] == BYTES and array.strides[0] % BYTES == 0 and array.flags.aligned
    return array if is_fine else np.ascontiguousarray(array)


def n_threads() -> int:
    """Return how many threads may run: as many as there are cores, or as OMP_NUM_THREADS says."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    if told.isdecimal() and int(told):
        return int(told)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
