// Watches one stream: asks for it, answers the publisher's offers, and asks again when it was lost.
import { Handshake } from "./handshake.js";
import { Identity } from "./identity.js";
import { Peer } from "./peer.js";

// Milliseconds.
const UNANSWERED = [15_000, 45_000, 180_000];
/** A publisher who is there answers within a second; so long nobody is kept in suspense. */
const NOBODY = 4_000;
const AGAIN = [5_000, 10_000, 20_000, 30_000];
const CONNECT_LIMIT = 20_000;
/** A link that was down this long is asked for again; the old one may still come back. */
const INTERRUPTED_LIMIT = 5_000;
/** A secure publisher cannot be asked again, so its connection gets all the time it may need. */
const SECURE_LIMIT = 30_000;
const EARLY_PEERS = 16;
const EARLY_FRAMES = 32;

const step = (ladder, n) => ladder[Math.min(n, ladder.length - 1)];
const isObject = v => v !== null && typeof v === "object";

/**
 * Callbacks: `changed(state, detail)`, `happened(event, facts)`, `track(event)`, `info(info)`, `picture(muted)` the publisher
 * switched its camera off or on, `dropped()` tracks of the last connection are void.
 *
 * States: `connecting` `waiting` `nobody` `negotiating` `connected` `playing` `interrupted` `left` `failed` `noserver`
 * `refused` `mismatch` `ended`; only `ended` is final.
 */
export class Viewer {
  #options;
  #on;
  #identity;
  #handshake;
  #peer = null;
  #early = new Map();
  #serverReady = false;
  #stale = false;
  #started = false;
  #unanswered = 0;
  #losses = 0;
  #timers = new Map();

  state = "connecting";
  secure = false;

