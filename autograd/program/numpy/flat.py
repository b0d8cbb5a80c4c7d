"""The NumPy writer for graphs of any shape: all numbers in one array, a statement a group.

``v`` has a line for each number of the graph and a column for each row. It is right for every
graph; where layers can be found, ``writer`` writes matrices, which are faster.
"""

import textwrap
from collections.abc import Sequence

from autograd.program.library import library
from autograd.program.steps import (
    Group,
    Places,
    Plan,
    RowSum,
    Trace,
    Traced,
    functions_called,
    halves,
    literal,
    owned,
    template,
)

WIDTH = 100
MOST_ROWS, MOST_NUMBERS = 2048, 1_000_000  # at once: 8 MB of v, which a cache holds in part
INDENT = "    "


class Flat(Places):
    """The statements that fill ``v``, and the tables that they read."""

    def __init__(self, trace: Trace, plan: Plan) -> None:
        super().__init__(trace, plan.steps)
        self.tables: list[str] = []  # of indices and constants, written before the function
        self.body: list[str] = []
        self.functions: set[str] = set()
        self._fill(self.inputs, "columns")
        self._fill(self.parameters, "parameters[:, None]")
        if self.numbers:
            numbers = self.table(list(map(literal, self.numbers)), "C")
            self._fill(self.constants, f"{numbers}[:, None]")
        for group in plan.groups:
            self._write(group)

    def _fill(self, places: range, text: str) -> None:
        if places:
            self.body.append(f"v[{places.start}:{places.stop}] = {text}")

    def _write(self, group: Group) -> None:
        steps = self.in_order(group)
        operands = list(zip(*[self.trace.operands[step] for step in steps], strict=True))
        match group.kind:
            case "total":
                text = f"{self.read_many(operands)}.sum(axis=0)"
            case "logsumexp":
                text = f"logsumexp({self.read_many(operands)})"
            case "cross_entropy":
                text = f"cross_entropy({self.read(operands[0])}, {self.read_many(operands[1:])})"
            case "linear" | "dot":
                xs, ys, bias = halves(operands)
                text = f"({self.read_many(xs)} * {self.read_many(ys)}).sum(axis=0)"
                text += "".join(f" + {self.read(column)}" for column in bias)
            case kind:
                text = template("numpy", kind, group.n_operands).format(*map(self.read, operands))
        self.functions |= functions_called({text})
        self._fill(self.put(steps), text)

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
    products, singles, fixed = owned(sums)
    body = [*flat.body, f"means = np.zeros({len(sums)})"]
    if products:
        owners, xs, ys = zip(*products, strict=True)
        where = flat.table(list(map(str, owners)))
        product = f"np.einsum('nr,nr->n', {flat.read(xs)}, {flat.read(ys)}) / rows"
        body.append(f"means += np.bincount({where}, {product}, {len(sums)})")
    if singles or fixed:  # what is the same in every row is its own mean
        owners, steps = zip(*singles, *fixed, strict=True)
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
    size = len(flat.place)
    lines = [
        f"def {name}(parameters, columns):",
        f'{INDENT}"""{doc}"""',
        f"{INDENT}rows = {'columns.shape[1]' if flat.inputs else '1'}",
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
