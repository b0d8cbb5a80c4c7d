"""The NumPy writer for graphs of any shape: all numbers in one array, a statement a group.

``v`` has a line for each number of the graph and a column for each row. It is right for every
graph; where layers can be found, ``numpy_writer`` writes matrices, which are faster.
"""

import textwrap
from collections.abc import Sequence

from autograd.program.expressions import functions_called, template
from autograd.program.grouping import Group, Plan
from autograd.program.library import library
from autograd.program.naming import literal
from autograd.program.reducing import RowSum
from autograd.program.tracing import Trace, Traced

WIDTH = 100
MOST_ROWS, MOST_NUMBERS = 2048, 1_000_000  # at once: 8 MB of v, which a cache holds in part
INDENT = "    "


class Flat:
    """The places of all numbers in ``v``, and the statements that fill it."""

    def __init__(self, trace: Trace, plan: Plan) -> None:
        self.trace = trace
        self.place: dict[int, int] = {}
        self.tables: list[str] = []  # of indices, written before the function
        self.body: list[str] = []
        self.functions: set[str] = set()
        for kind, text in (("input", "columns"), ("parameter", "parameters[:, None]")):
            leaves = [step for step in range(len(trace)) if trace.kinds[step] == kind]
            if leaves:
                self.body.append(f"v[{self._placed(leaves)}] = {text}")
        constants = [step for step in plan.steps if trace.kinds[step] == "constant"]
        if constants:
            numbers = self.table([literal(trace.numbers[step]) for step in constants], "C")
            self.body.append(f"v[{self._placed(constants)}] = {numbers}[:, None]")
        for group in plan.groups:
            self._write(group)

    def _placed(self, steps: Sequence[int]) -> str:
        start = len(self.place)
        self.place.update((step, start + k) for k, step in enumerate(steps))
        return f"{start}:{len(self.place)}"

    def _write(self, group: Group) -> None:
        key = self.trace.operands.__getitem__
        steps = sorted(group.steps, key=lambda step: [self.place[o] for o in key(step)])
        operands = list(zip(*map(key, steps), strict=True))
        half = group.n_operands // 2
        match group.kind:
            case "total" | "logsumexp":
                numbers = self.read_many(operands)
                is_sum = group.kind == "total"
                text = f"{numbers}.sum(axis=0)" if is_sum else f"logsumexp({numbers})"
            case "cross_entropy":
                text = f"cross_entropy({self.read(operands[0])}, {self.read_many(operands[1:])})"
            case "linear" | "dot":
                x, y = self.read_many(operands[:half]), self.read_many(operands[half : 2 * half])
                text = f"({x} * {y}).sum(axis=0)"
                if group.n_operands % 2:
                    text += f" + {self.read(operands[-1])}"
            case _:
                text = template("numpy", group.kind, group.n_operands).format(
                    *map(self.read, operands)
                )
        self.functions |= functions_called({text})
        self.body.append(f"v[{self._placed(steps)}] = {text}")

    def read(self, steps: Sequence[int]) -> str:
        """Return the lines of ``v`` that hold some steps."""
        places = [self.place[step] for step in steps]
        if places == list(range(places[0], places[0] + len(places))):
            return f"v[{places[0]}:{places[-1] + 1}]"
        return f"v[{self.table(list(map(str, places)))}]"

    def read_many(self, operands: Sequence[Sequence[int]]) -> str:
        """Return a block of ``v``: for each position, the lines of the operands there."""
        if len(operands) == 1:
            return f"{self.read(operands[0])}[None]"
        rows = [f"[{', '.join(str(self.place[step]) for step in steps)}]" for steps in operands]
        return f"v[{self.table(rows)}]"

    def table(self, items: Sequence[str], prefix: str = "I") -> str:
        """Return the name of a table of indices or numbers."""
        name = f"{prefix}{len(self.tables)}"
        text = f"{name} = np.array([{', '.join(items)}])"
        if len(text) > WIDTH:
            lines = textwrap.wrap(
                ", ".join(items), WIDTH - 4, break_long_words=False, break_on_hyphens=False
            )
            text = "\n".join([f"{name} = np.array([", *[INDENT + line for line in lines], "])"])
        self.tables.append(text)
        return name


def write_run(traced: Traced, sums: Sequence[RowSum], plan: Plan) -> str:
    """Return the text of ``run(parameters, columns)``: the mean output and its gradients."""
    flat = Flat(traced.trace, plan)
    products = [(k, *pair) for k, row_sum in enumerate(sums) for pair in row_sum.products]
    singles = [(k, s) for k, row_sum in enumerate(sums) for s in row_sum.singles + row_sum.fixed]
    body = [*flat.body, f"means = np.zeros({len(sums)})"]
    if products:
        owners, xs, ys = zip(*products, strict=True)
        where = flat.table(list(map(str, owners)))
        product = f"np.einsum('nr,nr->n', {flat.read(xs)}, {flat.read(ys)}) / rows"
        body.append(f"means += np.bincount({where}, {product}, {len(sums)})")
    if singles:
        owners, steps = zip(*singles, strict=True)
        where = flat.table(list(map(str, owners)))
        body.append(f"means += np.bincount({where}, {flat.read(steps)}.mean(axis=1), {len(sums)})")
    doc = "Return the mean output of all rows, and its derivative in each parameter."
    return _module(flat, "run", doc, [*body, "return means[0], means[1:]"])


def write_evaluate(traced: Traced, plan: Plan) -> str:
    """Return the text of ``evaluate(parameters, columns)``: an array of (outputs, rows)."""
    flat = Flat(traced.trace, plan)
    doc = "Return the outputs: an array with a line for each, and a column for each row."
    places = flat.table([str(flat.place[step]) for step in traced.outputs])
    return _module(flat, "evaluate", doc, [*flat.body, f"return v[{places}]"])


def _module(flat: Flat, name: str, doc: str, body: Sequence[str]) -> str:
    has_inputs = "input" in flat.trace.kinds
    size = len(flat.place)
    lines = [
        f"def {name}(parameters, columns):",
        f'{INDENT}"""{doc}"""',
        f"{INDENT}rows = {'columns.shape[1]' if has_inputs else '1'}",
        f"{INDENT}v = np.empty(({size}, rows))",
        *[INDENT + line for line in body],
    ]
    parts = [
        library("numpy", {"np", *flat.functions}),
        f"ROWS_AT_ONCE = {max(1, min(MOST_ROWS, MOST_NUMBERS // size))}",
        "\n".join(flat.tables),
        "\n".join(lines),
    ]
    return "\n\n\n".join(filter(None, parts)) + "\n"
