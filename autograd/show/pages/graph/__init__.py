"""The graph of a page: computed, folded, laid out and told anew in the browser."""

from autograd.show.pages.graph.graph_data import GraphData
from autograd.show.pages.graph.graph_page import SCRIPTS, GraphPage, packed, packed_graphviz
from autograd.show.pages.graph.tree_data import TreeData

__all__ = ["SCRIPTS", "GraphData", "GraphPage", "TreeData", "packed", "packed_graphviz"]
