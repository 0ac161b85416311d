// Puts a Viewer on the screen.
import { DEFAULT_PASSWORD, effectivePassword, Identity } from "./identity.js";
import { words } from "./messages.js";
import { readLink } from "./options.js";
import { Meter } from "./meter.js";
import { Viewer } from "./viewer.js";

const IDLE = 3_000;
const MEASURE = 500;
const MAX_EVENTS = 1_000;

const $ = id => document.getElementById(id);
const body = document.body;
const video = $("picture");
const options = readLink(location.href);
const meter = new Meter();

let viewer = null;
let state = "loading";
let detail = null;
let since = performance.now();
let stream = new MediaStream();
let cameraOff = false;
/** Muted because the browser insists, not because anybody wished it. */
let mutedByBrowser = false;

// -------------------------------------------------------------------------------------------- for tests and the console

const events = [];
const happened = (event, facts = {}) => {
  if (events.length < MAX_EVENTS) events.push({ at: performance.timeOrigin + performance.now(), event, ...facts });
};
const eye = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
eye.canvas.width = eye.canvas.height = 1;

window.drawbridge = {
  get state() { return state; },
  get resolution() { return { width: video.videoWidth, height: video.videoHeight }; },
  get framesDecoded() { return meter.framesDecoded; },
  get framesPerSecond() { return meter.framesPerSecond; },
  get roundTripMillis() { return meter.roundTripMillis; },
  get path() { return meter.path; },
  events,
  /** The colour of the current picture at x, y in 0..1, or null while there is none. */
  pixel(x, y) {
    const { videoWidth: w, videoHeight: h } = video;
    if (!w) return null;
    eye.drawImage(video, Math.min(w - 1, Math.floor(x * w)), Math.min(h - 1, Math.floor(y * h)), 1, 1, 0, 0, 1, 1);
    return [...eye.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  },
};

// -------------------------------------------------------------------------------------------- state to screen

function become(next, facts = null) {
  if (next !== state) since = performance.now();
  state = next;
  detail = facts;
  happened("State", { state });
  render();
}

function render() {
  const said = words(state, detail, {
    stream: options.stream,
    host: options.url?.replace(/\/$/, "") ?? "",
    ownPassword: options.password !== null && options.password !== DEFAULT_PASSWORD,
    seconds: (performance.now() - since) / 1000,
  });
  const picture = video.videoWidth > 0 && !cameraOff && ["playing", "interrupted"].includes(state);
  body.dataset.state = state;
  body.dataset.mood = said.mood;
  body.dataset.picture = picture ? "yes" : "no";
  if (state === "playing" && cameraOff) said.title = "The publisher’s camera is off";
  set("headline", said.title);
  set("explanation", said.text);
  set("status", said.status);
  $("retry").hidden = !said.retry;
  $("ask").hidden = !["idle", "password"].includes(state);
  const hasSound = stream.getAudioTracks().length > 0;
  $("mute").hidden = !hasSound;
  $("mute").setAttribute("aria-pressed", String(!video.muted));
  $("sound").hidden = !(hasSound && mutedByBrowser && video.muted && state === "playing");
  set("resolution", picture ? `${video.videoWidth} × ${video.videoHeight}` : "");
  set("rate", picture && meter.framesPerSecond ? `${Math.round(meter.framesPerSecond)} fps` : "");
  set("path", ["playing", "connected"].includes(state) ? meter.pathInWords() : "");
  document.title = state === "playing" && options.stream ? `${options.stream} · Drawbridge` : "Drawbridge";
}

// Only what changed is written, so that screen readers are not told the same again.
function set(id, text) {
  if ($(id).textContent !== text) $(id).textContent = text;
}

// -------------------------------------------------------------------------------------------- media

function onTrack({ track }) {
  for (const old of stream.getTracks()) if (old.kind === track.kind) stream.removeTrack(old);
  stream.addTrack(track);
  if (video.srcObject !== stream) video.srcObject = stream;
  if (track.kind === "audio") track.onunmute = () => setTimeout(soundOnly, 1_500);
  play();
}

async function play() {
  try {
    await video.play();
  } catch (e) {
    if (e.name !== "NotAllowedError" || video.muted) return;
    mutedByBrowser = true;
    video.muted = true;
    happened("AutoplayMuted");
    await video.play().catch(() => {});
  }
  render();
}

function soundOnly() {
  if (!stream.getVideoTracks().some(t => t.readyState === "live" && !t.muted)) started();
}

function started() {
  if (state !== "connected") return;
  happened("StreamStarted", { width: video.videoWidth, height: video.videoHeight });
  viewer.started();
}

function dropped() {
  stream = new MediaStream();
  video.srcObject = null;
  cameraOff = false;
  meter.reset();
}

function watchFrames() {
  if (!video.requestVideoFrameCallback) return;
  video.requestVideoFrameCallback(() => {
    started();
    watchFrames();
  });
}

async function measure() {
  if (viewer) meter.read(await viewer.stats().catch(() => null));
  // A tab in the background draws nothing, but it does decode.
  if (meter.framesDecoded > 0) started();
  render();
}

function toggleSound() {
  video.muted = !video.muted;
  mutedByBrowser = false;
  play();
}

function toggleFull() {
  if (document.fullscreenElement) document.exitFullscreen();
  else $("stage").requestFullscreen?.();
}

// -------------------------------------------------------------------------------------------- start

function watch() {
  video.muted = options.muted;
  video.onresize = render;
  viewer = new Viewer(options, {
    changed: (next, facts) => {
      become(next, facts);
      if (["left", "failed", "ended"].includes(next)) dropped();
    },
    happened,
    track: onTrack,
    info: ({ label, secure }) => {
      $("label").textContent = label ?? "";
      $("secure").hidden = !secure;
    },
    picture: off => ((cameraOff = off), render()),
    dropped,
  });
  watchFrames();
  viewer.start();
  setInterval(measure, MEASURE);
  // Closing the tab tells the publisher at once; without it the other side needs many seconds to notice.
  addEventListener("pagehide", () => viewer.close());
  // A page restored from the history cache has lost its connection.
  addEventListener("pageshow", e => e.persisted && location.reload());
}

/** A link with only a check value of the password asks for the password itself. */
function askPassword() {
  $("ask-stream").value = options.stream;
  $("ask-stream").disabled = true;
  become("password");
  $("ask").onsubmit = e => {
    e.preventDefault();
    options.password = effectivePassword($("ask-password").value);
    options.requireEncryption = true;
    if (!new Identity(options).suffix.startsWith(options.passwordCheck)) {
      become("password", { wrong: true });
      return;
    }
    watch();
  };
}

function askStream() {
  become("idle");
  $("ask").onsubmit = e => {
    e.preventDefault();
    const link = new URL(location.href);
    link.searchParams.set("view", $("ask-stream").value);
    const password = $("ask-password").value;
    if (password) link.hash = `password=${encodeURIComponent(password)}`;
    location.href = link.href;
  };
}

$("retry").onclick = () => location.reload();
$("mute").onclick = toggleSound;
$("sound").onclick = toggleSound;
$("full").onclick = toggleFull;
video.ondblclick = toggleFull;
addEventListener("hashchange", () => location.reload());
addEventListener("keydown", e => {
  if (e.target instanceof HTMLInputElement || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "m") toggleSound();
  if (e.key === "f") toggleFull();
});

let idle;
const awake = () => {
  delete body.dataset.idle;
  clearTimeout(idle);
  idle = setTimeout(() => (body.dataset.idle = ""), IDLE);
};
for (const e of ["pointermove", "pointerdown", "keydown"]) addEventListener(e, awake);
awake();

if (options.problems.length) become("invalid", options);
else if (!window.RTCPeerConnection) become("unsupported");
else if (!options.stream) askStream();
else if (options.passwordCheck && !options.passwordGiven) askPassword();
else watch();
