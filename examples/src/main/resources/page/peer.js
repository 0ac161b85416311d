// One peer connection with one publisher. A viewer answers offers and never makes one.

const CHANNEL = "sendChannel";
/** Candidates found within this time travel together, in milliseconds. */
const BUNDLE = 5;
const TAKEOVER = "another identity";
const MAX_MESSAGE = 256 * 1024;

const fingerprints = sdp => [...new Set(sdp.match(/^a=fingerprint:.*$/gim) ?? [])].map(l => l.trim().toLowerCase()).sort().join();

/**
 * Callbacks, each with the peer first: `answer(description, viaChannel)`, `candidates(list)`, `state(connectionState)`, `open()`,
 * `message(object)`, `gone()` the publisher closed the channel, `track(event)`, `broken(reason)`.
 */
export class Peer {
  #pc;
  #on;
  #wanted;
  #work = Promise.resolve();
  #channel = null;
  #identity = null;
  #described = false;
  #answered = false;
  #early = [];
  #found = [];
  #bundle = null;
  #closed = false;

  /** `encrypted`: whether the publisher's last offer was; our side does as it does. */
  encrypted = false;

  constructor(uuid, session, { ice, video, audio }, on) {
    this.uuid = uuid;
    this.session = session;
    this.#on = on;
    this.#wanted = { video, audio };
    this.#pc = new RTCPeerConnection(ice);
    this.#pc.onicecandidate = e => e.candidate?.candidate && this.#foundCandidate(e.candidate);
    this.#pc.onconnectionstatechange = () => !this.#closed && on.state(this, this.#pc.connectionState);
    this.#pc.ontrack = e => !this.#closed && on.track(this, e);
    // Chunked video and file transfers use channels of other names; neither was asked for.
    this.#pc.ondatachannel = e => (e.channel.label === CHANNEL && !this.#channel ? this.#adopt(e.channel) : e.channel.close());
  }

  get connected() {
    return this.#pc.connectionState === "connected";
  }

  get channelOpen() {
    return this.#channel?.readyState === "open";
  }

  /** The first offer and every later one. They are answered one after the other, in the order of their arrival. */
  offer({ sdp }, encrypted, viaChannel) {
    this.#work = this.#work.then(() => this.#apply(sdp, encrypted, viaChannel)).catch(e => !this.#closed && this.#on.broken(this, e.message === TAKEOVER ? TAKEOVER : "bad offer"));
  }

  addCandidates(list) {
    if (!this.#described) this.#early.push(...list.slice(0, 64));
    else for (const c of list) this.#add(c);
  }

  /** @returns {boolean} whether the data channel took it */
  say(message) {
    if (!this.channelOpen) return false;
    try {
      this.#channel.send(JSON.stringify(message));
      return true;
    } catch {
      return false;
    }
  }

  stats() {
    return this.#pc.getStats();
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#bundle);
    this.say({ bye: true });
    this.#pc.close();
  }

  async #apply(sdp, encrypted, viaChannel) {
    if (this.#closed) return;
    const identity = fingerprints(sdp);
    // Whoever answers for this connection later must be the one who opened it.
    if (this.#identity !== null && identity !== this.#identity) throw new Error(TAKEOVER);
    this.#identity = identity;
    this.encrypted = encrypted;
    await this.#pc.setRemoteDescription({ type: "offer", sdp });
    for (const t of this.#pc.getTransceivers())
      if (!this.#wanted[t.receiver.track.kind] && t.direction !== "stopped") t.direction = "inactive";
    this.#described = true;
    this.#early.splice(0).forEach(c => this.#add(c));
    const answer = await this.#pc.createAnswer();
    await this.#pc.setLocalDescription(answer);
    if (this.#closed) return;
    this.#on.answer(this, { type: "answer", sdp: this.#pc.localDescription.sdp }, viaChannel);
    // A candidate that overtakes its description is lost on most peers.
    this.#answered = true;
    this.#flush();
  }

  #add(candidate) {
    if (this.#closed || !candidate?.candidate) return;
    const { sdpMid, sdpMLineIndex } = candidate;
    const place = sdpMid == null && sdpMLineIndex == null ? { sdpMLineIndex: 0 } : { sdpMid, sdpMLineIndex };
    this.#pc.addIceCandidate({ candidate: candidate.candidate, ...place }).catch(() => {});
  }

  #foundCandidate(candidate) {
    this.#found.push(candidate.toJSON());
    this.#bundle ??= setTimeout(() => this.#flush(), BUNDLE);
  }

  #flush() {
    clearTimeout(this.#bundle);
    this.#bundle = null;
    if (this.#closed || !this.#answered || !this.#found.length) return;
    this.#on.candidates(this, this.#found.splice(0));
  }

  #adopt(channel) {
    this.#channel = channel;
    const open = () => !this.#closed && this.#on.open(this);
    channel.onmessage = e => this.#message(e.data);
    channel.onclose = () => !this.#closed && this.#on.gone(this);
    if (channel.readyState === "open") open();
    else channel.onopen = open;
  }

  #message(data) {
    if (this.#closed || typeof data !== "string" || data.length > MAX_MESSAGE) return;
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (message === null || typeof message !== "object" || Array.isArray(message)) return;
    if ("ping" in message) this.say({ pong: message.ping });
    this.#on.message(this, message);
  }
}
