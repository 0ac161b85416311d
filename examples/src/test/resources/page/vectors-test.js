// The page's crypto and link reading against the protocol's test vectors, in the browser that has to do it.
import { decrypt, encrypt, fromHex, sha256, toHex, utf8 } from "./crypto.js";
import { effectivePassword, Identity, roomName, streamName } from "./identity.js";
import { readLink } from "./options.js";

let checks = 0;

function same(actual, expected, what) {
  checks++;
  if (JSON.stringify(actual) !== JSON.stringify(expected)) throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

function mustFail(action, what) {
  checks++;
  try {
    action();
  } catch {
    return;
  }
  throw new Error(`${what} did not fail`);
}

/** @returns how many checks there were */
export async function check(vectors) {
  same(toHex(sha256(utf8(""))), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "SHA-256 of nothing");
  for (let n = 0; n < 300; n++) {
    const data = crypto.getRandomValues(new Uint8Array(n));
    same(toHex(sha256(data)), toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", data))), `SHA-256 of ${n} bytes`);
    const key = crypto.getRandomValues(new Uint8Array(32));
    const iv = crypto.getRandomValues(new Uint8Array(16));
    const theirs = await crypto.subtle.importKey("raw", key, "AES-CBC", false, ["encrypt"]);
    const cipher = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv }, theirs, data));
    same(toHex(encrypt(data, key, iv)), toHex(cipher), `AES of ${n} bytes`);
    same(toHex(decrypt(cipher, key, iv)), toHex(data), `AES of ${n} bytes, back`);
  }
  for (const v of vectors.ids) {
    const password = v.password === false ? null : effectivePassword(v.password ?? "");
    const [stream, room] = [streamName(v.streamIdIn), roomName(v.roomIn)];
    same(password, v.effectivePassword ?? null, "effective password");
    same(room, v.room, "room");
    const id = new Identity({ stream, room, password, salt: v.salt });
    same(id.wireRoom, v.wireRoom, "room on the wire");
    same(id.suffix, v.suffix6 ?? "", "suffix");
    if (stream.length <= 44) same(id.wireStream, v.wireStreamIdWeb, "stream on the wire");
  }
  for (const v of vectors.aes) {
    const [key, iv] = [sha256(utf8(v.phrase)), fromHex(v.ivHex)];
    same(toHex(key), v.aesKeyHex, "key");
    same(toHex(encrypt(utf8(v.plaintext), key, iv)), v.ciphertextHexSdkUtf8, "cipher text");
    same(new TextDecoder().decode(decrypt(fromHex(v.ciphertextHexSdkUtf8), key, iv)), v.plaintext, "plain text");
  }
  for (const v of vectors.urlPasswords)
    same(readLink(`http://host/?view=a&${v.query}`).password, v.effectivePassword || null, v.query);

  const id = new Identity({ stream: "s", room: null, password: "hunter2", salt: "vdo.ninja" });
  const { text, vector } = id.seal({ a: "café € 😀" });
  same(id.open(text, vector), { a: "café € 😀" }, "there and back");
  for (const [t, v] of [["zz", vector], [text.slice(2), vector], [text, "00"], ["", vector], [text, null]]) mustFail(() => id.open(t, v), `${t} with ${v}`);
  return checks;
}
