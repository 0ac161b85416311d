// Every state in words. `mood` moves the little bridge, `retry` offers a button.

const FAILURES = {
  "no path": "No way was found from here to the publisher; a firewall may stand between.",
  "not connected in time": "No way was found from here to the publisher; a firewall may stand between.",
  "another identity": "Somebody else tried to take over the connection.",
};

export function words(state, detail, { stream, host, ownPassword, seconds }) {
  const name = stream ? `“${stream}”` : "the stream";
  switch (state) {
    case "connecting":
      return { status: "connecting", mood: "busy", title: "Calling the handshake server", text: host };
    case "noserver":
      return detail?.wasOpen
        ? { status: "server lost", mood: "trouble", retry: true, title: "The handshake server is gone", text: `${host} closed the connection. Calling it again until it answers.` }
        : { status: "no server", mood: "trouble", retry: true, title: "No handshake server", text: `${host} does not answer. Is the address right, and is the server running? Calling it again until it answers.` };
    case "waiting":
      return { status: "asking", mood: "busy", title: `Asking for ${name}`, text: "Waiting for the publisher." };
    case "nobody":
      return {
        status: "nobody there", mood: "trouble", retry: true, title: `Nobody is publishing ${name}`,
        text: `Either it has not started yet, it already has its one viewer, or ${ownPassword ? "the password is wrong" : "it has a password that this link does not give"}. From here these look the same. If it starts, it will appear by itself.`,
      };
    case "negotiating":
      return { status: "connecting", mood: "busy", title: "The publisher answered", text: "Connecting the two of you directly." };
    case "connected":
      return seconds < 8
        ? { status: "connected", mood: "busy", title: "Connected", text: "Waiting for the first picture." }
        : { status: "connected", mood: "busy", title: "Connected, but there is no picture yet", text: "The publisher has not sent any video or sound so far." };
    case "playing":
      return { status: "live", mood: "live", title: "Sound only", text: "This stream has no picture at the moment." };
    case "interrupted":
      return { status: "interrupted", mood: "busy", title: "The connection is interrupted", text: "It usually comes back by itself." };
    case "left":
      if (!detail?.played)
        return { status: "not let in", mood: "trouble", retry: true, title: "The publisher did not let you in", text: "It may have its one viewer already, or it left at this very moment. If the stream starts again, it will appear by itself." };
      return { status: "publisher left", mood: "trouble", retry: true, title: "The publisher left", text: "If the stream starts again, it will appear by itself." };
    case "failed":
      if (detail?.played && detail.reason === "no path")
        return { status: "lost", mood: "trouble", retry: true, title: "The connection is lost", text: "The publisher cannot be reached any more. Asking for it again." };
      return { status: "failed", mood: "trouble", retry: true, title: "The connection failed", text: `${FAILURES[detail?.reason] ?? "What the publisher sent could not be used."} Trying again.` };
    case "refused":
      return { status: "refused", mood: "closed", retry: true, title: "Refused: the offer was not encrypted", text: "This link has a password, so only offers encrypted with it are taken. The one that came was not, and nothing was sent in return." };
    case "mismatch":
      return { status: "wrong password", mood: "closed", retry: true, title: "The password does not fit", text: "The publisher’s offer cannot be read with the password of this link." };
    case "ended":
      return detail?.played
        ? { status: "over", mood: "closed", title: "The stream is over", text: "It was a secure stream: one viewer, one time. It cannot be entered again. For another one, ask for a new session." }
        : { status: "over", mood: "closed", title: "The stream is closed", text: "It is a secure stream and lets nobody else in. To watch, ask for a new session." };
    case "invalid":
      return { status: "bad link", mood: "trouble", title: "This link cannot be used", text: detail.problems.join("\n") };
    case "unsupported":
      return { status: "browser", mood: "trouble", title: "This browser cannot watch", text: "It lacks WebRTC, or WebRTC is switched off." };
    case "password":
      return { status: "", mood: "idle", title: `${name} has a password`, text: detail?.wrong ? "That was not it." : "Ask the publisher for it." };
    default:
      return { status: "", mood: "idle", title: "Watch a stream", text: `Over the handshake server ${host}` };
  }
}
