// How a page looks.
