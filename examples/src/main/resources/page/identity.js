// What a stream, a room and a password look like on the wire.
import { decrypt, encrypt, fromHex, sha256, toHex, utf8 } from "./crypto.js";

export const DEFAULT_PASSWORD = "someEncryptionKey123";
export const DEFAULT_SALT = "vdo.ninja";
/** Longer ids are cut on the wire by some peers and not by others, so the two sides would never meet. */
export const MAX_STREAM_ID = 44;
const MAX_ROOM = 30;

const underscored = text => text.trim().replace(/[^A-Za-z0-9_]+/g, "_");
export const streamName = text => underscored(text);
export const roomName = text => underscored(text).slice(0, MAX_ROOM);

/** @returns {string} the form of a password that goes into every hash */
export const effectivePassword = text => encodeURIComponent(text.trim()) || DEFAULT_PASSWORD;

const hash = (text, digits) => toHex(sha256(utf8(text))).slice(0, digits);

export class Identity {
  #key;

  /** @param {{stream: string, room: ?string, password: ?string, salt: string}} of password: effective, null = disabled */
  constructor({ stream, room, password, salt }) {
    this.suffix = password === null ? "" : hash(password + salt, 6);
    this.wireStream = stream + this.suffix;
    this.wireRoom = room && (password === null ? room : hash(room + password + salt, 16));
    this.#key = password === null ? null : sha256(utf8(password + salt));
  }

  /** @returns {{text: string, vector: string}} the JSON of `value`, encrypted */
  seal(value) {
    const iv = crypto.getRandomValues(new Uint8Array(16));
    // Peers disagree on the encoding of anything beyond ASCII, so nothing beyond ASCII is sent.
    const ascii = JSON.stringify(value).replace(/[\u007f-\uffff]/g, c => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
    return { text: toHex(encrypt(utf8(ascii), this.#key, iv)), vector: toHex(iv) };
  }

  /** @returns the decrypted value. @throws whenever it cannot be read, for whatever reason */
  open(text, vector) {
    if (!this.#key) throw new Error("no password");
    const bytes = decrypt(fromHex(text), this.#key, fromHex(vector));
    let json;
    try {
      json = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      json = Array.from(bytes, b => String.fromCharCode(b)).join("");
    }
    return JSON.parse(json);
  }
}
