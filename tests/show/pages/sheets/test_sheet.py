"""worksheet: what stands on the sheets and in their solutions, and how they print on A4."""

import copy
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from autograd import (
    NoForwardRuleError,
    NotAGraphError,
    PictureError,
    Value,
    checkpoint,
    log,
    maximum,
    refresh,
    relu,
    sqrt,
    tanh,
    worksheet,
)
from autograd.graph import topological_order
from autograd.wording import show_number
from nn import Neuron
from tests.drawn import HOSTILE
from tests.show.pages.sheets.five_graphs import FIVE
from tests.show.pages.sheets.reading import (
    LINE,
    SVG,
    Page,
    leaves,
    named,
    pages_of,
    printed,
    written,
)

PROJECT = Path(__file__).parents[4]
ROUNDED = ".//p[@class='rounded']"


def expression() -> Value:
    """Return L = (d + a)*c, d = a*b, with a used twice and no number in its formula."""
    a, b, c = leaves(a=2.0, b=-3.0, c=-2.0)
    d = named(a * b, "d")
    return named(named(d + a, "s") * c, "L")


def tanh_neuron() -> Value:
    a, b, c = leaves(a=2.0, b=-3.0, c=6.5)
    return named(tanh(a * b + c))


def dead_relu() -> Value:
    w, x, b = leaves(w=-2.0, x=1.0, b=0.5)
    return named((relu(w * x + b) - 1.0) ** 2)


def quotient() -> Value:
    p, q, r = leaves(p=1.0, q=2.0, r=1.0)
    return named(log(p) / sqrt(q) - r)


def fractions() -> Value:
    x, y = leaves(x=Fraction(1, 3), y=2)
    return named(x**2 / (y + 1))


def largest() -> Value:
    a, b, c = leaves(a=1.0, b=2.0, c=3.0)
    return named(maximum(a, b) * c)


def fused() -> Value:
    return named(Neuron(2, "tanh")(leaves(x=1.0, y=2.0)))


def deep(depth: int = 3) -> Value:
    output = Value(1.0, label="x")
    for k in range(depth):
        output = output * Value(2.0, label=f"w{k}") + Value(1.0, label=f"b{k}")
    return named(output)


GRAPHS: dict[str, Callable[[], Value]] = {
    "a node used twice": expression, "tanh": tanh_neuron, "a dead relu": dead_relu,
    "domains": quotient, "fractions": fractions, "a maximum": largest, "a dot": fused,
    "deep": deep, "a leaf": lambda: Value(1.5, label="x"),
}  # fmt: skip
every_graph = pytest.mark.parametrize("build", GRAPHS.values(), ids=GRAPHS.keys())


def merged(pages: list[Page]) -> tuple[list[str], dict[str, tuple[str, ...]], list[list[str]]]:
    """Return forward lines, boxes and rows of the pages of one sheet."""
    forward = [line for page in pages for line in page.forward]
    boxes = {name: box for page in pages for name, box in page.boxes.items()}
    return forward, boxes, [row for page in pages for row in page.rows]


# -- the solutions -----------------------------------------------------------------------------


def test_the_solutions_of_a_graph_with_its_own_numbers(tmp_path):
    exercise, solutions = written(expression(), tmp_path, seed=None)
    assert solutions.text(".//p[@class='formula']") == "L = (a*b + a)*c"
    assert solutions.given == {"a": "2.0", "b": "-3.0", "c": "-2.0"}
    assert solutions.forward == [
        "d = a*b = 2.0 × (-3.0) = -6.0",
        "s = d + a = -6.0 + 2.0 = -4.0",
        "L = s*c = (-4.0) × (-2.0) = 8.0",
    ]
    assert solutions.rows == [
        ["L", "∂L/∂L = 1.0", "", "L.grad = 1.0"],
        ["L = s*c → s", "∂L/∂s = c = -2.0", "1.0 × (-2.0) = -2.0", "s.grad = -2.0"],
        ["L = s*c → c", "∂L/∂c = s = -4.0", "1.0 × (-4.0) = -4.0", "c.grad = -4.0"],
        ["s = d + a → d", "∂s/∂d = 1.0", "(-2.0) × 1.0 = -2.0", "d.grad = -2.0"],
        ["s = d + a → a", "∂s/∂a = 1.0", "(-2.0) × 1.0 = -2.0", "a.grad = -2.0"],
        ["d = a*b → a", "∂d/∂a = b = -3.0", "(-2.0) × (-3.0) = 6.0", "a.grad = -2.0 + 6.0 = 4.0"],
        ["d = a*b → b", "∂d/∂b = a = 2.0", "(-2.0) × 2.0 = -4.0", "b.grad = -4.0"],
    ]
    assert solutions.boxes["a"] == ("data 2.0", "grad 4.0")
    assert solutions.boxes["s"] == ("data -4.0", "grad -2.0")
    assert sorted(text for local in solutions.drawn("local") for text in local) == [
        "∂ -2.0", "∂ -3.0", "∂ -4.0", "∂ 1.0", "∂ 1.0", "∂ 2.0",
    ]  # fmt: skip
    assert exercise.given == solutions.given


