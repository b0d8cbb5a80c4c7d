// Places of boxes and names: rectangles, {left, right, top, bottom}.

/** Return where an element of the drawing stands, in points, however it moves there now. */
function placeOf(element) {
  const { x, y, width, height } = element.getBBox();
  return { left: x, right: x + width, top: y, bottom: y + height };
}

const grown = ({ left, right, top, bottom }, by) => ({ left: left - by, right: right + by, top: top - by, bottom: bottom + by });
const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const union = (all) => ({
  left: Math.min(...all.map((one) => one.left)), right: Math.max(...all.map((one) => one.right)),
  top: Math.min(...all.map((one) => one.top)), bottom: Math.max(...all.map((one) => one.bottom)),
});
const shifted = ({ left, right, top, bottom }, { x, y }) => ({ left: left + x, right: right + x, top: top + y, bottom: bottom + y });

/** Return a place as a shape with a look. */
function rectangle({ left, right, top, bottom }, radius, look = "") {
  const shape = document.createElementNS(SVG, "rect");
  for (const [key, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top, rx: radius })) shape.setAttribute(key, value);
  if (look) shape.setAttribute("class", look);
  return shape;
}
