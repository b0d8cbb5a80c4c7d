"""C by hand, compiled here for this processor: row by row, or rows in the lanes of vectors.

With -ffast-math the compiler may reorder sums, and so put a sum in a vector: in C's favour.
"""

import ctypes
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from demos.extras import imports_from
from demos.racing.contestants import compiler
from demos.racing.step import Step
from demos.racing.workloads import Network, in_a_line

with imports_from("race"):
    import numpy as np

FLAGS = ["-O3", "-march=native", "-ffast-math", "-shared", "-fPIC"]
LANES = 32  # the fastest of 8, 16, 32 and 64
VARIANTS = {  # file, and flags
    "rows": ("rows.c", []),
    "lanes 256": ("lanes.c", ["-mprefer-vector-width=256"]),
    "lanes 512": ("lanes.c", ["-mprefer-vector-width=512"]),
}


def network(workload: Network, how: str) -> Step:
    function = compiled(workload.sizes, *VARIANTS[how])
    numbers = np.array(in_a_line(workload.layers()))
    rows, classes = map(np.array, workload.data())
    gradient = np.empty_like(numbers)
    at_numbers, at_rows, at_classes, at_gradient = (  # which hold on to the arrays
        array.ctypes.data_as(ctypes.c_void_p) for array in (numbers, rows, classes, gradient)
    )
    given = (at_numbers, at_rows, at_classes, ctypes.c_size_t(len(rows)), at_gradient)
    return Step(lambda: function(*given), lambda loss: (loss, gradient.tolist()))


def compiled(sizes: tuple[int, ...], file: str, flags: list[str]) -> Any:
    """Return the function ``step`` of a file, compiled for a network of these sizes."""
    n, hidden1, hidden2, _ = sizes
    defined = [f"-DIN={n}", f"-DHIDDEN1={hidden1}", f"-DHIDDEN2={hidden2}", f"-DLANES={LANES}"]
    source, command = Path(__file__).parent / file, compiler("C")
    if command is None:
        raise FileNotFoundError("there is no C compiler")
    with tempfile.TemporaryDirectory() as folder:
        library = str(Path(folder) / "step.so")
        subprocess.run([command, *FLAGS, *flags, *defined, source, "-o", library], check=True)
        function = ctypes.CDLL(library).step
    function.restype = ctypes.c_double
    return function
