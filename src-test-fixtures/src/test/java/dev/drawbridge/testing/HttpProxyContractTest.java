package dev.drawbridge.testing;

import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakGuard.class)
class HttpProxyContractTest extends ProxiedSignalingContract {
    @Override
    Detour detour(Map<String, InetSocketAddress> names) throws Exception {
        return new HttpDetour(names);
    }
}
