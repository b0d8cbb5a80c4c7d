// Looking around: zoom and position stay from line to line; all of it is seen until somebody moves.

const ZOOM = 1.2; // a click or a notch of the wheel
const STEP = 80; // pixels an arrow key moves
const A_DRAG = 4; // pixels; less is a click

class Looking {
  constructor(view) {
    this.view = view;
    this.frame = view.frame;
    this.frame.addEventListener("wheel", (event) => this.turned(event), { passive: false });
    this.frame.addEventListener("pointerdown", (event) => this.grabbed(event));
  }

  /** Zoom; the point of the picture at (x, y) on the screen, or in the middle, stays where it is. */
  zoom(factor, x = null, y = null) {
    const { view, frame } = this, around = frame.getBoundingClientRect();
    const across = x ?? around.left + around.width / 2, down = y ?? around.top + around.height / 2;
    const before = view.svg.getBoundingClientRect();
    view.zoom = view.factor * factor;
    view.scale();
    const after = view.svg.getBoundingClientRect();
    frame.scrollLeft += after.left + ((across - before.left) / before.width) * after.width - across;
    frame.scrollTop += after.top + ((down - before.top) / before.height) * after.height - down;
  }

  fit() {
    this.view.zoom = null;
    this.view.scale();
  }

  move(left, top) {
    this.frame.scrollBy({ left, top });
  }

  turned(event) {
    event.preventDefault();
    this.zoom(ZOOM ** -Math.sign(event.deltaY), event.clientX, event.clientY);
  }

  /** Let the picture be dragged with a mouse, as a finger moves it anyway; a drag is not a click. */
  grabbed(down) {
    if (down.pointerType === "touch" || down.button) return;
    let moved = 0;
    const drag = (event) => {
      moved = Math.max(moved, Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY));
      this.move(-event.movementX, -event.movementY);
    };
    const up = () => {
      removeEventListener("pointermove", drag);
      if (moved <= A_DRAG) return;
      const swallow = (event) => event.stopPropagation();
      addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => removeEventListener("click", swallow, { capture: true }));
    };
    addEventListener("pointermove", drag);
    addEventListener("pointerup", up, { once: true });
  }
}
