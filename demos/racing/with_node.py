"""This engine's JavaScript, as pages run it, in Node.js: it takes the time itself."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from demos.racing.contestants import node
from demos.racing.step import Result, Step
from demos.racing.with_chalkgrad import Graph, graph_of_names, graph_of_network
from demos.racing.workloads import Names, Network

READ = """
import {createInterface} from "node:readline";
const lines = createInterface({input: process.stdin})[Symbol.asyncIterator]();
const next = async () => (await lines.next()).value;
"""
LOOP = """
const {numbers, columns} = JSON.parse(await next());
for (let line; (line = await next()) !== undefined;) {
  const n = Number(line);
  let result;
  const start = performance.now(), before = process.cpuUsage();
  for (let k = 0; k < n; k++) result = run(numbers, columns);
  const used = process.cpuUsage(before), seconds = (performance.now() - start) / 1000;
  const cpu = (used.user + used.system) / 1e6, {output, gradient} = result;
  console.log(JSON.stringify({seconds, cpu, output, gradient: [...gradient]}));
}
"""


def network(workload: Network) -> Step:
    return in_node(graph_of_network(workload))


def names(workload: Names) -> Step:
    return in_node(graph_of_names(workload))


def in_node(graph: Graph) -> Step:
    numbers = [float(parameter.data) for parameter in graph.parameters]
    return InNode(graph.compiled("python").javascript, numbers, graph.columns)


class InNode(Step):
    """A step that a process of Node.js does, many at once, when it is asked to."""

    def __init__(self, script: str, numbers: Any, columns: Any) -> None:
        command = node()
        if command is None:
            raise FileNotFoundError("there is no Node.js")
        with tempfile.TemporaryDirectory() as folder:  # until it has read the script
            file = Path(folder) / "step.mjs"
            file.write_text(READ + script + LOOP, encoding="utf-8")
            self._process = subprocess.Popen(
                [command, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            self._say(json.dumps({"numbers": numbers, "columns": columns}))
            self._answer(1)

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        print(line, file=self._process.stdin, flush=True)

    def _answer(self, n: int) -> Any:
        assert self._process.stdout is not None
        self._say(str(n))
        return json.loads(self._process.stdout.readline())

    def result(self) -> Result:
        answer = self._answer(1)
        return answer["output"], answer["gradient"]

    def seconds(self, n: int) -> float:
        return float(self._answer(n)["cpu" if self.counts_cpu else "seconds"])
