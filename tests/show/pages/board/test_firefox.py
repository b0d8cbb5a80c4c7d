"""The board in Firefox: it follows its file, a box opens and stays so, and nothing complains."""

import pytest

from autograd.show.pages.board.board import Board
from autograd.show.pages.board.drawing import drawing_of
from nn import MLP, mse_loss
from tests.show.pages.board.boards import state, variables

CLOSED = "root.querySelectorAll('#graph g.folded').length"
MIDDLE = """(({ x, y, width, height }) => [x + width / 2, y + height / 2])(
    root.querySelector('#graph g.folded').getBoundingClientRect())"""


@pytest.fixture
def board(firefox, tmp_path):
    board = Board(tmp_path)
    firefox.open(board.page, wait="#board[data-version]")
    firefox.wait_for("Boolean(view.layout)")
    yield board
    assert firefox.complaints == []


def show(firefox, board, held, caption=""):
    board.put(drawing_of(held)._replace(caption=caption))
    firefox.wait_for(f"root.dataset.version === '{state(board)['version']}'")


def test_each_line_is_drawn_with_its_caption_and_marks(firefox, board):
    held = variables()
    show(firefox, board, held, caption="c = a * b")
    assert firefox.ask("byId('caption').textContent") == "c = a * b"
    assert firefox.ask("byId('graph').querySelectorAll('g.node').length") == 6
    held["c"].backward()
    show(firefox, board, held, caption="c.backward()")
    assert firefox.ask("byId('graph').querySelectorAll('g.graded').length") == 3


def test_a_box_opens_on_a_click_and_stays_open(firefox, board):
    rows = [[1.0, 2.0, float(k)] for k in range(4)]
    loss = mse_loss(MLP(3, [4, 1], rng=0).batch(rows), [1.0] * 4)
    show(firefox, board, {"loss": loss})
    closed, boxes = firefox.ask(CLOSED), firefox.ask("view.boxes.length")
    assert closed > 0
    firefox.click(*firefox.ask(MIDDLE))
    opened = firefox.ask("view.boxes.length")
    assert opened > boxes
    loss.backward()
    show(firefox, board, {"loss": loss})
    assert firefox.ask("view.boxes.length") == opened
