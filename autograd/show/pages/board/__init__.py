"""watch: a page that shows the Values of a session or a file."""

from autograd.show.pages.board.board import Board, BoardState, Follower
from autograd.show.pages.board.drawing import Drawing, drawing_of
from autograd.show.pages.board.file_watching import watch_file
from autograd.show.pages.board.watching import unwatch, watch

__all__ = [
    "Board", "BoardState", "Drawing", "Follower", "drawing_of", "unwatch", "watch", "watch_file",
]  # fmt: skip
