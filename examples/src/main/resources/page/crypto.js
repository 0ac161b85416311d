// SHA-256 and AES-256-CBC. Browsers offer WebCrypto only on https and localhost, but this page is also served
// over plain http on a local network. A session encrypts a few kilobytes, so one implementation of our own is
// quick enough everywhere and the page behaves the same on every origin.

export const utf8 = text => new TextEncoder().encode(text);

export const toHex = bytes => Array.from(bytes, b => b.toString(16).padStart(2, "0")).join("");

export function fromHex(hex) {
  if (typeof hex !== "string" || hex.length % 2 || !/^[0-9a-f]*$/i.test(hex)) throw new Error("not hexadecimal");
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.substr(2 * i, 2), 16));
}

// ---------------------------------------------------------------------------------------------- SHA-256

const PRIMES = (() => {
  const found = [];
  for (let n = 2; found.length < 64; n++) if (found.every(p => n % p)) found.push(n);
  return found;
})();
// The standard defines its constants as the first 32 fractional bits of roots of primes; a double holds 48 or more.
const fraction = x => ((x - Math.floor(x)) * 2 ** 32) | 0;
const ROUND_KEYS = PRIMES.map(p => fraction(Math.cbrt(p)));
const START = PRIMES.slice(0, 8).map(p => fraction(Math.sqrt(p)));
const rotr = (x, n) => (x >>> n) | (x << (32 - n));

/** @param {Uint8Array} message @returns {Uint8Array} 32 bytes */
export function sha256(message) {
  const blocks = Math.ceil((message.length + 9) / 64);
  const padded = new Uint8Array(blocks * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(message.length / 2 ** 29));
  view.setUint32(padded.length - 4, message.length * 8);

  const hash = Int32Array.from(START);
  const w = new Int32Array(64);
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(block * 64 + i * 4);
    for (let i = 16; i < 64; i++) {
      const s0 = rotr(w[i - 15], 7) ^ rotr(w[i - 15], 18) ^ (w[i - 15] >>> 3);
      const s1 = rotr(w[i - 2], 17) ^ rotr(w[i - 2], 19) ^ (w[i - 2] >>> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i++) {
      const s1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND_KEYS[i] + w[i]) | 0;
      const s0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => (hash[i] += word));
  }
  const digest = new DataView(new ArrayBuffer(32));
  hash.forEach((word, i) => digest.setInt32(i * 4, word));
  return new Uint8Array(digest.buffer);
}

// ---------------------------------------------------------------------------------------------- AES-256-CBC

const double = x => ((x << 1) ^ (x & 0x80 ? 0x11b : 0)) & 0xff;

const SBOX = new Uint8Array(256);
const INVERSE_SBOX = new Uint8Array(256);
{
  // 3 generates the multiplicative group of GF(2^8), so powers of 3 walk through every element and its inverse.
  const power = new Uint8Array(255);
  for (let i = 0, x = 1; i < 255; i++, x ^= double(x)) power[i] = x;
  const put = (x, inverse) => {
    let s = inverse;
    for (let i = 1; i < 5; i++) s ^= (inverse << i) | (inverse >> (8 - i));
    SBOX[x] = (s ^ 0x63) & 0xff;
    INVERSE_SBOX[SBOX[x]] = x;
  };
  put(0, 0);
  for (let i = 0; i < 255; i++) put(power[i], power[(255 - i) % 255]);
}
const times = n => Uint8Array.from({ length: 256 }, (_, x) => {
  let product = 0;
  for (let bit = n, y = x; bit; bit >>= 1, y = double(y)) if (bit & 1) product ^= y;
  return product;
});
const [X2, X3, X9, X11, X13, X14] = [2, 3, 9, 11, 13, 14].map(times);
const ROUNDS = 14;

