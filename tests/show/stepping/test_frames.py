"""The picture of each step."""

import re

import pytest

from autograd import LayoutError, PictureError, Stepper, Value, draw, tanh, total
from nn import MLP
from tests.drawn import SVG, Drawn
from tests.graphs import graph, powers
from tests.steps import START, STEPS, stepper


def caption(drawn):
    texts = drawn.root.find(f"{SVG}g").iterfind(f"{SVG}text")
    return [text.text for text in texts if text.text]


def looks(drawn):
    """Return how each box and edge is marked: v0 is a, v1 b, v2 c, v3 d; their edges in order."""
    kinds = {key: drawn.kind(key).split()[2:] for key in sorted(drawn.groups)}
    return {key: kind[0] for key, kind in kinds.items() if kind}


def at(k, **options):
    s = stepper(**options)
    s.goto(k)
    return Drawn(s.picture)


def test_before_the_first_step_all_but_the_leaves_is_ahead():
    drawn = at(0)
    assert looks(drawn) == dict.fromkeys(["v2", "v3", "e0", "e1", "e2", "e3"], "ahead")
    assert drawn.lines("v0") == ["a", "data 2.0", "grad –"]
    assert drawn.lines("v2") == ["c = a*b", "data –", "grad –"]
    assert caption(drawn) == [START]


def test_a_forward_step_marks_operands_and_result():
    drawn = at(1)
    assert looks(drawn) == {
        "v0": "operand", "v1": "operand", "v2": "computed", "e0": "operand", "e1": "operand",
        "v3": "ahead", "e2": "ahead", "e3": "ahead",
    }  # fmt: skip
    assert drawn.lines("v2") == ["c = a*b", "data −6.0", "grad –"]
    assert drawn.lines("v3") == ["d = c + a", "data –", "grad –"]
    assert caption(drawn) == [STEPS[0].replace("-", "−")]


def test_the_seed_marks_the_output():
    drawn = at(3)
    assert looks(drawn) == {"v3": "receives"}
    assert drawn.lines("v3")[-1] == "grad 1.0"


def test_a_backward_step_marks_who_gives_and_who_receives():
    drawn = at(6)
    assert looks(drawn) == {"v2": "gives", "v0": "receives", "e0": "receives"}
    assert drawn.lines("v0")[-1] == "grad −2.0"
    assert drawn.lines("v1")[-1] == "grad –"
    assert caption(drawn) == [line.strip().replace("-", "−") for line in STEPS[5].split("\n")]


def test_local_derivatives_show_once_the_backward_pass_has_used_them():
    seed, backward = at(3), at(6)
    edges = ["e0", "e1", "e2", "e3"]
    assert [seed.lines(key) for key in edges] == [[], [], [], []]
    assert [backward.lines(key) for key in edges] == [["∂ b = −3.0"], [], ["∂ 1.0"], ["∂ 1.0"]]


def test_gradients_that_leaves_start_from_show():
    nodes = graph()
    nodes[-1].backward()
    s = Stepper(nodes[-1], names={}, accumulate=True)
    s.next()
    drawn = Drawn(s.picture)
    assert [drawn.lines(key)[-1] for key in ("v0", "v1", "v2", "v3")] == [
        "grad −2.0", "grad 2.0", "grad –", "grad –",
    ]  # fmt: skip


def test_gradients_set_between_two_pictures_show():
    a, *_, d = graph()
    s = Stepper(d, names={}, accumulate=True)
    assert Drawn(s.picture).lines("v0")[-1] == "grad –"
    a.grad = 12.5
    assert Drawn(s.picture).lines("v0")[-1] == "grad 12.5"
    s.goto(5)
    assert Drawn(s.picture).lines("v0")[-1] == "grad 13.5"


def test_boxes_have_room_for_the_longest_number():
    x = Value(1 / 3, label="x")
    output = x * 12345.678
    output.backward()

    def width(picture):
        box = next(iter(Drawn(picture).groups["v0"].iter(f"{SVG}path"))).get("d")
        across = [float(point.split(",")[0]) for point in re.findall(r"[-\d.]+,[-\d.]+", box)]
        return round(max(across) - min(across), 2)  # as many digits as an SVG has

    assert width(Stepper(output, names={}).picture) == width(draw(output, names={}))


def test_a_reference_is_never_ahead():
    drawn = Drawn(Stepper(powers(12), names={}).picture)
    assert {drawn.kind(key) for key in drawn.keys("reference")} == {"node reference"}


