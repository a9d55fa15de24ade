package xyz.openledger.pools;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;

/**
 * Which pieces of a long computation are made again, drawn by the epoch secret from what was
 * committed to:
 *
 * <pre>
 *   seed     the first 8 bytes of
 *            HMAC(secret, "openledger/segment-draw/v1\n" run "\n" piece "=" digest "\n" …)
 *   chosen   the first places of a shuffle with the numbers of {@link Draw}
 * </pre>
 *
 * <p>It takes the commitments of all pieces, so it cannot be made before the last of them: who
 * falsifies a piece does so without knowing whether it will be looked at, or whether others were.
 */
public final class SegmentDraw {
  private static final byte[] PREFIX = Domain.prefix("segment-draw");

  private SegmentDraw() {}

  /**
   * Some of these pieces, every choice of as many being as likely.
   *
   * @param committed each piece's digest
   * @param count how many; all of them if there are no more
   */
  public static SortedSet<Integer> of(
      EpochSecret secret, String run, SortedMap<Integer, Digest> committed, int count) {
    Check.range("count", count, 0, Integer.MAX_VALUE);
    var message = new StringBuilder(run).append('\n');
    for (Map.Entry<Integer, Digest> piece : committed.entrySet()) {
      message.append(piece.getKey()).append('=').append(piece.getValue()).append('\n');
    }
    byte[] mac = secret.hmac(PREFIX, message.toString().getBytes(StandardCharsets.US_ASCII));
    Draw draw = Draw.seeded(ByteBuffer.wrap(mac).getLong());
    List<Map.Entry<Integer, Digest>> left = new ArrayList<>(committed.entrySet());
    var chosen = new TreeSet<Integer>();
    while (chosen.size() < count && !left.isEmpty()) {
      chosen.add(left.remove(draw.below(left.size())).getKey());
    }
    return chosen;
  }

  /**
   * The probability that none of the falsified pieces is among those looked at: {@code C(n-k, q) /
   * C(n, q)}.
   *
   * @param pieces n
   * @param falsified k
   * @param checked q
   */
  public static double passes(int pieces, int falsified, int checked) {
    double passes = 1;
    for (int i = 0; i < Math.min(checked, pieces); i++) {
      passes *= Math.max(0, pieces - falsified - i) / (double) (pieces - i);
    }
    return passes;
  }
}
