package xyz.openledger.verification.dispute;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;

/**
 * Where a program stood at some of its calls of the host, and in the end: what a node commits to
 * beside the output, behind which it stands, so that two runs that differ can be told apart at the
 * first place where they do.
 *
 * <pre>
 *   output ‖ (fuel used, 8 bytes ‖ digest of the state, 32 bytes)* ‖ how many, 4 bytes ‖ OLCKPT01
 * </pre>
 *
 * @param all in the order of the run
 */
public record Checkpoints(List<At> all) {
  /** The most of one run. */
  public static final int MOST = 64;

  private static final byte[] MAGIC = "OLCKPT01".getBytes(StandardCharsets.US_ASCII);
  private static final int EACH_BYTES = Long.BYTES + Digest.BYTES;
  private static final int END_BYTES = Integer.BYTES + 8;

  /**
   * One of them.
   *
   * @param fuelUsed when it was
   * @param state of memory, globals and what was read and written
   */
  public record At(long fuelUsed, Digest state) {}

  /**
   * The first place where two runs differ.
   *
   * @param index of the checkpoint, from 0; that of the last and one more if only the outputs
   *     differ
   * @param agreedFuel until where they agree
   * @param fuel of the checkpoint in the first run, the least that has to be run again to decide
   */
  public record Difference(int index, long agreedFuel, long fuel) {}

  /** What a run put out, and where it stood on the way. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Traced(byte[] output, Checkpoints checkpoints) {}

  /** Keeps its own copy. */
  public Checkpoints {
    all = List.copyOf(Check.size("checkpoints", all, 1, MOST));
  }

  /** How many bytes they take behind an output. */
  public int bytes() {
    return all.size() * EACH_BYTES + END_BYTES;
  }

  /** An output with these behind it. */
  public byte[] behind(byte[] output) {
    var bytes = ByteBuffer.allocate(output.length + bytes()).put(output);
    for (At at : all) {
      bytes.putLong(at.fuelUsed()).put(at.state().bytes());
    }
    return bytes.putInt(all.size()).put(MAGIC).array();
  }

  /** What is behind an output; empty if those are not bytes that {@link #behind} wrote. */
  public static Optional<Traced> read(byte[] bytes) {
    int end = bytes.length - END_BYTES;
    if (end < 0
        || !Arrays.equals(MAGIC, Arrays.copyOfRange(bytes, end + Integer.BYTES, bytes.length))) {
      return Optional.empty();
    }
    int count = ByteBuffer.wrap(bytes).getInt(end);
    if (count < 1 || count > MOST || end < count * EACH_BYTES) {
      return Optional.empty();
    }
    int start = end - count * EACH_BYTES;
    var all = new ArrayList<At>();
    for (int i = 0; i < count; i++) {
      int from = start + i * EACH_BYTES;
      long fuel = ByteBuffer.wrap(bytes).getLong(from);
      if (fuel < (all.isEmpty() ? 0 : all.getLast().fuelUsed())) {
        return Optional.empty();
      }
      all.add(
          new At(
              fuel, Digest.wrap(Arrays.copyOfRange(bytes, from + Long.BYTES, from + EACH_BYTES))));
    }
    return Optional.of(new Traced(Arrays.copyOf(bytes, start), new Checkpoints(all)));
  }

  /** Where this run and another part. Both know what both committed to, so nobody is asked. */
  public Difference firstDifference(Checkpoints other) {
    long agreed = 0;
    for (int i = 0; i < all.size(); i++) {
      At mine = all.get(i);
      if (i >= other.all.size() || !mine.equals(other.all.get(i))) {
        return new Difference(i, agreed, mine.fuelUsed());
      }
      agreed = mine.fuelUsed();
    }
    return new Difference(all.size(), agreed, agreed);
  }
}
