// The link is the only configuration. Names are VDO.Ninja's own.
import { DEFAULT_PASSWORD, DEFAULT_SALT, effectivePassword, MAX_STREAM_ID, roomName, streamName } from "./identity.js";

/**
 * Reads query and fragment alike. A password after `#` instead of `?` is never sent to the web server.
 * @returns the options; `problems` lists everything that is wrong with the link, in words for its user
 */
export function readLink(href) {
  const page = new URL(href);
  // Links get pasted together by hand: a second `?` means `&`.
  const params = new URLSearchParams(`${page.search.slice(1)}&${page.hash.slice(1)}`.replaceAll("?", "&"));
  const first = (...names) => names.map(n => params.get(n)).find(v => v !== null) ?? null;
  const flag = (...names) => names.some(n => params.has(n));
  const problems = [];

  const views = (first("view", "streamid", "v", "pull") ?? "").split(",").filter(v => v.trim());
  const stream = views.length ? streamName(views[0]) : null;
  if (views.length > 1) problems.push("This page shows one stream at a time, but the link names several.");
  if (stream?.length > MAX_STREAM_ID) problems.push(`A stream id has at most ${MAX_STREAM_ID} characters.`);

  const typed = first("password", "pass", "pw", "p");
  const disabled = flag("nopassword", "nopass", "nopw", "p0") || ["false", "0", "off"].includes(typed);
  const password = disabled ? null : effectivePassword(decodedAgain(typed ?? ""));
  const ownPassword = password !== null && password !== DEFAULT_PASSWORD;

  const { url, dialect } = server(page, params, problems);
  // `novideo` and `noaudio` may carry a list of streams that are excepted from it.
  const wanted = (...names) => {
    const list = first(...names);
    return list === null || list.split(",").some(v => stream !== null && streamName(v) === stream);
  };
  return {
    stream,
    room: roomName(first("room", "roomid", "r") ?? "") || null,
    password,
    passwordGiven: disabled || !!typed,
    passwordCheck: first("hash", "crc", "check")?.toLowerCase() ?? null,
    salt: first("salt") || DEFAULT_SALT,
    requireEncryption: password !== null && (flag("requireencryption") || (ownPassword && !flag("unsafe"))),
    url,
    dialect,
    label: (first("label", "l") ?? "").replaceAll("_", " ").trim().slice(0, 100) || null,
    video: wanted("novideo", "nv", "hidevideo"),
    audio: wanted("noaudio", "na", "hideaudio"),
    muted: flag("muted", "mute", "m"),
    ice: ice(first, flag),
    problems,
  };
}

/** Links of the field carry passwords that were encoded twice; a stray `%` is simply a character. */
function decodedAgain(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `wss` speaks the dialect in which clients choose their ids, `wss2` the one in which the server does. */
function server(page, params, problems) {
  const dialect = !params.has("wss") && params.has("wss2") ? "hosted" : "custom";
  const given = params.get(dialect === "hosted" ? "wss2" : "wss");
  if (!given && !page.host) problems.push("The link names no handshake server (&wss=…).");
  const own = `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}/`;
  const text = !given ? own : /^wss?:\/\//i.test(given) ? given : `wss://${given}`;
  let url = null;
  try {
    url = new URL(text).href;
  } catch {
    problems.push("The address of the handshake server cannot be read.");
  }
  if (url?.startsWith("ws:") && page.protocol === "https:" && !/^ws:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(url))
    problems.push("A page that came over https may only use a handshake server over wss://.");
  return { url, dialect };
}

/** No STUN or TURN server is contacted unless the link names one. */
function ice(first, flag) {
  const off = value => [null, "", "false", "off", "0", "nostun"].includes(value);
  const entry = (value, scheme) => {
    const parts = value.split(";");
    const address = parts.pop();
    const urls = /^(stun|turn)s?:/.test(address) ? address : `${scheme}:${address}`;
    return parts.length === 2 ? { urls, username: parts[0], credential: parts[1] } : { urls };
  };
  const stun = [first("stun"), first("addstun")].filter(v => !off(v)).map(v => entry(v, "stun"));
  const turn = [first("turn")].filter(v => !off(v)).map(v => entry(v, "turn"));
  const relayOnly = flag("privacy", "private", "relay");
  // A STUN server would see the address that relay-only is meant to hide.
  return { iceServers: relayOnly ? turn : [...stun, ...turn], iceTransportPolicy: relayOnly ? "relay" : "all" };
}
