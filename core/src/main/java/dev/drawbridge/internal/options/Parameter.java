package dev.drawbridge.internal.options;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The parameters that are understood, each with its main name first and then its aliases. Case-sensitive. */
enum Parameter {
    PUSH("push id permaid"),
    VIEW("view streamid v pull"),
    ROOM("room roomid r"),
    SCENE("scene scn"),
    PASSWORD("password pass pw p"),
    NO_PASSWORD("nopassword nopass nopw p0"),
    HASH("hash crc check"),
    SALT("salt"),
    SECURE("secure"),
    PROMPT("prompt validate approve"),
    MAX_VIEWERS("maxviewers mv"),
    REQUIRE_ENCRYPTION("requireencryption"),
    UNSAFE("unsafe"),
    PRIVACY("privacy private relay"),
    ICE_FILTER("icefilter"),
    LAN_ONLY("lanonly"),
    TCP("tcp"),
    TURN("turn"),
    TURN_LIST("turnlist"),
    TIME_ZONE("tz"),
    STUN("stun"),
    ADD_STUN("addstun"),
    WSS("wss"),
    WSS2("wss2"),
    LABEL("label l"),
    RETRY("retry"),
    RETRY_TIMEOUT("retrytimeout"),
    VIDEO_BITRATE("videobitrate bitrate vb"),
    AUDIO_BITRATE("audiobitrate ab"),
    MAX_VIDEO_BITRATE("maxvideobitrate maxbitrate mvb"),
    CODEC("codec codecs videocodec"),
    VIDEO_DEVICE("videodevice vdevice vd vdo"),
    AUDIO_DEVICE("audiodevice adevice ad ado"),
    NO_VIDEO("novideo nv hidevideo showonly"),
    NO_AUDIO("noaudio na hideaudio"),
    DATA_MODE("datamode dataonly"),
    CLEAN_OUTPUT("cleanoutput clean"),
    INCLUDE("include"),
    EXCLUDE("exclude ex"),
    MAX_PUBLISHERS("maxpublishers mp"),
    SCALE("scale"),
    VIEW_WIDTH("viewwidth vw"),
    VIEW_HEIGHT("viewheight vh"),
    MUTE("mute muted m"),
    VIDEO_MUTE("videomute vm"),
    DEVICE("device d"),
    SCREEN_SHARE("screenshare ss screenshare2 ss2"),
    WIDTH("width w"),
    HEIGHT("height h"),
    QUALITY("quality q"),
    FRAME_RATE("framerate frameRate fr fps"),
    STEREO("stereo s proaudio"),
    AUDIO_CODEC("audiocodec"),
    OUTBOUND_VIDEO_BITRATE("outboundvideobitrate outboundbitrate ovb"),
    OUTBOUND_AUDIO_BITRATE("outboundaudiobitrate oab"),
    ONLY_CODECS("onlycodecs"),
    CONTENT_HINT("contenthint contenttype content hint"),
    DEGRADE("degrade"),
    PICTURE_TIMEOUT("picturetimeout");

    private static final Map<String, Parameter> BY_NAME = new HashMap<>();

    static {
        for (Parameter parameter : values()) {
            for (String name : parameter.names.split(" ", -1)) {
                BY_NAME.put(name, parameter);
            }
        }
    }

    private final String names;

    Parameter(String names) {
        this.names = names;
    }

    /** The main name. */
    String text() {
        int end = names.indexOf(' ');
        return end < 0 ? names : names.substring(0, end);
    }

    static Optional<Parameter> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