def places(svg):
    """Return the size of a picture and the place of each shape, and those of its texts."""
    shapes = re.findall(r'(?<![\w-])(?:points|d|width|height|viewBox)="[^"]*"', svg)
    return shapes, set(re.findall(r'<text [^>]*(x="[^"]*" y="[^"]*")', svg))


def test_all_pictures_have_one_size_and_one_layout():
    x = Value(1 / 3, label="x")
    s = Stepper(tanh(x * 12345.678) * x, names={})
    s.run()
    shapes, texts = places(s.picture.svg)
    assert len(shapes) > 10
    assert len(texts) > 10
    for k in range(len(s)):
        s.goto(k)
        assert places(s.picture.svg)[0] == shapes
        assert places(s.picture.svg)[1] <= texts


def test_save_frames_writes_one_picture_a_step(tmp_path):
    said = stepper().save_frames(tmp_path / "new" / "frames")
    assert repr(said) == "wrote 8 pictures, step-0.svg to step-7.svg"
    files = sorted((tmp_path / "new" / "frames").iterdir())
    assert [file.name for file in files] == [f"step-{k}.svg" for k in range(8)]
    s = stepper()
    for k, file in enumerate(files):
        s.goto(k)
        assert file.read_text(encoding="utf-8") == s.picture.svg


def test_frames_of_an_earlier_walk_go_and_other_files_stay(tmp_path):
    (tmp_path / "step-99.svg").write_text("old")
    (tmp_path / "step-by-step.svg").write_text("mine")
    stepper().save_frames(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert "step-99.svg" not in names
    assert "step-by-step.svg" in names


def test_saving_frames_leaves_the_position_as_it_was(tmp_path):
    s = stepper()
    s.goto(3)
    s.save_frames(tmp_path)
    assert s.position == 3


def test_frames_take_a_theme(tmp_path):
    s = stepper()
    assert "#12161c" not in s.picture.svg
    s.save_frames(tmp_path, theme="dark")
    assert "#12161c" in (tmp_path / "step-0.svg").read_text(encoding="utf-8")


def test_an_unknown_theme_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(PictureError, match="'neon'"):
        stepper().save_frames(tmp_path / "frames", theme="neon")
    assert not list(tmp_path.iterdir())


def test_more_than_1000_frames_are_refused(tmp_path):
    x = Value(1.0, label="x")
    output = x
    for _ in range(400):
        output = output * x
    with pytest.raises(PictureError, match="1,201 steps make too many files"):
        Stepper(output, names={}).save_frames(tmp_path / "frames")
    assert not list(tmp_path.iterdir())


def test_frames_that_cannot_be_written_are_an_os_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match=r"file is a file: name a folder for the frames"):
        stepper().save_frames(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "in the way"


def test_frames_need_a_layout_engine(tmp_path, monkeypatch):
    def no_engine(*arguments):
        raise LayoutError("no engine")

    monkeypatch.setattr("autograd.show.picture.picture.render", no_engine)
    with pytest.raises(LayoutError, match="no engine"):
        stepper().save_frames(tmp_path / "frames")
    assert not list(tmp_path.iterdir())


def test_a_folded_graph_marks_the_box_that_holds_the_node():
    x = [Value(float(k), label=f"x{k}") for k in range(100)]
    output = total([tanh(v) for v in x])
    output.label = "sum"
    s = Stepper(output, names={})
    s.goto(1)
    drawn = Drawn(s.picture)
    box, leaves, end = map(drawn.key_of, ["tanh ×100", "x· ×100", "sum = total"])
    assert [drawn.kind(key) for key in (box, leaves, end)] == [
        "node folded computed", "node folded operand", "node node ahead",
    ]  # fmt: skip
    s.goto(103)
    drawn = Drawn(s.picture)
    assert drawn.kind(box) == "node folded receives"
    assert drawn.kind(end) == "node node gives"
    assert caption(drawn)[0] == "folded: 201 nodes in 3 boxes"
    assert caption(drawn)[1].startswith("[103/302] backward: sum = v1 + v2 + v3 + … + v100 → ")


def test_a_folded_box_shows_the_norms_of_each_step():
    model = MLP(2, [16, 16, 1])
    s = Stepper(total([model([1.0, 2.0]), model([2.0, 1.0])]), names={})
    key = Drawn(s.picture).key_of("layer0 ×2")
    shown = []
    for step in (0, len(s) // 2, len(s)):
        s.goto(step)
        shown.append(Drawn(s.picture).lines(key)[2:])
    assert shown[0] == ["‖data‖ –", "‖grad‖ –"]
    assert shown[1][0] == shown[2][0] != "‖data‖ –"
    assert shown[1][1] != shown[2][1] != "‖grad‖ –"
