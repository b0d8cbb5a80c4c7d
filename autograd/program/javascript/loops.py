"""JavaScript as loops over groups: all numbers of a row in one typed array, ``v``."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from autograd.program.steps import (
    Group,
    Owned,
    Places,
    RowSum,
    Trace,
    functions_called,
    groups_of,
    halves,
    javascript_literal,
    owned,
    template,
)

INDENT = "  "
MOST_LOOPS = 20  # of a function: longer ones V8 leaves to its interpreter


class Loops(Places):
    """The loops that fill ``v``, in functions, and the tables of places that they read."""

    def __init__(self, trace: Trace, steps: Sequence[int]) -> None:
        super().__init__(trace, steps)
        self.tables: list[str] = []
        self.functions: set[str] = set()
        self.parts: list[str] = []  # functions of some loops each
        groups = groups_of(trace, steps)
        fixed = [group for group in groups if not trace.varies[group.steps[0]]]
        varying = [group for group in groups if trace.varies[group.steps[0]]]
        self.once, self.each_row = self._calls(fixed), self._calls(varying)

    def _calls(self, groups: Sequence[Group]) -> list[str]:
        """Return calls of functions that do the loops of some groups, which come first."""
        calls = []
        for k in range(0, len(groups), MOST_LOOPS):
            lines = [line for group in groups[k : k + MOST_LOOPS] for line in self._written(group)]
            name = f"part{len(self.parts)}"
            body = [INDENT + line for line in lines]
            self.parts.append("\n".join([f"function {name}(v) {{", *body, "}"]))
            calls.append(f"{name}(v);")
        return calls

    # -- functions -----------------------------------------------------------------------------

    def run(self, sums: Sequence[RowSum]) -> list[str]:
        """Return the body of ``run``."""
        products, singles, fixed = owned(sums)
        n = len(sums)
        return [
            *self._opened(),
            f"const sums = new Float64Array({n});",
            *self._rows([*self._added(products), *self._added(singles)]),
            f"for (let k = 0; k < {n}; k++) sums[k] /= rows;",
            *self._added(fixed),
            "return { output: sums[0], gradient: sums.subarray(1) };",
        ]

    def evaluate(self, outputs: Sequence[int]) -> list[str]:
        """Return the body of ``evaluate``."""
        places = self._table([self.place[step] for step in outputs])
        pushed = f"results.push(Array.from({places}, (place) => v[place]));"
        body = [*self._opened(), "const results = [];", *self._rows([pushed])]
        return [*body, "return results;"]

    def _opened(self) -> list[str]:
        lines = [f"const v = new Float64Array({len(self.place)});"]
        if self.parameters:
            lines.append(f"v.set(parameters, {self.parameters.start});")
        if self.constants:
            numbers = ", ".join(map(javascript_literal, self.numbers))
            lines.append(f"v.set([{numbers}], {self.constants.start});")
        return lines + self.once

    def _rows(self, added: Sequence[str]) -> list[str]:
        if not self.inputs:
            return ["const rows = 1;", *self.each_row, *added]
        inputs = f"for (let k = 0; k < {len(self.inputs)}; k++) v[k] = columns[k][row];"
        return [
            "const rows = columns[0].length;",
            "for (let row = 0; row < rows; row++) {",
            *[INDENT + line for line in [inputs, *self.each_row, *added]],
            "}",
        ]

    def _added(self, terms: Owned) -> list[str]:
        """Return loops that add terms, steps or products of two, to the sums that own them.

        Products are mostly those of a gradient with all inputs of a layer: a loop in a loop.
        """
        if not terms:
            return []
        blocks = _blocks(terms) if len(terms[0]) == 3 else []
        if 0 < len(blocks) <= MOST_LOOPS:
            return [line for block in blocks for line in self._added_block(block)]
        owners, *factors = zip(*terms, strict=True)
        product = " * ".join(f"v[{self._of_each(steps)}]" for steps in factors)
        line = f"sums[{self._index(owners)}] += {product};"
        return [f"for (let k = 0; k < {len(terms)}; k++) {line}"]

    def _added_block(self, block: Sequence[Owned]) -> list[str]:
        """Return the loop over lines of products, each of one factor with the same others."""
        owners = self._grid([[owner for owner, _, _ in line] for line in block])
        others = self._at([[other for _, _, other in line] for line in block])
        return [
            f"for (let k = 0; k < {len(block)}; k++) {{",
            f"{INDENT}const factor = v[{self._of_each([line[0][1] for line in block])}];",
            f"{INDENT}for (let j = 0; j < {len(block[0])}; j++) "
            f"sums[{owners}] += factor * v[{others}];",
            "}",
        ]

    # -- loops ---------------------------------------------------------------------------------

    def _written(self, group: Group) -> list[str]:
        """Return the loop of a group over its steps, of number k."""
        steps = self.in_order(group)
        operands = [self.trace.operands[step] for step in steps]
        result = f"v[{len(self.place)} + k]"
        match group.kind:
            case "linear" | "dot":
                xs, ys, bias = map(list, zip(*map(halves, operands), strict=True))
                start = f"v[{self._of_each([b for (b,) in bias])}]" if bias[0] else "0"
                term = f"v[{self._at(xs)}] * v[{self._at(ys)}]"
                inner = self._sum(result, len(xs[0]), start, term)
            case "total":
                inner = self._sum(result, group.n_operands, "0", f"v[{self._at(operands)}]")
            case "logsumexp":
                inner = [f"{result} = logsumexp(...{self._list(operands)});"]
            case "cross_entropy":
                chosen = self._of_each([o[0] for o in operands])
                scores = self._list([o[1:] for o in operands])
                inner = [f"{result} = cross_entropy(v[{chosen}], ...{scores});"]
            case kind:
                reads = [f"v[{self._of_each(c)}]" for c in zip(*operands, strict=True)]
                text = template("javascript", kind, group.n_operands).format(*reads)
                inner = [f"{result} = {text};"]
        self.functions |= functions_called({*inner})
        self.put(steps)
        body = [INDENT + line for line in inner]
        return [f"for (let k = 0; k < {len(steps)}; k++) {{", *body, "}"]

    @staticmethod
    def _sum(result: str, count: int, start: str, term: str) -> list[str]:
        loop = f"for (let j = 0; j < {count}; j++) sum += {term};"
        return [f"let sum = {start};", loop, f"{result} = sum;"]

    def _list(self, operands: Sequence[Sequence[int]]) -> str:
        term = f"v[{self._at(operands)}]"
        return f"Array.from({{ length: {len(operands[0])} }}, (_, j) => {term})"

    # -- places --------------------------------------------------------------------------------

    def _of_each(self, steps: Sequence[int]) -> str:
        """Return the place of the k-th of some steps."""
        return self._index([self.place[step] for step in steps])

    def _index(self, numbers: Sequence[int]) -> str:
        return self._affine(numbers, "k") or f"{self._table(numbers)}[k]"

    def _at(self, lines: Sequence[Sequence[int]]) -> str:
        """Return the place of operand j of step k."""
        return self._grid([[self.place[step] for step in line] for line in lines])

    def _grid(self, grid: Sequence[Sequence[int]]) -> str:
        """Return number j of line k: an expression in both, or a table."""
        down = self._affine([line[0] for line in grid], "k")
        across = {self._affine([place - line[0] for place in line], "j") for line in grid}
        if down and len(across) == 1 and (right := across.pop()):
            return down if right == "0" else f"{down} + {right}"
        return f"{self._table([place for line in grid for place in line])}[{len(grid[0])} * k + j]"

    @staticmethod
    def _affine(places: Sequence[int], letter: str) -> str:
        """Return places in equal steps as ``12 + 3 * k``, "" for others."""
        step = places[1] - places[0] if len(places) > 1 else 0
        if list(places) != [places[0] + k * step for k in range(len(places))]:
            return ""
        if not step:
            return str(places[0])
        sign, size = ("-", -step) if step < 0 else ("+", step)
        times = letter if size == 1 else f"{size} * {letter}"
        if places[0] == 0 and sign == "+":
            return times
        return f"{places[0]} {sign} {times}"

    def _table(self, places: Sequence[int]) -> str:
        name = f"I{len(self.tables)}"
        self.tables.append(f"const {name} = Int32Array.of({', '.join(map(str, places))});")
        return name


def _blocks(products: Owned) -> list[list[Owned]]:
    """Return products in lines, each of one factor with several; lines of the same make a block."""
    lines = [list(line) for _, line in groupby(products, key=itemgetter(1))]
    return [list(block) for _, block in groupby(lines, key=lambda line: [o for _, _, o in line])]
