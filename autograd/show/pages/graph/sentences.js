// Sentences with places for numbers, as autograd/show/story/sentences.py sends them: text, or a list
// whose first item says what it is. Numbers are those of numbers.js, by name.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Return a sentence with its numbers in their places. */
function filled(parts, numbers) {
  return parts.map((part) => (typeof part === "string" ? part : filledPart(part, numbers))).join("");
}

/** Return the cells of an aligned line, each with its role and its text. */
function filledLine(cells, numbers) {
  return cells.map(([role, ...parts]) => ({ role, text: filled(parts, numbers) }));
}

function filledPart([kind, ...rest], numbers) {
  if (kind === "=") return equalsSign(rest, numbers);
  if (kind === "formula") return filledFormula(rest, numbers);
  const number = numbers[rest[0]];
  if (kind === "factor") return number.factor;
  if (kind === "exponent") return raised(number.factor);
  if (kind === "alone") return alone(number);
  return number.text;
}

function equalsSign([between, factors = []], numbers) {
  const isRounded = between.some((name) => numbers[name].isRounded);
  const isZero = factors.some((name) => ["0.0", "0"].includes(numbers[name].text));
  return isRounded && !isZero ? "≈" : "=";
}

function filledFormula([sign, parts, result], numbers) {
  const text = filled(parts, numbers);
  return text === numbers[result].text ? "" : `${filled([sign], numbers)} ${text} `;
}

/** Return a whole exponent in raised figures, another one behind its operator. */
function raised(exponent) {
  const whole = exponent.match(/^\(?(−?)(\d+)(?:\.0)?\)?$/);
  if (!whole) return `**${exponent}`;
  return (whole[1] && "⁻") + whole[2].replace(/\d/g, (figure) => SUPERSCRIPTS[figure]);
}
