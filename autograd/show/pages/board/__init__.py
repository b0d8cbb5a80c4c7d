"""watch: a page that shows the Values of a session or a file."""

from autograd.show.pages.board.board import Board, BoardState, Follower
from autograd.show.pages.board.drawing import Drawing, drawing_of
from autograd.show.pages.board.drawn_graph import MOST_NODES
from autograd.show.pages.board.file_watching import watch_file
from autograd.show.pages.board.picture_page import page_of_picture
from autograd.show.pages.board.watching import unwatch, watch

__all__ = [
    "MOST_NODES", "Board", "BoardState", "Drawing", "Follower", "drawing_of", "page_of_picture",
    "unwatch", "watch", "watch_file",
]  # fmt: skip
