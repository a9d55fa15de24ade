package xyz.openledger.cluster.gateway;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.session.Lease;

/**
 * A program that writes what it reads, up to 1,024 bytes.
 *
 * <pre>
 *   (data (i32.const 0) "\20\00\00\00\00\04\00\00")      one buffer: 1,024 bytes at 32
 *   fd_read(0, 0, 1, 4)      the count read becomes the buffer's length
 *   fd_write(1, 0, 1, 8)
 * </pre>
 */
public final class EchoModule {
  private EchoModule() {}

  /** The module. */
  public static byte[] bytes() {
    return HexFormat.of()
        .parseHex(
            "0061736d01000000"
                // types: (i32 i32 i32 i32) -> i32, () -> ()
                + "010c"
                + "02"
                + "60047f7f7f7f017f"
                + "600000"
                // imports: fd_read, fd_write
                + "0244"
                + "02"
                + name("wasi_snapshot_preview1")
                + name("fd_read")
                + "0000"
                + name("wasi_snapshot_preview1")
                + name("fd_write")
                + "0000"
                + "0302"
                + "0101"
                + "0504"
                + "01010101"
                + "0713"
                + "02"
                + name("memory")
                + "0200"
                + name("_start")
                + "0002"
                + "0a1a"
                + "01"
                + "18"
                + "00"
                + "4100"
                + "4100"
                + "4101"
                + "4104"
                + "1000"
                + "1a"
                + "4101"
                + "4100"
                + "4101"
                + "4108"
                + "1001"
                + "1a"
                + "0b"
                + "0b0e"
                + "01"
                + "0041000b"
                + "08"
                + "2000000000040000");
  }

  static Lease lease(int number, Digest module, Digest code) {
    return lease(number, number + 1, module, code);
  }

  static Lease lease(int number, long fence, Digest module, Digest code) {
    var input = ByteString.copyFrom("task " + number, StandardCharsets.US_ASCII);
    return new Lease(
        Conversation.replica(number),
        fence,
        module,
        code,
        List.of(),
        Digest.of(input.toByteArray()),
        input.size(),
        input,
        1_000_000,
        1 << 20,
        1 << 16,
        60_000,
        number % 2 == 0,
        10);
  }

  private static String name(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    return HexFormat.of().toHexDigits((byte) bytes.length) + HexFormat.of().formatHex(bytes);
  }
}
