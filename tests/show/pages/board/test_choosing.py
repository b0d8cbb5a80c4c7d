"""A board opens the boxes that a picture of the same room has open."""

from autograd.graph import topological_order
from autograd.show.folding import every_fold, fold_tree
from autograd.show.folding.cut import finest_cut
from autograd.show.pages.board.drawn_graph import graph_data
from autograd.text import Labels, Typesetter
from tests.show.folding.graphs import GRAPHS
from tests.show.pages.graph.scripts import run

MOST = (3, 6, 10, 20, 40)  # boxes for which there is room


def test_the_finest_cut_is_that_of_pictures():
    expected, read = {}, {}
    for name, build in GRAPHS.items():
        order = topological_order(build())
        tree = fold_tree(order, {})
        numbers = {fold: j for j, fold in enumerate(every_fold(tree))}
        cuts = [finest_cut(tree, lambda cut, n=n: len(cut) <= n) for n in MOST]
        expected[name] = [sorted(numbers[fold] for fold in cut.opened) for cut in cuts]
        read[name] = graph_data(order, Labels(order, {}, 4, Typesetter))
    code = f"""
        const opened = ({{ nodes, tree }}) => {{
          const folds = new Folds(tree, nodes.parents.map((parents) => ({{ parents }})));
          const finest = (n) => finestCut(folds, tree, (cut) => cut.boxes().boxes.length <= n);
          return {[*MOST]}.map((n) => [...finest(n).open].sort((a, b) => a - b));
        }};
        Object.fromEntries(Object.entries(read).map(([name, graph]) => [name, opened(graph)]))
    """
    assert run(["cut", "../board/choosing"], code, read=read) == expected