def test_a_gradient_stands_out_where_its_sum_is_complete(tmp_path):
    _, solutions = written(expression(), tmp_path, seed=None)
    assert "a.grad = -2.0 + 6.0 = 4.0" in solutions.complete
    assert "a.grad = -2.0" not in solutions.complete
    assert len(solutions.complete) == 6


def test_a_name_that_is_a_formula_is_in_parentheses_before_grad(tmp_path):
    x = Value(2.0, label="my x")
    exercise, solutions = written(named(x * 3.0), tmp_path, seed=None)
    assert exercise.rows[-1][-1] == f"(my x).grad = {LINE}"
    assert solutions.rows[-1][-1] == "(my x).grad = 3.0"


def test_a_sheet_is_printed_with_a_true_minus(tmp_path):
    written(expression(), tmp_path, seed=None)
    text = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert "d = a*b = 2.0 × (−3.0) = −6.0" in text
    assert "grad −2.0" in text
    assert not re.search(r"> *(data|grad) -", text)


def test_rounded_numbers_are_marked_as_such(tmp_path):
    _, solutions = written(tanh_neuron(), tmp_path, seed=None)
    assert solutions.forward[-1] == "out = tanh(v2) = tanh(0.5) ≈ 0.4621"
    assert solutions.rows[1][-3:] == [
        "∂out/∂v2 = 1 - out² ≈ 0.7864", "1.0 × 0.7864 ≈ 0.7864", "v2.grad ≈ 0.7864",
    ]  # fmt: skip


def test_solutions_say_so_where_a_number_from_a_table_or_a_rounded_one_in_a_sum_is_used(tmp_path):
    a, c = leaves(a=0.25, c=-1.0)
    remark = "Some numbers are rounded: by hand, the last digit may differ."
    for output, is_told in [((a + 1.5 * a) * tanh(c), True), ((a + 1.5 * a) * c, False),
                            (tanh(c) * a, True)]:  # fmt: skip
        exercise, solutions = written(named(output), tmp_path, seed=None)
        assert [p.text for p in solutions.root.iterfind(ROUNDED)] == [remark] * is_told
        assert exercise.root.find(ROUNDED) is None


@pytest.mark.parametrize("seed", [None, 0, 1, "Ada"])
@every_graph
def test_the_numbers_of_the_solutions_are_those_of_the_engine(tmp_path, build, seed):
    output = build()
    pages = [page for page in written(output, tmp_path, seed=seed) if page.kind == "solutions"]
    _, boxes, rows = merged(pages)
    given = {name: number for page in pages for name, number in page.given.items()}
    nodes = topological_order(output)
    for node in nodes:
        if not node.parents and not node.is_constant:
            if seed is not None:
                node.data = type(node.data)(given[node.label])
            assert show_number(node.data).lstrip("≈") == given[node.label]
    refresh(output)
    output.backward()
    expected = [
        (f"data {show_number(node.data)}", f"grad {show_number(node.grad)}")
        for node in nodes
        if not node.is_constant
    ]
    assert sorted(boxes.values()) == sorted(expected)
    totals = {}
    for row in rows:
        name, total = re.split(r"\.grad ", row[-1])
        totals[name] = re.split(" ?[=≈] ", total)[-1]
    assert all(
        totals[name] == box[1].removeprefix("grad ").lstrip("≈") for name, box in boxes.items()
    )