function expandKey(key) {
  if (key.length !== 32) throw new Error("an AES-256 key has 32 bytes");
  const schedule = new Uint8Array(16 * (ROUNDS + 1));
  schedule.set(key);
  for (let i = 32, rcon = 1; i < schedule.length; i += 4) {
    let word = schedule.slice(i - 4, i);
    if (i % 32 === 0) {
      word = word.map((_, j) => SBOX[word[(j + 1) % 4]]);
      word[0] ^= rcon;
      rcon = double(rcon);
    } else if (i % 32 === 16) {
      word = word.map(b => SBOX[b]);
    }
    for (let j = 0; j < 4; j++) schedule[i + j] = schedule[i + j - 32] ^ word[j];
  }
  return schedule;
}

const addRoundKey = (state, schedule, round) => {
  for (let i = 0; i < 16; i++) state[i] ^= schedule[16 * round + i];
};

function encryptBlock(state, schedule, scratch) {
  addRoundKey(state, schedule, 0);
  for (let round = 1; round <= ROUNDS; round++) {
    for (let i = 0; i < 16; i++) scratch[i] = SBOX[state[(i + 4 * (i % 4)) % 16]];
    if (round === ROUNDS) state.set(scratch);
    else
      for (let c = 0; c < 16; c += 4) {
        const [p, q, r, s] = [scratch[c], scratch[c + 1], scratch[c + 2], scratch[c + 3]];
        state[c] = X2[p] ^ X3[q] ^ r ^ s;
        state[c + 1] = p ^ X2[q] ^ X3[r] ^ s;
        state[c + 2] = p ^ q ^ X2[r] ^ X3[s];
        state[c + 3] = X3[p] ^ q ^ r ^ X2[s];
      }
    addRoundKey(state, schedule, round);
  }
}

function decryptBlock(state, schedule, scratch) {
  addRoundKey(state, schedule, ROUNDS);
  for (let round = ROUNDS - 1; round >= 0; round--) {
    for (let i = 0; i < 16; i++) scratch[(i + 4 * (i % 4)) % 16] = INVERSE_SBOX[state[i]];
    addRoundKey(scratch, schedule, round);
    if (round === 0) state.set(scratch);
    else
      for (let c = 0; c < 16; c += 4) {
        const [p, q, r, s] = [scratch[c], scratch[c + 1], scratch[c + 2], scratch[c + 3]];
        state[c] = X14[p] ^ X11[q] ^ X13[r] ^ X9[s];
        state[c + 1] = X9[p] ^ X14[q] ^ X11[r] ^ X13[s];
        state[c + 2] = X13[p] ^ X9[q] ^ X14[r] ^ X11[s];
        state[c + 3] = X11[p] ^ X13[q] ^ X9[r] ^ X14[s];
      }
  }
}

/** CBC with PKCS#7 padding. @returns {Uint8Array} */
export function encrypt(plain, key, iv) {
  const schedule = expandKey(key);
  const padding = 16 - (plain.length % 16);
  const out = new Uint8Array(plain.length + padding).fill(padding);
  out.set(plain);
  const scratch = new Uint8Array(16);
  let previous = iv;
  for (let at = 0; at < out.length; at += 16) {
    const block = out.subarray(at, at + 16);
    for (let i = 0; i < 16; i++) block[i] ^= previous[i];
    encryptBlock(block, schedule, scratch);
    previous = block;
  }
  return out;
}

/** CBC with PKCS#7 padding. @returns {Uint8Array} @throws when the length or the padding is wrong */
export function decrypt(cipher, key, iv) {
  if (iv.length !== 16 || !cipher.length || cipher.length % 16) throw new Error("not a CBC message");
  const schedule = expandKey(key);
  const out = cipher.slice();
  const scratch = new Uint8Array(16);
  for (let at = 0; at < out.length; at += 16) {
    decryptBlock(out.subarray(at, at + 16), schedule, scratch);
    for (let i = 0; i < 16; i++) out[at + i] ^= at ? cipher[at - 16 + i] : iv[i];
  }
  const padding = out[out.length - 1];
  if (!padding || padding > 16 || out.subarray(-padding).some(b => b !== padding)) throw new Error("bad padding");
  return out.slice(0, -padding);
}
