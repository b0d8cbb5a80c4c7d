// How pages write numbers that were touched: letter for letter as autograd/wording/numbers.py and the
// Typesetter write a float.

const AGREEMENT = 1e-12; // relative: rounding errors of the arithmetic are not digits that matter
const FEW_DIGITS = 12; // with more of them asked for, a whole number shows its rounding errors
const LARGEST_WHOLE = 1e6; // whole numbers below it are written out
const SHORT = 2; // digits of a number said in short
const SURE_DIGITS = 60; // no float is so close to half a unit of its 17th digit without being it

/** Return a number with so many significant digits: its text, that text as a factor, whether it is rounded. */
function written(number, digits) {
  const whole = Math.round(number);
  const isWhole = Math.abs(number) < LARGEST_WHOLE && agree(whole, number)
    && (whole === number || digits <= FEW_DIGITS);
  if (isWhole) return writtenAs(`${whole}.0`, false); // the whole number of -0 is written 0
  if (!Number.isFinite(number)) {
    return writtenAs(Number.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf", false);
  }
  const text = general(number, digits);
  return writtenAs(text, !agree(Number(text), number));
}

/** Return with how many digits a number is said in short: all before its point, so that neither 180 nor 99.6 has an e. */
const fewDigits = (number) => Math.max(SHORT, String(Math.round(Math.abs(number))).length);

/** Return a written number that stands alone: marked where it is rounded. */
function alone({ text, isRounded }) {
  return isRounded ? `≈${text}` : text;
}

function writtenAs(text, isRounded) {
  const typeset = text.replaceAll("-", "−");
  return { text: typeset, factor: typeset.startsWith("−") ? `(${typeset})` : typeset, isRounded };
}

function agree(text, number) {
  return Math.abs(text - number) <= AGREEMENT * Math.abs(number);
}

/** Return a number as Python's format "g" writes it. */
function general(number, digits) {
  const sign = number < 0 ? "-" : "";
  const [figures, exponent] = rounded(Math.abs(number), digits);
  if (exponent < -4 || exponent >= digits) {
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${withPoint(figures, 1)}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  const point = Math.max(exponent, 0) + 1;
  return sign + withPoint("0".repeat(Math.max(-exponent, 0)) + figures, point);
}

/** Return figures with a point behind the first few, without zeros at the end. */
function withPoint(figures, first) {
  const decimals = figures.slice(first).replace(/0+$/, "");
  return figures.slice(0, first) + (decimals && `.${decimals}`);
}

/** Return the significant figures of a positive number and the exponent of the first one.
 *
 * What lies exactly between two texts takes the even figure: JavaScript would take the larger.
 */
function rounded(number, digits) {
  const [nearest, exponent] = figuresOf(number, digits);
  if (!figuresOf(number, digits + 1)[0].endsWith("5")) return [nearest, exponent];
  const [exact, ownExponent] = figuresOf(number, SURE_DIGITS);
  const isHalfway = /^50*$/.test(exact.slice(digits));
  const isEven = "02468".includes(exact[digits - 1]);
  return isHalfway && isEven ? [exact.slice(0, digits), ownExponent] : [nearest, exponent];
}

function figuresOf(number, digits) {
  const [mantissa, exponent] = number.toExponential(digits - 1).split("e");
  return [mantissa.replace(".", ""), Number(exponent)];
}
