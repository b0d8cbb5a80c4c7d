// "Open this row": its graph with the weights of now, as the lesson page that Python has packed.

let wasPlaying = false; // when the row was opened

/** Return the numbers of the leaves, of a point and the weights of now, as a lesson takes them. */
function numbersFor({ row, parameters }, point) {
  const pairs = [...row.map((leaf, k) => [leaf, point[k]]), ...parameters.map((leaf, k) => [leaf, trainer.weights[k]])];
  return pairs.filter(([leaf]) => leaf >= 0).map(([leaf, number]) => `${leaf}:${number}`).join(" ");
}

/** Return the text of a lesson that starts with the numbers of a point. */
async function lessonOf(point) {
  const { lesson } = trainer.model, start = numbersFor(lesson, point); // before anything moves on
  const page = new DOMParser().parseFromString(await unpackedData(lesson.page), "text/html");
  page.getElementById("start").textContent = start;
  page.getElementById("graphviz").textContent = byId("graphviz").textContent;
  Object.assign(page.documentElement.dataset, document.documentElement.dataset); // the theme
  return `<!doctype html>${page.documentElement.outerHTML}`;
}

async function openRow(point) {
  if (!trainer.model.lesson) {
    write(byId("told"), words.no_row_page);
    return;
  }
  wasPlaying = timer !== null;
  pause();
  const frame = made("iframe", { title: filled(words.row_opened, { row: describe(point) }), srcdoc: await lessonOf(point) });
  frame.addEventListener("load", () => {
    frame.contentWindow.focus(); // so that its keys make steps
    if (frame.contentDocument) frame.contentWindow.addEventListener("keydown", closeByKey); // a notebook allows none
  });
  write(byId("row-name"), frame.title);
  byId("row").append(frame);
  byId("row").showModal();
}

/** Close the row where Escape has nothing in the lesson to close. */
function closeByKey(event) {
  if (event.key === "Escape" && !event.defaultPrevented && !event.target.closest("dialog")) byId("row").close();
}

function letRowsOpen() {
  byId("open-row").hidden = !known.models.some(({ lesson }) => lesson);
  byId("close-row").addEventListener("click", () => byId("row").close());
  byId("row").addEventListener("close", () => {
    byId("row").querySelector("iframe").remove();
    if (wasPlaying) play();
  });
}
