"""Points: which a file gives, what an engine earns, and what is said of a file that is wrong."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from autograd.__main__ import main
from autograd.conformance import Report, Result, check_engine, check_file
from autograd.conformance.reports.points import contradicts_itself, read_points, score_of
from autograd.conformance.running.in_this_process import CASES, cases_of
from tests.conformance.checked import CHAPTER, Young
from tests.engines import AssignsInsteadOfAdding, KnowsNoFunctions, Right

ENGINE = "demos/class_repository/engine.py"


@pytest.fixture
def points(tmp_path):
    def write(text: str) -> str:
        (tmp_path / "points.toml").write_text(text, encoding="utf-8")
        return str(tmp_path / "points.toml")

    return write


def earned(path: str, engine: type, hidden: str = "") -> dict[str, float]:
    parts = read_points(path, cases_of(hidden))
    score = score_of(parts, check_engine(engine, hidden=hidden).results)
    return {part.name: float(score.earned(part)) for part in score.parts}


def cases_in(group: str) -> list[str]:
    return [case.name for case in CASES if case.group == group]


# -- what is earned ----------------------------------------------------------------------------


def test_a_right_engine_earns_all_points_though_it_leaves_out_what_is_optional(points):
    report = check_engine(Right)
    assert report.not_offered
    path = points("core = 80\nrobustness = 20")
    score = score_of(read_points(path, CASES), report.results)
    assert (score.total, score.maximum, score.extra) == (100, 100, 0)


def test_the_cases_of_a_group_share_its_points(points):
    results = check_engine(AssignsInsteadOfAdding).results
    offered = [r for r in results if r.group == "core" and r.verdict != "not offered"]
    passed = sum(result.verdict == "pass" for result in offered)
    assert 0 < passed < len(offered)
    path = points("core = 10")
    assert earned(path, AssignsInsteadOfAdding)["core"] == pytest.approx(10 * passed / len(offered))


def test_all_or_nothing_is_nothing_if_one_case_fails(points):
    path = points('[sums]\ncases = ["add", "reuse"]\npoints = 4\npartial = false\n')
    assert earned(path, AssignsInsteadOfAdding) == {"sums": 0}
    assert earned(path, Right) == {"sums": 4}


def test_a_part_of_one_s_own_shares_its_points(points):
    path = points('[sums]\ncases = ["add", "reuse"]\npoints = 5\n')
    assert earned(path, AssignsInsteadOfAdding) == {"sums": 2.5}


def test_a_case_with_points_of_its_own_is_not_counted_in_its_group(points):
    path = points('core = 10\nreuse = 3\n[more]\ncases = ["diamond"]\npoints = 1')
    parts = {part.name: part for part in read_points(path, CASES)}
    assert set(parts["core"].cases) == set(cases_in("core")) - {"reuse", "diamond"}
    assert earned(path, Right) == {"core": 10, "reuse": 3, "more": 1}


def test_extra_points_are_on_top_of_the_maximum(points):
    path = points('core = 10\n["deep chain"]\npoints = 5\nextra = true')
    score = score_of(read_points(path, CASES), check_engine(Right).results)
    assert (score.total, score.maximum, score.extra) == (15, 10, 5)


def test_a_case_that_is_named_must_be_offered(points):
    assert earned(points("core = 10\ntanh = 2"), KnowsNoFunctions) == {"core": 10, "tanh": 0}


def test_shares_that_are_not_decimals_add_up(points):
    path = points('third = { points = 1, cases = ["add", "subtract", "multiply"] }\ndivide = 0.1')
    score = score_of(read_points(path, CASES), check_engine(Right).results)
    assert float(score.total) == 1.1
    assert len(score.items) == 4


# -- on the command line -----------------------------------------------------------------------


def test_the_points_are_told_after_the_counts(points, capsys):
    path = points('core = 60\nrobustness = 30\n["deep chain"]\npoints = 2.5\nextra = true')
    assert main(["check", ENGINE, "--points", path]) == 0
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "Points: 92.5 of 90, with 2.5 extra",
        "  core        60   of  60",
        "  robustness  30   of  30",
        "  deep chain  2.5  of  2.5 (extra)",
    ]


def test_without_points_the_report_says_nothing_of_them():
    assert "oints" not in str(check_engine(Right))


def test_many_parts_are_one_sum_and_all_of_them_on_request(points, capsys):
    path = points("\n".join(f'"{case.name}" = 1' for case in CASES))
    main(["check", ENGINE, "--points", path])
    assert capsys.readouterr().out.splitlines()[-1] == f"Points: 56 of {len(CASES)}"
    main(["check", ENGINE, "--points", path, "--all"])
    assert capsys.readouterr().out.count("  of  1\n") == len(CASES)


@pytest.mark.parametrize("engine", [Right, AssignsInsteadOfAdding, Young])
def test_with_points_a_report_has_at_most_40_lines_too(points, engine):
    names = cases_in("robustness")[:8]
    parts = read_points(points("\n".join(f'"{name}" = 1' for name in names)), CASES)
    report = Report("Value", check_engine(engine, hidden="7").results, parts=parts)
    assert len(str(report).splitlines()) <= 40
    assert f"  {names[-1]}" in str(report)


def test_the_json_has_the_points(points, capsys):
    path = points("core = 60\nhidden = 40")
    main(["check", ENGINE, "--points", path, "--hidden", "a seed", "--format", "json"])
    told = json.loads(capsys.readouterr().out)["points"]
    assert (told["earned"], told["of"], told["extra"]) == (100, 100, 0)
    assert [part["name"] for part in told["parts"]] == ["core", "hidden"]


def test_a_file_that_cannot_be_checked_earns_nothing_of_all_points(points, capsys):
    path = points("core = 60")
    assert main(["check", "nowhere.py", "--points", path, "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert (told["points"]["earned"], told["points"]["of"]) == (0, 60)
    assert told["error"] == "there is no file nowhere.py"


# -- a table of answers ------------------------------------------------------------------------


def with_verdicts(core: str, hidden: list[str]) -> list[Result]:
    """Return the results of an engine: one verdict for all of core, and those of hidden cases."""
    results = [r for r in check_engine(Right).results if r.group == "core"]
    graphs = [replace(results[0], name=f"hidden {k}", group="hidden") for k in range(len(hidden))]
    verdicts = [*[core] * len(results), *hidden]
    return [
        replace(result, verdict=verdict)
        for result, verdict in zip([*results, *graphs], verdicts, strict=True)
    ]


@pytest.mark.parametrize(
    ("core", "hidden", "is_one"),
    [
        ("pass", ["wrong"] * 3 + ["pass"] * 2, True),
        ("pass", ["raised"], True),
        ("pass", ["wrong"] * 2 + ["pass"] * 3, False),
        ("pass", [], False),
        ("pass", ["timed out"] * 3, False),  # the others may have used up the time
        ("pass", ["not offered"], False),
        ("wrong", ["wrong"] * 3, False),
    ],
)
def test_to_pass_core_and_fail_most_hidden_graphs_is_a_contradiction(core, hidden, is_one):
    assert contradicts_itself(with_verdicts(core, hidden)) == is_one


def test_an_engine_that_contradicts_itself_earns_nothing_and_is_told_why(points):
    results = with_verdicts("pass", ["wrong"])
    report = Report("Value", results, parts=read_points(points("reuse = 8"), CASES))
    assert (report.score.total, report.score.maximum) == (0, 8)
    assert "the answers to the core cases were not computed: no points are counted" in report.note


# -- files that are wrong ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("core = 5\ndiamnd = 3", "points.toml, line 2: 'diamnd' is not a case or a group; did you "
         "mean 'diamond'?"),
        ("xyzzy = 3", "line 1: 'xyzzy' is not a case or a group; `--all` tells the names of all"),
        ('core = 5\n[mine]\npoints = 1\ncases = ["add", "ad"]', "line 2: 'ad' is not a case"),
        ("core = -3", "line 1: core: points are a number from 0 up, and not -3"),
        ("core = nan", "line 1: core: points are a number from 0 up, and not nan"),
        ("core = inf", "and not inf"),
        ("core = true", "and not True"),
        ('core = "ten"', "and not 'ten'"),
        ("core = [1]", "and not [1]"),
        ("core = 1\n\n[robustness]\npartial = true", "line 3: robustness has no points: add poin"),
        ("[core]\npoints = 1\npart = 2", "line 1: core has an option 'part'; there are points, pa"),
        ("[core]\npoints = 1\nextra = 1", "line 1: core: extra is true or false"),
        ('[core]\npoints = 1\ncases = ["add"]', "line 1: core is a group or a case: name this par"),
        ("[mine]\npoints = 1\ncases = []", 'cases is a list of names, as in ["add", "multiply"]'),
        ("[mine]\npoints = 1\ncases = [1]", "cases is a list of names"),
        ('add = 1\n[a]\npoints = 1\ncases = ["add"]', "line 2: 'add' stands in add and in a: it h"),
        ('[a]\npoints = 1\ncases = ["add", "add"]', "line 1: 'add' stands twice in a: it has po"),
        ("hidden = 5", "line 1: there are no 'hidden' cases here: add --hidden SEED"),
        ('"hidden 3" = 5', "there are no 'hidden 3' cases here: add --hidden SEED"),
        ("core = 0", "points.toml gives no points: write for instance core = 80"),
        ("", "points.toml gives no points"),
        ("[core]\npoints = 1\nextra = true", "points.toml gives only extra points: write for inst"),
        ("core = 5\ncore = 6\n", "points.toml: Cannot overwrite a value (at line 2"),
        ("core 5", "points.toml: Expected '=' after a key in a key/value pair (at line 1"),
    ],
)  # fmt: skip
def test_a_points_file_that_is_wrong_is_one_line_with_its_place_and_a_cure(
    points, capsys, text, reason
):
    assert main(["check", ENGINE, "--points", points(text)]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert reason in told.err


def test_a_group_whose_cases_all_have_points_of_their_own_is_left_out(points, capsys):
    names = json.dumps(cases_in("robustness"))
    path = points(f"robustness = 1\n[mine]\npoints = 1\ncases = {names}")
    assert main(["check", ENGINE, "--points", path]) == 2
    assert "all cases of robustness have points of their own" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "reason"),
    [("missing.toml", "there is no file {path}"), ("", "{path} is a folder: name the file in it")],
)
def test_a_points_file_that_cannot_be_read_is_one_line(capsys, tmp_path, name, reason):
    path = str(tmp_path / name)
    assert main(["check", ENGINE, "--points", path]) == 2
    assert capsys.readouterr().err == f"python -m autograd: {reason.format(path=path)}\n"


def test_a_points_file_that_is_not_text_is_one_line(capsys, tmp_path):
    path = tmp_path / "points.toml"
    path.write_bytes("# Übung\ncore = 1".encode("latin-1"))
    assert main(["check", ENGINE, "--points", str(path)]) == 2
    told = capsys.readouterr().err
    assert "points.toml is not text in UTF-8: save it as that" in told
    assert told.count("\n") == 1


def test_the_points_file_is_read_before_the_engine(points, capsys):
    assert main(["check", "nowhere.py", "--points", points("cor = 1")]) == 2
    assert "did you mean 'core'?" in capsys.readouterr().err


def test_check_file_takes_parts(points):
    report = check_file(str(Path(ENGINE)), parts=read_points(points("core = 2"), CASES))
    assert report.score.total == 2


def test_the_example_of_the_guide_is_out_of_100(points):
    example = CHAPTER.split("```toml\n")[1].split("```")[0]
    parts = read_points(points(example), cases_of("7"))
    assert sum(part.points for part in parts if not part.extra) == 100
    assert "on top of the 100" in example
