// The WebSocket to the handshake server, in both dialects, made to look like one.

const CONNECT_LIMIT = 10_000;
const LISTING_LIMIT = 10_000;
const RETRY_FIRST = 500;
const RETRY_MOST = 30_000;
const MAX_FRAME = 1 << 20;
// No look-alikes (0 O, 1 l I), as the ids of the field.
const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

const randomId = () => Array.from(crypto.getRandomValues(new Uint8Array(20)), b => ALPHABET[b % ALPHABET.length]).join("");

/**
 * Callbacks: `ready()` requests may be sent now (again after every reconnect); `lost(wasOpen)`; `announced(uuid)` somebody
 * publishes our stream; `message(uuid, message)` a frame from a peer to us; `alert(text)` the server's own words.
 */
export class Handshake {
  #on;
  #options;
  #identity;
  #id = randomId();
  #socket = null;
  #timer = null;
  #failures = 0;
  #closed = false;

  constructor(options, identity, on) {
    this.#options = options;
    this.#identity = identity;
    this.#on = on;
  }

  connect() {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    let socket;
    try {
      socket = new WebSocket(this.#options.url);
    } catch {
      this.#down(false);
      return;
    }
    this.#socket = socket;
    let wasOpen = false;
    // A socket that was given up may still report; only the current one counts.
    const current = () => this.#socket === socket;
    const end = () => {
      if (!current()) return;
      this.#socket = null;
      socket.close();
      this.#down(wasOpen);
    };
    this.#timer = setTimeout(end, CONNECT_LIMIT);
    socket.onopen = () => {
      if (!current()) return;
      clearTimeout(this.#timer);
      wasOpen = true;
      this.#failures = 0;
      this.#enter();
    };
    socket.onmessage = event => current() && this.#frame(event.data);
    socket.onclose = end;
  }

  /** @returns {boolean} whether it was handed to an open socket */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    const frame = { ...message };
    if (this.#custom) {
      frame.from = this.#id;
      if (this.#identity.wireRoom && !("roomid" in frame)) frame.roomid = this.#identity.wireRoom;
    }
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  get #custom() {
    return this.#options.dialect === "custom";
  }

  #enter() {
    const roomid = this.#identity.wireRoom;
    if (!roomid) {
      this.#on.ready();
      return;
    }
    this.send({ request: "joinroom", roomid });
    // The hosted dialect confirms a room with a listing; the custom one never answers.
    if (this.#custom) this.#on.ready();
    else this.#timer = setTimeout(() => this.#on.ready(), LISTING_LIMIT);
  }

  #down(wasOpen) {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const delay = Math.min(RETRY_MOST, RETRY_FIRST * 2 ** this.#failures++) * (0.75 + Math.random() / 2);
    this.#timer = setTimeout(() => this.connect(), delay);
    this.#on.lost(wasOpen);
  }

  #frame(text) {
    if (typeof text !== "string" || text.length > MAX_FRAME) return;
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (message === null || typeof message !== "object" || Array.isArray(message)) return;
    if (typeof message.error === "string" && !message.from) this.#error(message.error);
    else if (this.#custom) this.#customFrame(message);
    else this.#hostedFrame(message);
  }

  #error(text) {
    if (/uuid already in use/i.test(text)) {
      this.#id = randomId();
      this.#enter();
    } else this.#on.alert(text);
  }

  #customFrame({ from, UUID, roomid, ...message }) {
    if (message.request === "alert") this.#on.alert(String(message.message ?? ""));
    // A fan-out server delivers everybody's traffic, so each client sorts out what is not for it.
    if (typeof from !== "string" || from === this.#id) return;
    if (UUID !== undefined && UUID !== this.#id) return;
    if (roomid !== undefined && roomid !== this.#identity.wireRoom) return;
    if (!message.request) this.#on.message(from, message);
    else if (message.request === "seed" || message.request === "joinroom") this.#noticed(from, message.streamID);
  }

  #hostedFrame({ UUID, ...message }) {
    switch (message.request) {
      case undefined:
        if (typeof UUID === "string") this.#on.message(UUID, message);
        return;
      case "listing":
      case "transferred":
        clearTimeout(this.#timer);
        this.#on.ready();
        return;
      case "someonejoined":
      case "videoaddedtoroom":
        this.#noticed(UUID, message.streamID);
        return;
      case "alert":
      case "error":
        this.#on.alert(String(message.message ?? ""));
    }
  }

  #noticed(uuid, streamID) {
    if (streamID === this.#identity.wireStream) this.#on.announced(uuid);
  }
}
