"""JavaScript as loops over groups: all numbers of a row in one typed array, ``v``."""

from collections.abc import Sequence

from autograd.numeric import saturated
from autograd.program.expressions import functions_called, template
from autograd.program.grouping import Group, groups_of
from autograd.program.reducing import RowSum
from autograd.program.tracing import Trace

INDENT = "  "
MOST_LOOPS = 20  # of a function: longer ones V8 leaves to its interpreter


class Loops:
    """The places of all numbers in ``v``, the tables of places, and the loops that fill it."""

    def __init__(self, trace: Trace, steps: Sequence[int]) -> None:
        self.trace = trace
        self.place: dict[int, int] = {}
        self.tables: list[str] = []
        self.functions: set[str] = set()
        self.n_inputs = self._placed(self._leaves("input"))
        self.n_parameters = self._placed(self._leaves("parameter"))
        constants = [step for step in steps if trace.kinds[step] == "constant"]
        self.constants = [saturated(trace.numbers[step]) for step in constants]
        self._placed(constants)
        self.parts: list[str] = []  # functions of some loops each
        groups = groups_of(trace, steps)
        varies = [trace.varies[group.steps[0]] for group in groups]
        self.once = self._calls([g for g, v in zip(groups, varies, strict=True) if not v])
        self.each_row = self._calls([g for g, v in zip(groups, varies, strict=True) if v])

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

    def _leaves(self, kind: str) -> list[int]:
        return [step for step in range(len(self.trace)) if self.trace.kinds[step] == kind]

    def _placed(self, steps: Sequence[int]) -> int:
        start = len(self.place)
        self.place.update((step, start + k) for k, step in enumerate(steps))
        return len(steps)

    # -- loops ---------------------------------------------------------------------------------

    def run(self, sums: Sequence[RowSum]) -> list[str]:
        products = [(k, *pair) for k, row_sum in enumerate(sums) for pair in row_sum.products]
        singles = [(k, step) for k, row_sum in enumerate(sums) for step in row_sum.singles]
        fixed = [(k, step) for k, row_sum in enumerate(sums) for step in row_sum.fixed]
        added = []
        if products:
            owners, xs, ys = zip(*products, strict=True)
            x, y = self._of_each(xs), self._of_each(ys)
            added += self._each(len(xs), f"sums[{self._index(owners)}] += v[{x}] * v[{y}];")
        if singles:
            owners, steps = zip(*singles, strict=True)
            added += self._each(
                len(steps), f"sums[{self._index(owners)}] += v[{self._of_each(steps)}];"
            )
        body = [*self._opened(), f"const sums = new Float64Array({len(sums)});"]
        body += self._rows(added)
        body += [f"for (let k = 0; k < {len(sums)}; k++) sums[k] /= rows;"]
        if fixed:
            owners, steps = zip(*fixed, strict=True)
            body += self._each(
                len(steps), f"sums[{self._index(owners)}] += v[{self._of_each(steps)}];"
            )
        return [*body, "return { output: sums[0], gradient: sums.subarray(1) };"]

    def evaluate(self, outputs: Sequence[int]) -> list[str]:
        places = self._table([self.place[step] for step in outputs])
        body = [*self._opened(), "const results = [];"]
        body += self._rows([f"results.push(Array.from({places}, (place) => v[place]));"])
        return [*body, "return results;"]

    def _opened(self) -> list[str]:
        start = self.n_inputs + self.n_parameters
        lines = [f"const v = new Float64Array({len(self.place)});"]
        if self.n_parameters:
            lines.append(f"v.set(parameters, {self.n_inputs});")
        if self.constants:
            text = repr(self.constants).replace("inf", "Infinity").replace("nan", "NaN")
            lines.append(f"v.set({text}, {start});")
        return lines + self.once

    def _rows(self, added: Sequence[str]) -> list[str]:
        if not self.n_inputs:
            return ["const rows = 1;", *self.each_row, *added]
        inputs = f"for (let k = 0; k < {self.n_inputs}; k++) v[k] = columns[k][row];"
        return [
            "const rows = columns[0].length;",
            "for (let row = 0; row < rows; row++) {",
            *[INDENT + line for line in [inputs, *self.each_row, *added]],
            "}",
        ]

    def _written(self, group: Group) -> list[str]:
        key = self.trace.operands.__getitem__
        steps = sorted(group.steps, key=lambda step: [self.place[o] for o in key(step)])
        start = len(self.place)
        operands = [key(step) for step in steps]
        half, count = group.n_operands // 2, group.n_operands
        match group.kind:
            case "linear" | "dot":
                x = self._at([o[:half] for o in operands])
                y = self._at([o[half : 2 * half] for o in operands])
                bias = f"v[{self._of_each([o[-1] for o in operands])}]" if count % 2 else "0"
                inner = self._sum(half, bias, f"v[{x}] * v[{y}]")
            case "total":
                inner = self._sum(count, "0", f"v[{self._at(operands)}]")
            case "logsumexp":
                listed = self._list(operands)
                inner = [f"v[{start} + k] = logsumexp(...{listed});"]
            case "cross_entropy":
                chosen = self._of_each([o[0] for o in operands])
                listed = self._list([o[1:] for o in operands])
                inner = [f"v[{start} + k] = cross_entropy(v[{chosen}], ...{listed});"]
            case _:
                columns = zip(*operands, strict=True)
                reads = [f"v[{self._of_each(column)}]" for column in columns]
                text = template("javascript", group.kind, count).format(*reads)
                inner = [f"v[{start} + k] = {text};"]
        inner = [line.replace("v[at + k]", f"v[{start} + k]") for line in inner]
        self.functions |= functions_called({*inner})
        self._placed(steps)
        return [
            f"for (let k = 0; k < {len(steps)}; k++) {{",
            *[INDENT + line for line in inner],
            "}",
        ]

    def _sum(self, count: int, start: str, term: str) -> list[str]:
        return [
            f"let sum = {start};",
            f"for (let j = 0; j < {count}; j++) sum += {term};",
            "v[at + k] = sum;",
        ]

    def _list(self, operands: Sequence[Sequence[int]]) -> str:
        term = f"v[{self._at(operands)}]"
        return f"Array.from({{ length: {len(operands[0])} }}, (_, j) => {term})"

    def _each(self, count: int, line: str) -> list[str]:
        return [f"for (let k = 0; k < {count}; k++) {line}"]

    # -- places --------------------------------------------------------------------------------

    def _of_each(self, steps: Sequence[int]) -> str:
        """Return the place of the k-th of some steps."""
        return self._index([self.place[step] for step in steps])

    def _index(self, numbers: Sequence[int]) -> str:
        return self._affine(numbers, "k") or f"{self._table(numbers)}[k]"

    def _at(self, lines: Sequence[Sequence[int]]) -> str:
        """Return the place of operand j of step k: an expression in both, or a table."""
        grid = [[self.place[step] for step in line] for line in lines]
        down = self._affine([line[0] for line in grid], "k")
        across = {self._affine([place - line[0] for place in line], "j") for line in grid}
        if down and len(across) == 1 and (right := across.pop()):
            return down if right == "0" else f"{down} + {right}".replace(" + 0 + ", " + ")
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