# -- the exercise ------------------------------------------------------------------------------


def test_gradients_and_local_derivatives_are_left_blank(tmp_path):
    exercise, _ = written(expression(), tmp_path, seed=None)
    assert exercise.boxes["a"] == ("data 2.0", f"grad {LINE}")
    assert exercise.boxes["s"] == ("data -4.0", f"grad {LINE}")
    assert exercise.drawn("local") == [["∂"]] * 6
    assert exercise.forward == []
    assert exercise.rows[0] == ["L", "", f"L.grad = {LINE}"]
    assert exercise.rows[5] == ["d = a*b → a", f"{LINE} × {LINE} = {LINE}", f"a.grad = {LINE}"]
    assert exercise.complete == []


def test_the_forward_pass_can_be_left_blank_too(tmp_path):
    exercise, solutions = written(expression(), tmp_path, seed=None, blank="all")
    assert exercise.boxes["a"] == ("data 2.0", f"grad {LINE}")
    assert exercise.boxes["s"] == (f"data {LINE}", f"grad {LINE}")
    assert exercise.forward == [f"d = a*b = {LINE}", f"s = d + a = {LINE}", f"L = s*c = {LINE}"]
    assert exercise.text(".//ol/li").startswith("Forward pass")
    assert solutions.boxes["s"] == ("data -4.0", "grad -2.0")


@pytest.mark.parametrize("blank", ["gradients", "all"])
def test_no_number_to_be_found_stands_on_the_exercise(tmp_path, blank):
    exercise, _ = written(expression(), tmp_path, seed=7, blank=blank)
    shown = [text for row in exercise.rows for text in row]
    shown += [numbers[1] for numbers in exercise.boxes.values()]
    shown += [text for local in exercise.drawn("local") for text in local]
    shown += exercise.forward
    if blank == "all":
        shown += [exercise.boxes[name][0] for name in ("d", "s", "L")]
    assert not list(exercise.root.iter(f"{SVG}a")), "a tooltip would tell"
    assert not re.search(r"\d", " ".join(shown))


@pytest.mark.parametrize(("blank", "count"), [("gradients", 24), ("all", 18)])
def test_sheet_and_solutions_are_laid_out_alike(tmp_path, blank, count):
    exercise, solutions = written(expression(), tmp_path, seed=4, blank=blank)
    places = [
        [(text.get("x"), text.get("y")) for text in page.root.iter(f"{SVG}text")]
        for page in (exercise, solutions)
    ]
    assert places[0] == places[1]
    assert len(places[0]) == count


def test_without_space_on_the_edges_local_derivatives_go_into_the_table(tmp_path):
    near, _ = written(expression(), tmp_path)
    assert "on the edge" in near.text(".//ol")
    pages = written(FIVE["rnn"](), tmp_path)
    tasks, *_, graph = (page for page in pages if page.kind == "exercise")
    assert "into the table" in tasks.text(".//ol")
    assert graph.boxes
    assert graph.drawn("local") == []


def test_nodes_are_called_by_the_variables_of_the_caller_and_the_title_is_ones_own(tmp_path):
    u = Value(2.0)
    v = u * u
    worksheet(v, tmp_path / "sheet.html", title="Week 3")
    page = pages_of(tmp_path / "sheet.html")[0]
    assert [row[0] for row in page.rows] == ["∂v/∂v", "∂v/∂u₁", "∂v/∂u₂"]
    assert page.text(".//h1") == "Week 3"


