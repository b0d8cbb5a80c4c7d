// What Python has packed into a page.

const LETTERS_85 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/** Return the bytes that base 85 stands for, five letters for four of them, as in RFC 1924. */
function bytesOf(text) {
  const places = new Uint8Array(128), bytes = new Uint8Array(Math.floor((text.length * 4) / 5));
  [...LETTERS_85].forEach((letter, value) => { places[letter.charCodeAt(0)] = value; });
  for (let k = 0, at = 0; k < text.length; k += 5) {
    let number = 0;
    for (let i = k; i < k + 5; i++) number = number * 85 + (i < text.length ? places[text.charCodeAt(i)] : 84);
    for (let shift = 24; shift >= 0 && at < bytes.length; shift -= 8) bytes[at++] = (number / 2 ** shift) & 255;
  }
  return bytes;
}

/** Return what unpacks to the bytes of a gzip file that a script element holds in base 85. */
async function unpacked(text) {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Return data that was packed as JSON. */
async function unpackedData(text) {
  return JSON.parse(new TextDecoder().decode(await unpacked(text)));
}
