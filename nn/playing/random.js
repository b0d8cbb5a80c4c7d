// Python's generator of random numbers, so that a page shuffles its rows as fit does: the Mersenne
// Twister (Matsumoto and Nishimura, 1998), and random.shuffle on top of it.

const TWISTER = { size: 624, ahead: 397, matrix: 0x9908b0df };

class Twister {
  /** Begin where Python's getstate() was: ``state`` has 624 words, ``index`` of them are used. */
  constructor({ state, index }) {
    this.state = Uint32Array.from(state);
    this.index = index;
  }

  copy() {
    return new Twister(this);
  }

  /** Return 32 random bits. */
  word() {
    if (this.index >= TWISTER.size) this.twist();
    let y = this.state[this.index++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  twist() {
    const { state } = this, { size, ahead, matrix } = TWISTER;
    for (let k = 0; k < size; k++) {
      const y = (state[k] & 0x80000000) | (state[(k + 1) % size] & 0x7fffffff);
      state[k] = state[(k + ahead) % size] ^ (y >>> 1) ^ (y & 1 ? matrix : 0);
    }
    this.index = 0;
  }

  /** Return a whole number from 0 to n - 1: as many bits as n has, again until they are below n. */
  below(n) {
    const unused = Math.clz32(n);
    let found = this.word() >>> unused;
    while (found >= n) found = this.word() >>> unused;
    return found;
  }

  /** Return a number from 0 to below 1, with 53 bits. */
  random() {
    const high = this.word() >>> 5, low = this.word() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** Return a number of the normal distribution (Box and Muller, 1958). */
  gauss() {
    return Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
  }

  shuffle(list) {
    for (let k = list.length - 1; k > 0; k--) {
      const other = this.below(k + 1);
      [list[k], list[other]] = [list[other], list[k]];
    }
  }
}
