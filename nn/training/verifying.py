"""When a compiled training is compared with the engine, and on which rows.

A comparison costs a graph of Values for each row, as long as an epoch of hundreds of rows takes as
machine code. So there are few: at the end, and before, ever more seldom, of other rows each time.
"""

from collections.abc import Sequence

ON_THE_WAY, AT_THE_END = 4, 12  # rows
DERIVATIVES_OF_ONE_IN = 4  # of them: a loss costs a third of what its derivatives cost
SHIFT = 0.618  # from one comparison to the next, in steps between rows: they do not repeat soon


def is_due(epochs: int) -> bool:
    """Tell whether to compare after so many epochs: after 1, 10, 100 and so on."""
    return str(epochs).rstrip("0") == "1"


def spread(rows: Sequence[int], count: int, turn: int) -> list[int]:
    """Return so many of the rows, evenly spread, others in another turn; all, if they are few."""
    count = min(count, len(rows))
    shift = turn * SHIFT % 1
    return [rows[int((k + shift) * len(rows) / count)] for k in range(count)]
