// Graphviz in the page: the very WebAssembly that Python uses, given the sixteen calls of WASI that
// it imports. Nothing is read or written; what it prints as an error is kept.

const WASI_OK = 0, WASI_BAD_FILE = 8, WASI_NO_ENTRY = 44;

/** Return a function from DOT to the SVG that Graphviz makes of it. It throws what Graphviz says. */
async function makeLayout(bytes) {
  const module = await WebAssembly.compile(bytes);
  return (dot) => new Graphviz(module).render(dot); // one for each picture: an error leaves it broken
}

class Graphviz {
  constructor(module) {
    this.said = "";
    const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: this.wasi() });
    this.exports = exports;
  }

  get view() {
    return new DataView(this.exports.memory.buffer);
  }

  bytes(at, size) {
    return new Uint8Array(this.exports.memory.buffer, at, size);
  }

  wasi() {
    const writes = (...numbers) => { // pairs of an address and what goes there
      for (let k = 0; k < numbers.length; k += 2) this.view.setUint32(numbers[k], numbers[k + 1], true);
      return WASI_OK;
    };
    return {
      environ_get: () => WASI_OK,
      environ_sizes_get: (count, size) => writes(count, 0, size, 0),
      clock_time_get: (_id, _precision, out) => writes(out, 0, out + 4, 0),
      random_get: (at, size) => { this.bytes(at, size).fill(7); return WASI_OK; },
      fd_close: () => WASI_OK,
      fd_fdstat_set_flags: () => WASI_OK,
      fd_fdstat_get: (file, out) => {
        if (file > 2) return WASI_BAD_FILE;
        this.bytes(out, 24).fill(0);
        this.bytes(out, 1)[0] = 2; // a terminal
        return WASI_OK;
      },
      fd_read: (_file, _parts, _count, out) => writes(out, 0),
      fd_write: (_file, parts, count, out) => {
        let total = 0;
        for (let at = parts; at < parts + 8 * count; at += 8) {
          const size = this.view.getUint32(at + 4, true);
          this.said += new TextDecoder().decode(this.bytes(this.view.getUint32(at, true), size));
          total += size;
        }
        return writes(out, total);
      },
      fd_filestat_get: () => WASI_BAD_FILE,
      fd_prestat_get: () => WASI_BAD_FILE,
      fd_prestat_dir_name: () => WASI_BAD_FILE,
      fd_seek: () => WASI_BAD_FILE,
      path_filestat_get: () => WASI_NO_ENTRY,
      path_open: () => WASI_NO_ENTRY,
      proc_exit: (code) => { throw new Error(`Graphviz ended with ${code}: ${this.said}`); },
    };
  }

  put(text) {
    const bytes = new TextEncoder().encode(`${text}\0`), at = this.exports.malloc(bytes.length);
    this.bytes(at, bytes.length).set(bytes);
    return at;
  }

  text(at, size) {
    return new TextDecoder().decode(this.bytes(at, size));
  }

  render(dot) {
    const size = this.exports.malloc(4);
    const found = this.exports.graphviz_render(this.put(dot), this.put("svg"), this.put("dot"), size);
    if (found) return this.text(found, this.view.getUint32(size, true));
    const at = this.exports.graphviz_last_error();
    throw new Error(this.text(at, this.bytes(at).indexOf(0)) + this.said);
  }
}
