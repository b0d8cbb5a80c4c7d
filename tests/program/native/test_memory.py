"""Arrays that machine code reads and writes: changed, dropped or freed by others meanwhile."""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from math import nan

import numpy as np
import pytest

from autograd import Value, compile
from autograd.program.backends import missing
from tests.program.graphs import compiled, moons

if missing("native"):
    pytest.skip("kernels need llvmlite: pip install -e '.[fast]'", allow_module_level=True)


def test_results_stay_when_the_program_is_gone():
    case = moons(2, 3, 1)
    program = compiled(case, "native")
    _, gradient = program.run(case.numbers, case.columns)
    kept = gradient.tolist()
    del program
    gc.collect()
    noise = [np.full(len(kept) + 1, nan) for _ in range(1000)]  # where it was, if that was freed
    assert gradient.tolist() == kept
    assert len(noise) == 1000


def test_the_caller_may_drop_its_arrays_while_they_are_read():
    case = moons(2, 16, 16, 1, rows=20_000)
    program = compiled(case, "native")
    expected = program.run(case.numbers, case.columns)[1].tolist()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(program.run, np.array(case.numbers), np.array(case.columns))
        while not running.done():
            np.full((3, 20_000), nan)  # takes the memory of the arrays, if it was freed
        assert running.result()[1].tolist() == expected


def test_memory_that_is_read_cannot_be_given_back_by_its_owner():
    x, w = Value(1.0, label="x"), Value(1.0, label="w")
    program = compile(w * x, inputs=[x], backend="native")
    owner = bytearray(np.ones(50_000).tobytes())
    columns = np.frombuffer(owner).reshape(1, -1)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(program.run, [2.0], columns)
        with pytest.raises(BufferError):
            owner.clear()
        assert running.result()[0] == 2.0


def test_an_array_that_another_thread_changes_gives_numbers_of_before_and_after():
    x, w = Value(1.0, label="x"), Value(1.0, label="w")
    program = compile(w * x, inputs=[x], backend="native")
    columns, stop = np.ones((1, 50_000)), threading.Event()

    def change():
        while not stop.is_set():
            columns[:] = 3.0 - columns[0, 0]  # 2 for 1, and 1 for 2

    thread = threading.Thread(target=change)
    thread.start()
    try:
        found = [program.run([1.0], columns)[0] for _ in range(200)]
    finally:
        stop.set()
        thread.join()
    assert all(1.0 <= mean <= 2.0 for mean in found)
    columns[:] = 1.0
    assert program.run([1.0], columns)[0] == 1.0
