"""Search a smallest graph for every bug, and store the bugs from easy to hard.

Run ``python -m autograd.hunting.store_levels`` when a mutant was added or changed. A test says so
if it was forgotten. Bugs that no small graph shows are left out: an engine that fails only in a
second pass, or after an edit, or is only slow.
"""

import hashlib
import json
from typing import Any

from autograd.conformance import MUTANTS, engine_text
from autograd.hunting.engines import shows_bug
from autograd.hunting.language import write_graph
from autograd.hunting.levels import ORDERED
from autograd.hunting.search import MOST_NODES, graphs_of


def fingerprint() -> str:
    """Return a number for the engines that the levels are made from."""
    engines = [engine_text(mutant) for mutant in (None, *MUTANTS)]
    return hashlib.sha256(repr(engines).encode()).hexdigest()[:16]


def computed_levels() -> dict[str, Any]:
    """Return the bugs in order: the nodes of a smallest graph, then the share that shows it."""
    bugs: list[dict[str, Any]] = []
    left = [mutant.name for mutant in MUTANTS]
    for nodes in range(1, MOST_NODES + 1):
        graphs = list(graphs_of(nodes))
        for name in left[:]:
            showing = [graph for graph in graphs if shows_bug(name, graph)]
            if showing:
                left.remove(name)
                share = round(len(showing) / len(graphs), 6)
                graph = write_graph(showing[0])
                bugs.append({"bug": name, "graph": graph, "nodes": nodes, "share": share})
    bugs.sort(key=lambda row: (row["nodes"], -row["share"]))
    return {"made from": fingerprint(), "bugs": bugs}


if __name__ == "__main__":
    ORDERED.write_text(json.dumps(computed_levels(), indent=0) + "\n", encoding="utf-8")
    print(f"wrote {ORDERED}")
