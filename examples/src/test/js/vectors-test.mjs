// The page's crypto and link reading against the protocol's test vectors. The build does not need it; to run it by hand:
//   node --experimental-detect-module examples/src/test/js/vectors-test.mjs path/to/vectors.json
import assert from "node:assert/strict";
import fs from "node:fs";
import { webcrypto } from "node:crypto";
globalThis.crypto ??= webcrypto;

const page = new URL("../../main/resources/page/", import.meta.url);
const { decrypt, encrypt, fromHex, sha256, toHex, utf8 } = await import(new URL("crypto.js", page));
const { effectivePassword, Identity, roomName, streamName } = await import(new URL("identity.js", page));
const { readLink } = await import(new URL("options.js", page));
const vectors = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
let checks = 0;
const same = (actual, expected, what) => (checks++, assert.deepEqual(actual, expected, what));

same(toHex(sha256(utf8(""))), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
for (let n = 0; n < 300; n++) {
  const data = webcrypto.getRandomValues(new Uint8Array(n));
  same(toHex(sha256(data)), toHex(new Uint8Array(await webcrypto.subtle.digest("SHA-256", data))), `SHA-256 of ${n} bytes`);
  const key = webcrypto.getRandomValues(new Uint8Array(32));
  const iv = webcrypto.getRandomValues(new Uint8Array(16));
  const theirs = await webcrypto.subtle.importKey("raw", key, "AES-CBC", false, ["encrypt"]);
  const cipher = new Uint8Array(await webcrypto.subtle.encrypt({ name: "AES-CBC", iv }, theirs, data));
  same(toHex(encrypt(data, key, iv)), toHex(cipher), `AES of ${n} bytes`);
  same(toHex(decrypt(cipher, key, iv)), toHex(data));
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
same(id.open(text, vector), { a: "café € 😀" });
for (const [t, v] of [["zz", vector], [text.slice(2), vector], [text, "00"], ["", vector], [text, null]]) assert.throws(() => id.open(t, v));

const long = utf8("x".repeat(12_000));
const begin = performance.now();
for (let i = 0; i < 20; i++) decrypt(encrypt(long, sha256(utf8("k")), new Uint8Array(16)), sha256(utf8("k")), new Uint8Array(16));
console.log(`${checks} checks passed; 12 kB there and back takes ${((performance.now() - begin) / 20).toFixed(1)} ms`);
