package xyz.openledger.pools;

import java.util.List;
import java.util.function.ToLongFunction;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;

/**
 * Prefers nodes that hold what a task needs, by the bytes that need not travel. Only ever a
 * preference: it is asked of nodes that may run the task, and of no others.
 *
 * <pre>
 *   weight = half × bytes needed / (bytes needed + 8 MiB)      of the whole score
 *   score  = (1 - weight) × what the policy says + weight × bytes held / bytes needed
 * </pre>
 *
 * <p>So a task of a few kilobytes goes where its policy says, and one of a hundred megabytes goes
 * where they are unless the policy speaks strongly against it.
 */
public final class Locality {
  /** Nobody knows what nodes hold. */
  public static final Locality NONE = new Locality((_, _) -> false, _ -> 0);

  /** At so many bytes, locality has half of the weight that it can have. */
  private static final long HALF_BYTES = 8L << 20;

  /** More needs no more weight, and keeps the arithmetic within 63 bits. */
  private static final long BYTES_MAX = 1L << 40;

  private static final int WEIGHT_MAX = 5_000;

  /** Whether a node holds a blob. */
  @FunctionalInterface
  public interface Held {
    /** Whether it said so lately. */
    boolean by(NodeId node, Digest blob);
  }

  private final Held held;
  private final ToLongFunction<Digest> bytes;

  /**
   * What is known.
   *
   * @param bytes of a blob; 0 if it is not known, and then it counts for nothing
   */
  public Locality(Held held, ToLongFunction<Digest> bytes) {
    this.held = held;
    this.bytes = bytes;
  }

  /** The score of a node, given what the policy makes of it; both 0 to 10,000. */
  int score(Request request, Node node, int policy) {
    List<Digest> blobs = request.affinity().blobs();
    long needed = blobs.isEmpty() ? 0 : needed(blobs);
    if (needed == 0) {
      return policy;
    }
    return score(heldBytes(blobs, node.id()), needed, policy);
  }

  /** The score of whoever holds so much of what is needed, which is not 0. */
  static int score(long heldBytes, long neededBytes, int policy) {
    return mixed(neededBytes, policy, Score.MAX * heldBytes / neededBytes);
  }

  /** The best score of any node, given what the policy makes of it at the most. */
  int ceiling(Request request, int policy) {
    List<Digest> blobs = request.affinity().blobs();
    long needed = blobs.isEmpty() ? 0 : needed(blobs);
    return needed == 0 ? policy : mixed(needed, policy, Score.MAX);
  }

  /** Whether it changes no score. */
  boolean isIdle(Request request) {
    return needed(request.affinity().blobs()) == 0;
  }

  private static int mixed(long needed, int policy, long near) {
    long weight = WEIGHT_MAX * needed / (needed + HALF_BYTES);
    return (int) (((Score.MAX - weight) * policy + weight * near) / Score.MAX);
  }

  /** How many bytes of what a task needs a node holds. */
  public long heldBytes(Request request, NodeId node) {
    return heldBytes(request.affinity().blobs(), node);
  }

  /** {@code holds 12.0 MB of 14.0 MB}; empty where nothing is known of what the task needs. */
  String words(Request request, Node node) {
    long needed = needed(request.affinity().blobs());
    return needed == 0 ? "" : words(heldBytes(request.affinity().blobs(), node.id()), needed);
  }

  /** How much of it is held. */
  static String words(long heldBytes, long neededBytes) {
    return "holds %s of %s".formatted(amount(heldBytes), amount(neededBytes));
  }

  static String joined(String first, String second) {
    return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
  }

  private long heldBytes(List<Digest> blobs, NodeId node) {
    long sum = 0;
    for (Digest blob : blobs) {
      sum += held.by(node, blob) ? size(blob) : 0;
    }
    return sum;
  }

  private long needed(List<Digest> blobs) {
    long sum = 0;
    for (Digest blob : blobs) {
      sum += size(blob);
    }
    return sum;
  }

  private long size(Digest blob) {
    return size(bytes, blob);
  }

  /** How long a blob is; 0 if it is not known. */
  static long size(ToLongFunction<Digest> bytes, Digest blob) {
    return Math.clamp(bytes.applyAsLong(blob), 0, BYTES_MAX);
  }

  private static String amount(long bytes) {
    return bytes < 1_000
        ? bytes + " B"
        : bytes < 1_000_000
            ? "%d.%d kB".formatted(bytes / 1_000, bytes % 1_000 / 100)
            : "%d.%d MB".formatted(bytes / 1_000_000, bytes % 1_000_000 / 100_000);
  }
}
