package xyz.openledger.models.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.decoder.KvCache;
import xyz.openledger.protocol.Digest;

/**
 * Names pages by the tenant, the adapter and all tokens up to their end: the same name, the same
 * bits. Tenants share none: from how soon an answer begins, one could tell what another asked.
 */
final class PrefixNames {
  private PrefixNames() {}

  /** The names of all full pages. */
  static List<Digest> of(String tenant, @Nullable Digest adapter, int[] tokens) {
    var names = new ArrayList<Digest>();
    byte[] whose = Digest.of(tenant.getBytes(StandardCharsets.UTF_8)).bytes();
    byte[] before = Digest.of(whose, adapter == null ? new byte[0] : adapter.bytes()).bytes();
    for (int at = 0; at + KvCache.PAGE_TOKENS <= tokens.length; at += KvCache.PAGE_TOKENS) {
      ByteBuffer page =
          ByteBuffer.allocate(KvCache.PAGE_TOKENS * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < KvCache.PAGE_TOKENS; i++) {
        page.putInt(tokens[at + i]);
      }
      Digest name = Digest.of(before, page.array());
      names.add(name);
      before = name.bytes();
    }
    return names;
  }
}
