// The figures of a connection, from the browser's own statistics.

export class Meter {
  framesDecoded = 0;
  framesPerSecond = 0;
  roundTripMillis = null;
  /** `direct` or `relayed`; null while unknown. */
  path = null;
  #protocol = "";

  reset() {
    this.framesDecoded = this.framesPerSecond = 0;
    this.roundTripMillis = this.path = null;
  }

  /** @param {?RTCStatsReport} report */
  read(report) {
    report?.forEach(entry => {
      if (entry.type === "inbound-rtp" && entry.kind === "video") {
        this.framesDecoded = entry.framesDecoded ?? 0;
        this.framesPerSecond = entry.framesPerSecond ?? 0;
      }
      if (this.#isSelected(entry, report)) {
        const local = report.get(entry.localCandidateId);
        const remote = report.get(entry.remoteCandidateId);
        this.roundTripMillis = entry.currentRoundTripTime === undefined ? null : entry.currentRoundTripTime * 1000;
        this.path = [local, remote].some(c => c?.candidateType === "relay") ? "relayed" : "direct";
        this.#protocol = local?.protocol ?? "";
      }
    });
  }

  pathInWords() {
    if (!this.path) return "";
    const ms = this.roundTripMillis;
    const time = ms === null ? [] : [ms < 1 ? "< 1 ms" : `${Math.round(ms)} ms`];
    return [...time, this.path + (this.#protocol === "tcp" ? " over TCP" : "")].join(" · ");
  }

  #isSelected(entry, report) {
    if (entry.type !== "candidate-pair") return false;
    // Firefox marks the pair itself; elsewhere the transport names it.
    if (entry.selected) return true;
    for (const other of report.values()) if (other.type === "transport" && other.selectedCandidatePairId === entry.id) return true;
    return false;
  }
}
