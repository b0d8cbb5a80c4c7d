"""The file of a lesson: what stands in it, how large it is, and what is refused."""

import base64
import gzip
import io
import json
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from autograd import NotAGraphError, PictureError, Value, lesson
from autograd.graph import topological_order
from autograd.show.pages.graph import SCRIPTS
from autograd.show.pages.lessons.lesson_page import LESSON
from autograd.show.pages.template import part
from nn import MLP, hinge_loss, mse_loss
from tests.drawn import HOSTILE
from tests.pace import slowness_of_python
from tests.pictures import chain as chain_of
from tests.show.pages.lessons.reader import GRAPHS, Reader, chain, expression, network


def written(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def data_in(page: str) -> Any:
    packed = re.search(r'<script type="text/plain" id="lesson">(.*?)</script>', page, re.DOTALL)
    return json.loads(gzip.decompress(base64.b85decode(packed[1])))


def test_its_title_keeps_every_letter_whatever_the_terminal_can_show(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    y = Value(1.0, label="∂w→θ") * 2.0
    lesson(y, tmp_path / "page.html", names={"y": y})
    assert "<title>y = ∂w→θ*2.0</title>" in written(tmp_path / "page.html")


def test_its_title_has_the_digits_asked_for(tmp_path):
    y = Value(2.0, label="x") * (1 / 3)
    lesson(y, tmp_path / "page.html", names={"y": y}, digits=2)
    assert "<title>y = x*≈0.33</title>" in written(tmp_path / "page.html")


def test_a_long_formula_gives_way_to_what_leads_to_the_output(tmp_path):
    loss = hinge_loss(MLP(2, [4, 1]).batch([[1.0, 2.0], [3.0, 4.0]] * 4), [1, -1] * 4)
    lesson(loss, tmp_path / "page.html", names={"loss": loss})
    assert "<title>loss: MLP → hinge_loss</title>" in written(tmp_path / "page.html")
    error = (MLP(2, [4, 4, 1])([1.0, 2.0]) - 1.0) ** 2  # a formula that is short, because it is cut
    lesson(error, tmp_path / "page.html", names={"error": error})
    assert "<title>error: MLP</title>" in written(tmp_path / "page.html")


def test_the_page_asks_for_nothing_from_outside(tmp_path):
    lesson(expression(), tmp_path / "page.html")
    page = written(tmp_path / "page.html")
    links = set(re.findall(r"https?://[^\"'` ]+", page))
    assert links == {"http://www.w3.org/2000/svg"}  # a name space
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", "")
    assert not re.search(r"\beval\(|new Function|setTimeout\(['\"]", page)


def test_the_policy_lets_nothing_else_run(browser, tmp_path):
    lesson(expression(), tmp_path / "page.html")
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto((tmp_path / "page.html").as_uri())
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'got = 1'}));"
        "document.body.append(Object.assign(new Image(), {src: 'https://example.org/x.png'}))"
    )
    page.wait_for_timeout(100)
    assert page.evaluate("typeof got") == "undefined"
    assert any("script-src" in complaint for complaint in complaints)
    assert any("img-src" in complaint or "default-src" in complaint for complaint in complaints)
    page.close()


def test_hostile_labels_cannot_end_the_data(tmp_path):
    lesson(Value(1.0, label=HOSTILE[1]) * 2, tmp_path / "page.html", names={})
    page = written(tmp_path / "page.html")
    assert data_in(page)["nodes"]["name"][0] == HOSTILE[1]
    assert page.count("</script>") == 4


def test_labels_are_text_and_nothing_else(reader: Reader, tmp_path):
    leaves = [Value(float(k + 1), label=label) for k, label in enumerate(HOSTILE)]
    output = leaves[0] * leaves[1] + leaves[2]
    reader.read(output, tmp_path / "page.html", names={}, title=HOSTILE[1])
    reader.press("End")
    assert reader.text("h1") == HOSTILE[1]
    assert set(HOSTILE) < set(reader.table)
    reader.ask("view.draw(); show(at)")  # laid out in the page
    for label in HOSTILE:
        assert label in reader.text("#graph").replace("\u00a0", " ")
    assert reader.page.locator("img").count() == 0
    assert reader.page.locator("script").count() == 4
    for label in HOSTILE[:3]:
        reader.page.evaluate("(label) => tellNode(data.nodes.name.indexOf(label))", label)
        assert reader.text("#detail-title") == label
        reader.close_detail()


