"""tell_failures: some cases by their names, as a test file of a notebook runs them."""

from autograd.conformance.cases import Names, in_names, judged
from autograd.conformance.running.in_this_process import SECONDS, ask, cases_of


def tell_failures(
    engine: type,
    *cases: str,
    hidden: str = "",
    names: Names | None = None,
    seconds: float = SECONDS,
) -> None:
    """Print what is wrong in the cases of these names, and nothing if they pass.

    Those of the seed ``hidden`` have names too. A case that is not offered does not pass.
    """
    known = {case.name: case for case in cases_of(hidden)}
    if unknown := [case for case in cases if case not in known]:
        raise ValueError(f"there is no case {unknown[0]!r}; python -m autograd check --all has all")
    names = names or {}
    for case in (known[name] for name in cases):
        result = judged(case, ask(case.question(names), engine, seconds))
        if result.verdict != "pass":
            print(in_names(result, names))