def test_its_formula_keeps_every_letter_whatever_the_terminal_can_show(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    y = Value(1.0, label="Δθ") * 2.0
    worksheet(y, tmp_path / "sheet.html", names={"y": y})
    page = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert '<p class="formula">y = Δθ*2.0</p>' in page


def test_the_forward_pass_that_ran_is_on_the_sheet_whatever_was_edited_since(tmp_path):
    output = expression()
    next(node for node in topological_order(output) if node.label == "a").data = 5.0
    _, solutions = written(output, tmp_path, seed=None)
    assert solutions.given["a"] == "2.0"
    assert solutions.boxes["a"] == ("data 2.0", "grad 4.0")


def test_a_graph_that_cannot_run_forward_keeps_its_numbers(tmp_path):
    x = Value(2.0, label="x")
    cube = Value(8.0, parents=(x,), local_derivatives=lambda out, x: 3 * x * x, op="cube")
    _, solutions = written(cube, tmp_path, seed=None)
    assert solutions.rows[1][1:] == ["∂v1/∂x = 12.0", "1.0 × 12.0 = 12.0", "x.grad = 12.0"]


# -- the numbers drawn -------------------------------------------------------------------------


def given(folder: Path, build: Callable[[], Value], seed: Any) -> list[dict[str, str]]:
    """Return the leaves of each sheet."""
    pages = written(build(), folder, seed=seed)
    return [page.given for page in pages if page.kind == "exercise" and page.given]


def test_a_seed_gives_the_same_numbers_for_ever(tmp_path):
    assert given(tmp_path, tanh_neuron, seed=[3, "Bo"]) == [
        {"a": "1.0", "b": "1.5", "c": "0.5"},
        {"a": "2.0", "b": "0.5", "c": "-3.0"},
    ]


def test_each_student_has_other_numbers(tmp_path):
    drawn = given(tmp_path, tanh_neuron, seed=range(30))
    assert len({tuple(numbers.values()) for numbers in drawn}) > 25


def test_plain_arithmetic_needs_no_rounding_and_meets_no_zero(tmp_path):
    for page in written(expression(), tmp_path, seed=range(40)):
        text = " ".join(" ".join(box) for box in page.boxes.values())
        assert "≈" not in text
        assert not re.search(r" 0\.0\b", text)


def test_no_two_leaves_are_alike(tmp_path):
    for numbers in given(tmp_path, tanh_neuron, seed=range(40)):
        assert len(set(numbers.values())) == 3


def test_a_relu_is_awake_and_never_at_its_kink(tmp_path):
    for page in written(dead_relu(), tmp_path, seed=range(40)):
        if page.kind == "solutions" and page.boxes:
            assert float(page.boxes["v3"][0].removeprefix("data ")) > 0
            assert "grad 0.0" not in [box[1] for box in page.boxes.values()]


def test_a_relu_that_cannot_wake_is_a_worksheet_all_the_same(tmp_path):
    x = Value(2.0, label="x")
    _, solutions = written(named(relu(-(x**2))), tmp_path)
    assert solutions.boxes["x"][1] == "grad 0.0"


def test_every_operation_is_inside_its_domain(tmp_path):
    for numbers in given(tmp_path, quotient, seed=range(40)):
        assert float(numbers["p"]) > 0
        assert float(numbers["q"]) > 0


def test_exact_numbers_stay_exact(tmp_path):
    for numbers in given(tmp_path, fractions, seed=range(10)):
        assert re.fullmatch(r"-?\d/\d", numbers["x"])
        assert re.fullmatch(r"-?\d", numbers["y"])


def test_constants_stay_as_they_are(tmp_path):
    drawn = [page.drawn("constant") for page in written(dead_relu(), tmp_path, seed=5)]
    assert drawn == [[], [["1.0"], ["2"]]] * 2


def test_the_graph_itself_stays_untouched(tmp_path):
    output = expression()
    output.backward()
    before = copy.deepcopy(output)
    written(output, tmp_path, seed=range(3))
    pairs = zip(topological_order(output), topological_order(before), strict=True)
    assert all((x.data, x.grad, x.record) == (y.data, y.grad, y.record) for x, y in pairs)


# -- the file ----------------------------------------------------------------------------------


def test_several_seeds_give_sheets_and_behind_them_their_solutions(tmp_path):
    pages = written(tanh_neuron(), tmp_path, seed=["Ada", 2026, "Émile"])
    assert [(page.kind, page.mark) for page in pages] == [
        ("exercise", "sheet Ada"), ("exercise", "sheet 2026"), ("exercise", "sheet Émile"),
        ("solutions", "sheet Ada · solutions"), ("solutions", "sheet 2026 · solutions"),
        ("solutions", "sheet Émile · solutions"),
    ]  # fmt: skip
    for exercise, solutions in zip(pages[:3], pages[3:], strict=True):
        assert exercise.given == solutions.given


def test_numbers_of_ones_own_need_no_mark(tmp_path):
    assert [page.mark for page in written(expression(), tmp_path, seed=None)] == ["", "solutions"]


def test_it_says_what_it_wrote(tmp_path):
    path = tmp_path / "sheet.html"
    assert repr(worksheet(expression(), path)) == f"wrote {path}, a worksheet and its solutions"
    said = worksheet(expression(), path, seed=range(2))
    assert said == f"wrote {path}, 2 worksheets and their solutions"


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name in ("one.html", "two.html"):
        worksheet(tanh_neuron(), tmp_path / name, seed=range(3), names={})
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_a_process_and_its_hash_seed_leave_no_trace(tmp_path):
    script = (
        "import sys; from tests.show.pages.sheets.test_sheet import *; "
        "worksheet(quotient(), sys.argv[1], seed=[1, 'Ada'], names={})"
    )
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / f"{seed}.html")], check=True,
            cwd=PROJECT, env=os.environ | {"PYTHONHASHSEED": seed},
        )  # fmt: skip
    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()


