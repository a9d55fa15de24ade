package xyz.openledger.nodes.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;

class TaskRandomTest {
  /**
   * By {@code python3}: sha256(b"openledger/random/v1\n" + sha256(b"a task") + i.to_bytes(8)) for i
   * = 0 and 1.
   */
  static final String FIRST_40_BYTES =
      "57e6d27eb54f4830d00fcaabb6d55a4ec6570d35876b666e34d6fc41303ef9469ef1d10b7bd2a043";

  @Test
  void isCounterModeOverTheTaskHash() {
    byte[] bytes = new byte[40];

    new TaskRandom(Programs.TASK).fill(bytes, 0, bytes.length);

    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(FIRST_40_BYTES);
  }

  @Test
  void isOneStreamHoweverItIsRead() {
    var pieces = new SplittableRandom(3);
    byte[] whole = new byte[1000];
    new TaskRandom(Programs.TASK).fill(whole, 0, whole.length);

    var inPieces = new TaskRandom(Programs.TASK);
    var read = ByteBuffer.allocate(whole.length);
    while (read.hasRemaining()) {
      int length = Math.min(read.remaining(), pieces.nextInt(70));
      inPieces.fill(read.array(), read.position(), length);
      read.position(read.position() + length);
    }

    assertThat(read.array()).isEqualTo(whole);
    assertThat(Digest.of(whole)).isNotEqualTo(Digest.of(new byte[1000]));
  }
}
