"""Views of a graph. Each draws on the same names, numbers and words."""
