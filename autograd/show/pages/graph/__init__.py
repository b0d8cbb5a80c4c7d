"""What the pages do with a graph themselves, in JavaScript."""