def test_the_file_asks_for_nothing_and_runs_nothing(tmp_path):
    worksheet(expression(), tmp_path / "sheet.html")
    source = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    links = set(re.findall(r"https?://[^\"' ]+", source))
    assert links == {"http://www.w3.org/2000/svg"}  # a name space
    assert re.search(
        r'Content-Security-Policy" content="default-src \'none\'; style-src \'sha256-[^\']{44}\'; '
        r"base-uri 'none'; form-action 'none'\"",
        source,
    )
    assert "<script" not in source
    assert not re.search(r"\sstyle=|\son\w+=", source)


# -- printed -----------------------------------------------------------------------------------


@every_graph
def test_it_prints_on_as_many_pages_of_a4_as_it_has(browser, tmp_path, build):
    pages = written(build(), tmp_path, blank="all", seed=range(2))
    sizes = printed(browser, tmp_path / "sheet.html")
    assert len(sizes) == len(pages)
    assert all(size == pytest.approx((210, 297), abs=0.5) for size in sizes)


def test_a_small_graph_takes_two_pages_and_a_class_two_each(browser, tmp_path):
    for seed, count in ((0, 2), (range(5), 10)):
        worksheet(expression(), tmp_path / "sheet.html", seed=seed)
        assert len(printed(browser, tmp_path / "sheet.html")) == count


def test_a_deep_graph_has_a_page_of_its_own(browser, tmp_path):
    tables, graph, *_ = written(deep(), tmp_path)
    assert tables.rows
    assert not tables.boxes
    assert graph.boxes
    assert not graph.rows
    assert len(printed(browser, tmp_path / "sheet.html")) == 4


def long_names() -> Value:
    output = expression()
    for node in topological_order(output):
        node.label = f"{node.label}, a number with quite a long name"
    return output


@pytest.mark.parametrize("build", [*GRAPHS.values(), long_names])
def test_nothing_is_cut_off_or_written_over_another(browser, tmp_path, build):
    written(build(), tmp_path, blank="all")
    page = browser.new_page(viewport={"width": 680, "height": 1010})
    page.emulate_media(media="print")
    page.goto((tmp_path / "sheet.html").as_uri())
    assert page.evaluate(
        "[...document.querySelectorAll('section')].flatMap((section) => {"
        " const around = section.getBoundingClientRect();"
        " const parts = [...section.children].map((part) => part.getBoundingClientRect());"
        " return parts.filter((part, k) => part.right > around.right + 1"
        "  || part.bottom > around.bottom + 1 || (k && part.top < parts[k - 1].bottom - 1));"
        "})"
    ) == []  # fmt: skip
    page.close()


