package dev.drawbridge.internal.wire;

import static dev.drawbridge.fuzz.FuzzInput.holds;

import dev.drawbridge.spi.IceCandidate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What holds for every message that was read, whoever sent it. */
final class MessageRules {
    private static final Pattern STREAM = Pattern.compile("[A-Za-z0-9_]{1,44}");
    private static final Pattern TAG = Pattern.compile("<[^<>]*>");
    private static final Pattern DETAIL = Pattern.compile("[A-Za-z0-9 ,]{1,80}");

    private MessageRules() {}

    /** Fails for a message with a part above its limit. */
    static void bounded(Message message) {
        if (message instanceof Message.Offer offer) {
            sdp(offer.sdp(), offer.session());
            offer.stream().ifPresent(id -> holds(STREAM.matcher(id.value()).matches(), "stream"));
        } else if (message instanceof Message.Answer answer) {
            sdp(answer.sdp(), answer.session());
        } else if (message instanceof Message.Candidates candidates) {
            candidates(candidates.list(), candidates.session());
        } else if (message instanceof Message.StreamAnnounced announced) {
            holds(STREAM.matcher(announced.stream().value()).matches(), "stream");
        } else if (message instanceof Message.Listing listing) {
            holds(listing.members().size() <= Limits.MEMBERS, "members");
            listing.members().forEach(member -> word(member.peer().value()));
        } else if (message instanceof Message.Malformed malformed) {
            holds(DETAIL.matcher(malformed.detail()).matches(), "a detail that is not ours: " + malformed.detail());
        } else if (message instanceof Message.Notice notice) {
            line(notice.text(), Limits.NOTICE);
        } else {
            control(message);
        }
    }

    private static void control(Message message) {
        if (message instanceof Message.Chat chat) {
            line(chat.text(), Limits.CHAT);
        } else if (message instanceof Message.Ping ping) {
            holds(ping.json().length() <= Limits.PING && Json.valid(ping.json()), "ping");
        } else if (message instanceof Message.Pong pong) {
            holds(pong.json().length() <= Limits.PING && Json.valid(pong.json()), "pong");
        } else if (message instanceof Message.Pipe pipe) {
            holds(Json.valid(pipe.json()), "pipe");
        } else if (message instanceof Message.Rejected rejected) {
            line(rejected.name(), Limits.ID);
        } else if (message instanceof Message.ViewerRequest request) {
            label(request.label());
            line(request.scene(), Limits.ID);
            holds(request.scene().isEmpty() == (request.role() != Message.ViewerRequest.Role.SCENE), "scene");
        } else if (message instanceof Message.PublisherInfo info) {
            label(info.label());
        } else if (message instanceof Message.SceneDisplay display) {
            holds(!display.list().isEmpty() && display.list().size() <= Limits.MEMBERS, "commands");
            display.list().forEach(one -> {
                line(one.scene(), Limits.ID);
                holds(STREAM.matcher(one.stream().value()).matches(), "stream");
            });
        } else if (message instanceof Message.Privileged privileged) {
            holds(RawFrame.PRIVILEGED.contains(privileged.name()), "privileged");
        } else if (message instanceof Message.FileList list) {
            holds(!list.files().isEmpty() && list.files().size() <= Limits.FILES, "files");
            list.files().forEach(MessageRules::file);
        } else if (message instanceof Message.FileRequest request) {
            word(request.id());
        } else if (message instanceof Message.FileGone gone) {
            word(gone.id());
        }
    }

    private static void file(Message.FileList.Entry file) {
        word(file.id());
        line(file.name(), Limits.FILE_NAME);
        holds(file.size() >= 0, "size");
        holds(FileNames.clean(file.name()).equals(file.name()), "a name that is not clean");
    }

    /** A peer id, session or other short word. */
    static void word(String word) {
        holds(!word.isEmpty() && word.length() <= Limits.ID, "length of a word");
        holds(word.chars().noneMatch(Character::isISOControl), "control characters in a word");
    }

    private static void sdp(String sdp, Optional<String> session) {
        holds(!sdp.isEmpty() && sdp.length() <= Limits.SDP, "SDP");
        session.ifPresent(MessageRules::word);
    }

    private static void candidates(List<IceCandidate> list, Optional<String> session) {
        holds(!list.isEmpty() && list.size() <= Limits.CANDIDATES, "candidates");
        for (IceCandidate candidate : list) {
            holds(!candidate.candidate().isEmpty() && candidate.candidate().length() <= Limits.CANDIDATE, "line");
            holds(candidate.sdpMid().length() <= Limits.ID, "sdpMid");
            holds(candidate.sdpMLineIndex() >= 0 && candidate.sdpMLineIndex() < Limits.MEDIA_SECTIONS, "index");
        }
        session.ifPresent(MessageRules::word);
    }

    private static void label(String label) {
        line(label, Limits.LABEL);
        holds(!TAG.matcher(label).find(), "a tag in a label");
    }

    private static void line(String text, int limit) {
        holds(text.length() <= limit, "length of a line");
        holds(text.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x202e), "more than a line");
    }

    /** How deep the brackets of a JSON text go, counted without reading it. */
    static int depth(String json) {
        int depth = 0;
        int deepest = 0;
        boolean quoted = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (quoted) {
                i += c == '\\' ? 1 : 0;
                quoted = c != '"';
            } else if (c == '{' || c == '[') {
                deepest = Math.max(deepest, ++depth);
            } else if (c == '}' || c == ']') {
                depth--;
            } else {
                quoted = c == '"';
            }
        }
        return deepest;
    }
}
