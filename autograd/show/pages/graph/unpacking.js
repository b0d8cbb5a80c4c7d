// What Python has packed into a page.

/** Return what unpacks to the bytes of a gzip file that a script element holds as base64. */
async function unpacked(base64) {
  const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Return data that was packed as JSON. */
async function unpackedData(base64) {
  return JSON.parse(new TextDecoder().decode(await unpacked(base64)));
}