@pytest.mark.parametrize("media", ["print", "screen"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_black_and_white(browser, tmp_path, media, scheme):
    written(tanh_neuron(), tmp_path, seed=range(2), blank="all")
    page = browser.new_page(color_scheme=scheme)
    page.emulate_media(media=media)
    page.goto((tmp_path / "sheet.html").as_uri())
    colours = page.evaluate(
        "[...new Set([...document.querySelectorAll('*')].flatMap((element) => {"
        " const style = getComputedStyle(element);"
        " return ['color', 'backgroundColor', 'fill', 'stroke', 'borderTopColor',"
        "  'borderBottomColor', 'outlineColor', 'textDecorationColor'].map((name) => style[name]);"
        "}))]"
    )
    page.close()
    found = [re.findall(r"[\d.]+", colour) for colour in colours if colour != "none"]
    assert len(found) >= 3
    assert all(r == g == b for r, g, b, *_ in found), colours
    assert ["0", "0", "0"] in found


def test_labels_titles_and_seeds_are_text_and_nothing_else(browser, tmp_path):
    x, y, z = (Value(float(k + 1), label=label) for k, label in enumerate(HOSTILE))
    output = named(x * y + z, HOSTILE[0][::-1])
    pages = written(output, tmp_path, title=HOSTILE[1], seed=HOSTILE)
    assert len(printed(browser, tmp_path / "sheet.html")) == len(pages)
    page = browser.new_page()
    dialogs: list[Any] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog), dialog.dismiss()))
    page.goto((tmp_path / "sheet.html").as_uri())
    assert page.locator("img, script").count() == 0
    text = page.text_content("main")
    for label in HOSTILE:
        assert label in text
        assert f"sheet {label}" in text
    assert page.text_content("h1 >> nth=0") == HOSTILE[1]
    assert page.title() == HOSTILE[1]
    assert dialogs == []
    page.close()


# -- what cannot be a worksheet ----------------------------------------------------------------


def log_near_its_edge() -> Value:
    x = Value(0.1, label="x")
    return log(0.2 - x**2)


def one_off() -> Value:
    x = Value(2.0)
    return Value(8.0, parents=(x,), local_derivatives=lambda out, x: 3 * x * x, op="cube")


def expression_of(x: Value) -> Value:
    return x * x


@pytest.mark.parametrize(
    ("build", "options", "error", "message"),
    [
        (lambda: 3.0, {}, NotAGraphError, "is not a node of a graph"),
        (lambda: deep(20), {}, PictureError, "81 nodes are too many for a worksheet"),
        (lambda: deep(8), {}, PictureError, "too big to be read on A4; take a smaller part"),
        (expression, {"blank": "none"}, PictureError, "blank='none' is unknown; there are"),
        (expression, {"digits": 0}, ValueError, "digits = 0"),
        (expression, {"digits": "4"}, ValueError, "digits = '4'"),
        (expression, {"seed": 1.5}, TypeError, "seed=1.5: a whole number, a text"),
        (expression, {"seed": [1, None]}, TypeError, "seed has None in it"),
        (expression, {"seed": []}, PictureError, "there would be no sheet"),
        (expression, {"seed": range(10**9)}, PictureError, "more than 200 seeds"),
        (one_off, {}, NoForwardRuleError, "cube is a one-off node.*seed=None"),
        (
            lambda: checkpoint(expression_of)(Value(2.0)), {}, NoForwardRuleError,
            "^expression_of is a recompute checkpoint.*: call expression_of itself",
        ),
        (log_near_its_edge, {}, PictureError, r"none of 300 tries.*log\(.*its operand must be > 0"),
        (lambda: relu(Value(1.0) * 0.0), {}, PictureError, "relu is at its kink"),
        (lambda: Value(2.0) * 1e9, {}, PictureError, r"a number comes to"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_worksheet_is_refused(tmp_path, build, options, error, message):
    with pytest.raises(error, match=message):
        worksheet(build(), tmp_path / "sheet.html", **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", [Value(2.0), 3, None, b"sheet.html"])
def test_what_is_not_a_path_is_told_the_order_of_arguments(path):
    with pytest.raises(TypeError, match=r"^a worksheet is saved at a path: worksheet\(output, "):
        worksheet(expression(), path)


def test_a_path_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(OSError, match="missing"):
        worksheet(expression(), tmp_path / "missing" / "sheet.html")