def test_no_two_scripts_of_the_page_declare_the_same_name():
    declared: dict[str, str] = {}
    for name in [*SCRIPTS, "graph/prediction.js", *[f"lessons/{name}.js" for name in LESSON]]:
        pattern = r"^(?:async )?(?:function|const|let|class) (\w+)"
        for found in re.findall(pattern, part(name), re.MULTILINE):
            assert found not in declared, (found, declared.get(found), name)
            declared[found] = name


def test_without_scripts_the_picture_and_the_table_are_complete(browser, tmp_path):
    lesson(GRAPHS["fractions"](), tmp_path / "page.html", names={})
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto((tmp_path / "page.html").as_uri())
    assert "grad 2/9" in page.locator("#graph").text_content()
    assert "JavaScript" in page.locator("noscript").inner_text()
    assert "2/9" in page.locator("noscript table").inner_text()
    assert not page.locator("#controls").is_visible()
    page.context.close()


# -- size and time -----------------------------------------------------------------------------


def crossing() -> Value:
    """Return 200 nodes, nearly each with two operands: about as many edges as there can be."""
    a = [Value(0.1 * k + 0.05, label=f"a{k}") for k in range(10)]
    output = a[0]
    for k in range(95):
        output = output * a[k % 10] + a[3 * k % 10]
    return output


def two_rows() -> Value:
    model = MLP(2, [5, 4, 1], expanded=True)
    return mse_loss([model([1.0, 2.0]), model([0.5, -1.0])], [1.0, 0.0])


def twenty() -> Value:
    output = Value(0.5, label="x")
    for k in range(9):
        output = output * Value(1.1 + k, label=f"w{k}")
    return output


@pytest.mark.parametrize(
    ("build", "nodes", "most_bytes"),
    [
        (twenty, 19, 620_000), (chain, 199, 900_000), (crossing, 200, 900_000),
        (two_rows, 210, 900_000),
    ],
)  # fmt: skip
def test_a_page_is_small_and_soon_written(tmp_path, build, nodes, most_bytes):
    output = build()
    assert abs(len(topological_order(output)) - nodes) <= 15
    times = []
    for _ in range(4):
        started = time.process_time()
        lesson(output, tmp_path / "page.html")
        times.append(time.process_time() - started)
    assert min(times) < 0.7 * slowness_of_python()
    assert (tmp_path / "page.html").stat().st_size <= most_bytes


def test_the_same_graph_gives_the_same_bytes(tmp_path):
    for name in ("one.html", "two.html"):
        lesson(network(), tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


# -- what it says, and refuses -----------------------------------------------------------------


def test_it_says_what_it_wrote_and_touches_no_gradient(tmp_path):
    output = expression()
    said = lesson(output, tmp_path / "page.html")
    assert repr(said) == f"wrote {tmp_path / 'page.html'}, a lesson of 12 steps"
    assert not output.has_grad


def test_a_lesson_of_one_step_is_not_said_to_have_steps(tmp_path):
    path = tmp_path / "page.html"
    assert str(lesson(Value(2.0, label="x"), path)) == f"wrote {path}, a lesson of 1 step"


def test_what_cannot_be_a_lesson_is_refused_and_nothing_is_written(tmp_path):
    path = tmp_path / "page.html"
    with pytest.raises(NotAGraphError, match="is not a node of a graph"):
        lesson(3.0, path)
    with pytest.raises(NotAGraphError, match="is a constant, a bare number"):
        lesson((Value(1.0) * 3).parents[1], path)
    with pytest.raises(PictureError, match="20,001 nodes are too many for a page"):
        lesson(chain_of(20_000), path)
    with pytest.raises(PictureError, match=r"1,901 nodes .* than the 500 of a picture") as raised:
        lesson(chain_of(1900), path)
    assert "take a smaller part" in str(raised.value)
    assert "fold=" not in str(raised.value)  # which a lesson does not take
    assert "max_nodes" not in str(raised.value)
    with pytest.raises(PictureError, match="a lesson is saved as"):
        lesson(expression(), tmp_path / "page.svg")
    with pytest.raises(TypeError, match=r'^a lesson is saved at a path: lesson\(output, "lesson'):
        lesson("page.html", expression())
    with pytest.raises(OSError, match="missing"):
        lesson(expression(), tmp_path / "missing" / "page.html")
    with pytest.raises(ValueError, match="digits = 0"):
        lesson(expression(), path, digits=0)
    with pytest.raises(TypeError, match="not a number"):
        lesson(expression(), path, seed="1")
    assert list(tmp_path.iterdir()) == []