  constructor(options, on) {
    this.#options = options;
    this.#on = on;
    this.#identity = new Identity(options);
    this.#handshake = new Handshake(options, this.#identity, {
      ready: () => this.#ready(),
      lost: wasOpen => this.#serverLost(wasOpen),
      announced: () => this.#announced(),
      message: (uuid, message) => this.#fromServer(uuid, message),
      alert: text => this.#on.happened("ServerAlert", { text: text.slice(0, 200) }),
    });
  }

  start() {
    this.#become("connecting");
    this.#handshake.connect();
  }

  close() {
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
    this.#peer?.close();
    this.#peer = null;
    this.#handshake.close();
  }

  /** The first picture (or, for a stream without one, the first sound) is there. */
  started() {
    if (this.state !== "connected") return;
    this.#started = true;
    this.#losses = 0;
    this.#become("playing");
  }

  stats() {
    return this.#peer?.stats() ?? Promise.resolve(null);
  }

  // -------------------------------------------------------------------------------------------- server

  #ready() {
    if (this.state === "ended") return;
    this.#serverReady = true;
    this.#on.happened("ServerConnected");
    if (!this.#peer || this.#stale) this.#ask();
  }

  #serverLost(wasOpen) {
    this.#serverReady = false;
    this.#stop("ask", "nobody");
    this.#on.happened("ServerLost", { wasOpen });
    // What a connected pair does is no longer the server's business.
    if (!this.#peer) this.#become("noserver", { wasOpen: wasOpen || this.detail?.wasOpen });
    if (this.secure) this.#handshake.close();
  }

  #announced() {
    // While a stream plays, a newcomer of the same name is not believed.
    if (this.state !== "ended" && (!this.#peer || this.#stale)) this.#ask();
  }

  #ask() {
    if (this.secure || !this.#handshake.send({ request: "play", streamID: this.#identity.wireStream })) return;
    this.#on.happened("StreamRequested");
    if (!this.#peer && ["connecting", "noserver"].includes(this.state)) this.#become("waiting");
    this.#after("nobody", NOBODY, () => {
      if (!this.#peer && !["refused", "mismatch", "nobody"].includes(this.state)) this.#become("nobody");
    });
    this.#after("ask", step(UNANSWERED, this.#unanswered++), () => this.#ask());
  }

  #fromServer(uuid, message) {
    if (this.state === "ended") return;
    const ours = this.#peer?.uuid === uuid ? this.#peer : null;
    if ("description" in message) this.#offerFromServer(uuid, message, ours);
    else if ("candidates" in message || "candidate" in message) this.#candidatesFromServer(uuid, message, ours);
    // Anybody can send this in somebody's name through an open server: it counts only while there is no better channel.
    else if ("bye" in message && ours && !ours.channelOpen) this.#lost("left", "bye");
  }

  #offerFromServer(uuid, message, ours) {
    const session = message.session ?? null;
    if (message.isScene !== undefined && message.isScene !== false) return;
    const known = ours && ours.session === session;
    if (known ? ![undefined, this.#identity.wireStream].includes(message.streamID) : message.streamID !== this.#identity.wireStream) return;
    if (!known && this.#peer && !this.#stale && (this.#peer.connected || !ours)) {
      this.#on.happened("OfferIgnored", { reason: "busy" });
      return;
    }
    // Checked before anything is created: a refused offer must leave no trace in the network.
    const offer = this.#open(message, "description", this.#options.requireEncryption);
    if (offer.refused) {
      this.#refuse(offer.refused);
      return;
    }
    if (!isOffer(offer.value)) return;
    const peer = known ? ours : this.#meet(uuid, session);
    peer.offer(offer.value, offer.encrypted, false);
    this.#takeEarly(peer);
  }

  #candidatesFromServer(uuid, message, ours) {
    if (ours) {
      this.#candidates(ours, message, this.#options.requireEncryption);
      return;
    }
    const queue = this.#early.get(uuid) ?? [];
    if (queue.length >= EARLY_FRAMES) return;
    if (this.#early.size >= EARLY_PEERS && !this.#early.has(uuid)) this.#early.delete(this.#early.keys().next().value);
    this.#early.set(uuid, [...queue, message]);
  }

  #takeEarly(peer) {
    const queue = this.#early.get(peer.uuid) ?? [];
    this.#early.clear();
    queue.forEach(message => this.#candidates(peer, message, this.#options.requireEncryption));
  }

  #refuse(reason) {
    this.#on.happened("OfferRefused", { reason });
    if (!this.#peer) this.#become(reason === "unencrypted" ? "refused" : "mismatch");
  }

  // -------------------------------------------------------------------------------------------- peer

  #meet(uuid, session) {
    this.#peer?.close();
    this.#stop("ask", "nobody", "again", "interrupted");
    this.#stale = false;
    this.#started = false;
    this.#on.dropped();
    this.#on.happened("OfferAccepted");
    const current = f => (peer, ...rest) => peer === this.#peer && f(peer, ...rest);
    this.#peer = new Peer(uuid, session, this.#options, {
      answer: current((peer, description, viaChannel) => this.#transmit(peer, "description", description, viaChannel)),
      candidates: current((peer, list) => this.#transmit(peer, "candidates", list, true)),
      state: current((peer, state) => this.#peerState(state)),
      open: current(peer => this.#channelOpen(peer)),
      message: current((peer, message) => this.#fromChannel(peer, message)),
      gone: current(() => this.#lost("left", "closed")),
      track: current((peer, event) => this.#on.track(event)),
      broken: current((peer, reason) => this.#lost("failed", reason)),
    });
    this.#become("negotiating");
    this.#after("connect", CONNECT_LIMIT, () => this.#lost("failed", "not connected in time"));
    return this.#peer;
  }

  #transmit(peer, name, value, viaChannel) {
    const frame = { UUID: peer.uuid };
    if (name === "candidates") frame.type = "remote";
    if (peer.encrypted) {
      const { text, vector } = this.#identity.seal(value);
      Object.assign(frame, { [name]: text, vector });
    } else frame[name] = value;
    // Publishers reject a session that is not theirs, null included.
    if (peer.session !== null) frame.session = peer.session;
    if (!(viaChannel && peer.say(frame))) this.#handshake.send(frame);
  }

  #peerState(state) {
    this.#on.happened("PeerState", { state });
    switch (state) {
      case "connected":
        this.#stop("connect", "interrupted", "ask", "nobody");
        this.#stale = false;
        this.#unanswered = 0;
        if (this.state === "interrupted") this.#on.happened("Resumed");
        if (["negotiating", "interrupted"].includes(this.state)) this.#become(this.#started ? "playing" : "connected");
        return;
      case "disconnected":
        this.#become("interrupted");
        this.#after("interrupted", this.secure ? SECURE_LIMIT : INTERRUPTED_LIMIT, () => this.#interruptedLong());
        return;
      case "failed":
        this.#lost("failed", "no path");
    }
  }

  #interruptedLong() {
    if (this.secure) this.#lost("left", "silent");
    else {
      this.#stale = true;
      this.#ask();
    }
  }

  #channelOpen(peer) {
    this.#on.happened("ChannelOpen");
    const { video, audio, label } = this.#options;
    // A browser publisher adds its tracks only after this message; whatever is not plain tracks is declined.
    peer.say({
      audio, video,
      allowmeshcast: false, allowwhipout: false, allowchunked: false, allowwebp: false, allowmidi: false, allowdrawing: false,
      allowscreenaudio: false, allowscreenvideo: false, downloads: false, iframe: false, widget: false, broadcast: false,
      guest: false, scene: false, director: false, limitaudio: false, forceios: false,
      info: { label: label ?? false, version: "drawbridge-page" },
    });
  }

  #fromChannel(peer, message) {
    if ("bye" in message) {
      this.#lost("left", "bye");
      return;
    }
    if ("description" in message) this.#offerFromChannel(peer, message);
    else if ("candidates" in message || "candidate" in message) this.#candidates(peer, message, false);
    if (isObject(message.info)) {
      this.secure ||= message.info.secure === true;
      this.#on.happened("InfoReceived", { secure: this.secure });
      this.#on.info({ label: typeof message.info.label === "string" ? message.info.label : null, secure: this.secure });
      if (typeof message.info.video_muted_init === "boolean") this.#on.picture(message.info.video_muted_init);
    }
    if (message.changeLabel) this.#on.info({ label: typeof message.value === "string" ? message.value : null, secure: this.secure });
    if (typeof message.videoMuted === "boolean") this.#on.picture(message.videoMuted);
  }

  #offerFromChannel(peer, message) {
    if (message.session != null && message.session !== peer.session) return;
    // DTLS protects the channel, so plain offers are fine here; some publishers send no others.
    const offer = this.#open(message, "description", false);
    if (offer.refused) this.#on.happened("OfferRefused", { reason: offer.refused });
    else if (isOffer(offer.value)) peer.offer(offer.value, offer.encrypted, true);
  }

  #candidates(peer, message, encryptedOnly) {
    if (message.type === "remote" || (message.session != null && message.session !== peer.session)) return;
    const { value, refused } = this.#open(message, "candidates" in message ? "candidates" : "candidate", encryptedOnly);
    if (refused) this.#on.happened("CandidateRefused", { reason: refused });
    else peer.addCandidates((Array.isArray(value) ? value : [value]).filter(isObject));
  }

  /** @returns {{value, encrypted: boolean} | {refused: string}} */
  #open(message, field, encryptedOnly) {
    const encrypted = message.vector != null;
    if (!encrypted && encryptedOnly) return { refused: "unencrypted" };
    try {
      const raw = message[field];
      if (encrypted) return { value: this.#identity.open(raw, message.vector), encrypted };
      return { value: typeof raw === "string" ? JSON.parse(raw) : raw, encrypted };
    } catch {
      return { refused: "undecryptable" };
    }
  }

  // -------------------------------------------------------------------------------------------- end of a connection

  #lost(state, reason) {
    const played = this.#started;
    this.#stop("connect", "interrupted", "ask", "nobody", "again");
    this.#peer?.close();
    this.#peer = null;
    this.#stale = false;
    this.#started = false;
    this.#unanswered = 0;
    this.#on.happened("StreamEnded", { reason });
    if (this.secure) {
      // Nobody is there to be asked: a secure publisher takes one viewer and leaves the server for good.
      this.#handshake.close();
      this.#become("ended", { played });
      return;
    }
    this.#become(state, { reason, played });
    this.#after("again", step(AGAIN, this.#losses++), () => (this.#serverReady ? this.#ask() : this.#become("noserver", { wasOpen: true })));
  }

  #become(state, detail = null) {
    this.detail = detail;
    this.state = state;
    this.#on.changed(state, detail);
  }

  #after(name, delay, action) {
    this.#stop(name);
    this.#timers.set(name, setTimeout(() => (this.#timers.delete(name), action()), delay));
  }

  #stop(...names) {
    for (const name of names) {
      clearTimeout(this.#timers.get(name));
      this.#timers.delete(name);
    }
  }
}

const isOffer = d => isObject(d) && d.type === "offer" && typeof d.sdp === "string";
