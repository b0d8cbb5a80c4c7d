"""Points for the cases: a file of parts, and what an engine earns of them.

core = 70                   # a group: its cases share the points
hidden = 20                 # the cases of --hidden SEED

["deep chain"]              # a case, which is then not counted in its group
points = 5
extra = true                # on top of the sum

[operators]                 # a part of one's own
cases = ["add", "multiply"]
points = 10
partial = false             # all or nothing
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from autograd.conformance.cases import HIDDEN, Case, Result
from autograd.errors import PointsFileError
from autograd.wording import word

OPTIONS = ("points", "partial", "extra", "cases")
MOST = 1_000_000  # points of a part


@dataclass(frozen=True)
class Part:
    """Cases that share points; in a ``group``, those that an engine does not offer do not count."""

    name: str
    cases: tuple[str, ...]
    points: Fraction
    partial: bool = True
    extra: bool = False
    is_group: bool = False


@dataclass(frozen=True)
class Item:
    """What is earned or not as a whole: a case, or a part that is all or nothing."""

    name: str
    part: Part
    points: Fraction
    results: tuple[Result, ...]

    @property
    def is_earned(self) -> bool:
        return bool(self.results) and all(result.verdict == "pass" for result in self.results)

    @property
    def earned(self) -> Fraction:
        return self.points if self.is_earned else Fraction(0)


@dataclass(frozen=True)
class Score:
    """What an engine has earned of each part."""

    items: tuple[Item, ...]

    @property
    def parts(self) -> list[Part]:
        return list(dict.fromkeys(item.part for item in self.items))

    def earned(self, *parts: Part) -> Fraction:
        """Return the points earned in some parts."""
        return sum((item.earned for item in self.items if item.part in parts), Fraction(0))

    @property
    def total(self) -> Fraction:
        """All that is earned, with what is extra."""
        return self.earned(*self.parts)

    @property
    def extra(self) -> Fraction:
        return self.earned(*(part for part in self.parts if part.extra))

    @property
    def maximum(self) -> Fraction:
        """The points of all parts that are not extra."""
        return sum((part.points for part in self.parts if not part.extra), Fraction(0))

    def lines(self) -> tuple[str, list[tuple[str, str, str, str]]]:
        """Return the sum in words, and a row of a table for each part."""
        extra = word("points extra", extra=shown_points(self.extra)) if self.extra else ""
        total, maximum = shown_points(self.total), shown_points(self.maximum)
        head = word("points", earned=total, maximum=maximum, extra=extra)
        rows = []
        for part in self.parts:
            note = f" ({word('extra')})" if part.extra else ""
            points = f"{shown_points(part.points)}{note}"
            rows.append((f"  {part.name}", shown_points(self.earned(part)), word("of"), points))
        return head, rows

    def as_json(self) -> dict[str, Any]:
        parts = [
            {"name": part.name, "earned": float(self.earned(part)), "points": float(part.points),
             "extra": part.extra}
            for part in self.parts
        ]  # fmt: skip
        earned, maximum = float(self.total), float(self.maximum)
        return {"earned": earned, "of": maximum, "extra": float(self.extra), "parts": parts}


def shown_points(points: Fraction) -> str:
    """Return points as they are written in a gradebook: 12, and not 12.0."""
    return f"{float(points):.6g}"


def score_of(parts: Iterable[Part], results: Sequence[Result]) -> Score:
    """Return what an engine with these results has earned: nothing if it answers from a table."""
    by_name = {result.name: result for result in results}
    items = [item for part in parts for item in _items(part, by_name)]
    if contradicts_itself(results):
        items = [replace(item, points=Fraction(0)) for item in items]
    return Score(tuple(items))


def contradicts_itself(results: Iterable[Result]) -> bool:
    """Tell whether all core cases pass, and most hidden ones, of the same operations, do not.

    An engine that computes does not do that. A table of answers does, or a forged answer.
    """
    found = [result for result in results if result.verdict not in ("not offered", "timed out")]
    core = [result.verdict == "pass" for result in found if result.group == "core"]
    hidden = [result.verdict == "pass" for result in found if result.group == HIDDEN]
    return all(core) and bool(core) and 2 * sum(hidden) < len(hidden)


def _items(part: Part, results: Mapping[str, Result]) -> list[Item]:
    counted = tuple(
        results[name]
        for name in part.cases
        if not (part.is_group and results[name].verdict == "not offered")
    )
    if not part.partial or not counted:
        return [Item(part.name, part, part.points, counted)]
    share = part.points / len(counted)
    return [Item(result.name, part, share, (result,)) for result in counted]


# -- reading a file ------------------------------------------------------------------------------


def read_points(path: str, cases: Sequence[Case]) -> list[Part]:
    """Return the parts of a file; raises PointsFileError, with the line, for what is wrong."""
    text = _text_of(path)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PointsFileError(f"{path}: {error}") from None
    return _Reader(path, text, cases).parts(table)


def _text_of(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PointsFileError(f"{path} is not text in UTF-8: save it as that") from None
    except OSError as error:
        if Path(path).is_dir():
            raise PointsFileError(f"{path} is a folder: name the file in it") from None
        if not Path(path).exists():
            raise PointsFileError(f"there is no file {path}") from None
        raise PointsFileError(f"{path} cannot be read: {error.strerror}") from None


class _Reader:
    """Reads the parts of a file; what is wrong is an error with its line."""

    def __init__(self, path: str, text: str, cases: Sequence[Case]) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.groups: dict[str, list[str]] = {}
        for case in cases:
            self.groups.setdefault(case.group, []).append(case.name)
        self.names = {case.name for case in cases}

    def error(self, name: str, reason: str) -> PointsFileError:
        """Return the error, with the line on which the part begins."""
        key = rf"""\s*\[?\s*["']?{re.escape(name)}["']?\s*[]=.]"""
        found = [number for number, line in enumerate(self.lines, 1) if re.match(key, line)]
        place = f", line {found[0]}" if found else ""
        return PointsFileError(f"{self.path}{place}: {reason}")

    def parts(self, table: Mapping[str, Any]) -> list[Part]:
        parts = [self.part(name, entry) for name, entry in table.items()]
        self.refuse_twice([part for part in parts if not part.is_group])
        taken = {case for part in parts if not part.is_group for case in part.cases}
        parts = [self.without(part, taken) if part.is_group else part for part in parts]
        if not any(part.points for part in parts if not part.extra):
            gives = "only extra points" if any(part.points for part in parts) else "no points"
            raise PointsFileError(f"{self.path} gives {gives}: write for instance core = 80")
        return parts

    def part(self, name: str, entry: Any) -> Part:
        options = entry if isinstance(entry, dict) else {"points": entry}
        if unknown := [option for option in options if option not in OPTIONS]:
            reason = f"{name} has an option {unknown[0]!r}; there are {', '.join(OPTIONS)}"
            raise self.error(name, reason)
        if "points" not in options:
            raise self.error(name, f"{name} has no points: add points = 10")
        for option in ("partial", "extra"):
            if not isinstance(options.get(option, True), bool):
                raise self.error(name, f"{name}: {option} is true or false")
        return Part(
            name,
            self.cases(name, options),
            self.points(name, options["points"]),
            options.get("partial", True),
            options.get("extra", False),
            name in self.groups and "cases" not in options,
        )

    def points(self, name: str, points: Any) -> Fraction:
        is_number = isinstance(points, int | float) and not isinstance(points, bool)
        if not is_number or not 0 <= points <= MOST:
            raise self.error(name, f"{name}: points are a number from 0 up, and not {points!r}")
        return Fraction(str(points))

    def cases(self, name: str, options: Mapping[str, Any]) -> tuple[str, ...]:
        if "cases" not in options:
            if name in self.groups:
                return tuple(self.groups[name])
            self.refuse_unknown(name, name)
            return (name,)
        if name in self.groups or name in self.names:
            raise self.error(name, f"{name} is a group or a case: name this part otherwise")
        cases = options["cases"]
        if not isinstance(cases, list) or not cases or not all(isinstance(c, str) for c in cases):
            raise self.error(name, f'{name}: cases is a list of names, as in ["add", "multiply"]')
        for case in cases:
            self.refuse_unknown(name, case)
        return tuple(cases)

    def refuse_unknown(self, part: str, case: str) -> None:
        if case in self.names:
            return
        if case.split(" ")[0] == HIDDEN:
            raise self.error(part, f"there are no {case!r} cases here: add --hidden SEED")
        close = difflib.get_close_matches(case, [*self.names, *self.groups], 1)
        cure = f"did you mean {close[0]!r}?" if close else "`--all` tells the names of all cases"
        raise self.error(part, f"{case!r} is not a case or a group; {cure}")

    def refuse_twice(self, parts: Sequence[Part]) -> None:
        owners: dict[str, str] = {}
        for part in parts:
            for case in part.cases:
                if case in owners:
                    owner = owners[case]
                    where = (
                        f"in {owner} and in {part.name}"
                        if owner != part.name
                        else (f"twice in {owner}")
                    )
                    raise self.error(part.name, f"{case!r} stands {where}: it has points once")
                owners[case] = part.name

    def without(self, part: Part, taken: set[str]) -> Part:
        cases = tuple(case for case in part.cases if case not in taken)
        if not cases:
            reason = f"all cases of {part.name} have points of their own: leave {part.name} out"
            raise self.error(part.name, reason)
        return replace(part, cases=cases)
