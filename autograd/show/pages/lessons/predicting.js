// Predicting: the next number is hidden and asked for; a wrong answer is told what it is.

class Predicting {
  constructor({ telling, words }) {
    Object.assign(this, { telling, words });
    this.isOn = false;
    this.right = this.asked = 0;
    this.step = null; // the step that is asked about
    byId("asking").addEventListener("submit", (event) => {
      event.preventDefault();
      this.judge(byId("answer").value);
    });
    byId("answer").addEventListener("keydown", (event) => event.stopPropagation());
  }

  toggle() {
    this.isOn = !this.isOn;
    this.right = this.asked = 0;
    byId("predict").setAttribute("aria-pressed", this.isOn);
    show(at);
  }

  /** Ask for the number of a step of single nodes; at the end, give the score. */
  ask(step) {
    const canAsk = this.isOn && step && step.node !== undefined && !(step.edges?.length > 1) && !step.kind.endsWith("seed");
    byId("asking").hidden = !this.isOn || (!canAsk && Boolean(step));
    if (!this.isOn) return;
    this.step = canAsk ? step : null;
    byId("answer").hidden = byId("answer").nextElementSibling.hidden = !canAsk;
    write(byId("question"), canAsk ? this.question(step) : this.score());
    byId("answer").value = "";
    if (canAsk) byId("answer").focus({ preventScroll: true });
  }

  question(step) {
    if (step.kind === "forward") {
      return this.words.ask.replace("{target}", textOf(step.node).title);
    }
    const target = this.telling.gradientName(view.receiverOf(step.edges[0]));
    return this.words.ask_more.replace("{title}", this.telling.saidOf(step)[0]).replace("{target}", target);
  }

  judge(typed) {
    if (!this.step) return;
    if (!typed.trim()) {
      go(at + 1); // seen, and not asked
      return;
    }
    const verdict = diagnose(this.step.kind, this.telling.amountsOf(this.step), typed);
    if (verdict !== "not a prediction") this.asked++;
    if (verdict === "predicted") this.right++;
    const own = ["predicted", "mispredicted", "not a prediction"].includes(verdict);
    const said = own ? this.word(verdict) : this.words.diagnosed.replace("{mistake}", this.word(verdict));
    write(byId("verdict"), said.replace(/\{answer(!r)?\}/, typed.trim()));
    byId("verdict").className = verdict === "predicted" ? "right" : "wrong";
    if (verdict === "predicted") go(at + 1);
    else byId("answer").select();
  }

  word(key) {
    return this.words[key.replaceAll(" ", "_")];
  }

  score() {
    return this.words.score.replace("{right}", this.right).replace("{asked}", this.asked);
  }
}
