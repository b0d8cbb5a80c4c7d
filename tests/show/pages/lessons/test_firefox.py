"""The lesson in Firefox: it becomes ready, steps, lays out anew, and nothing complains."""

from autograd import lesson, tanh
from autograd.value import Value
from nn import MLP, mse_loss


def test_a_lesson_steps_and_takes_numbers(firefox, tmp_path):
    x, w = Value(2.0, label="x"), Value(-0.5, label="w")
    output = tanh(x * w)
    lesson(output, tmp_path / "lesson.html")
    firefox.open(tmp_path / "lesson.html", wait="html[data-ready]")
    assert firefox.ask("byId('place').textContent") == "0/6"
    firefox.press("ArrowRight")
    assert firefox.ask("byId('place').textContent") == "1/6"
    firefox.ask("touching.set(graph.nodes.findIndex((node) => node.kind === 'leaf'), 3)")
    x.data = 3.0
    assert abs(firefox.ask("graph.data[graph.output]") - tanh(x * w).data) < 1e-12
    assert firefox.complaints == []


def test_a_box_opens(firefox, tmp_path):
    loss = mse_loss([MLP(2, [16, 16, 1])([1.0, -2.0])], [1.0])
    lesson(loss, tmp_path / "lesson.html")
    firefox.open(tmp_path / "lesson.html", wait="html[data-ready]")
    before = firefox.ask("view.boxes.length")
    firefox.ask("clicked({ box: view.boxes.find((box) => box.fold !== undefined) })")
    assert firefox.ask("view.boxes.length") > before
    assert firefox.complaints == []
