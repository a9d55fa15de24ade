package xyz.openledger.nodes.benchmark;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A small WebAssembly program that burns fuel: it reads a count of rounds from its input (8 bytes,
 * little-endian) and draws that many numbers from a 64-bit generator, each depending on the one
 * before. Written here byte by byte, so that the agent carries no binary file.
 *
 * <pre>
 *   (import "wasi_snapshot_preview1" "fd_read" (func (param i32 i32 i32 i32) (result i32)))
 *   (memory (export "memory") 1)
 *   (data (i32.const 0) "\10\00\00\00\08\00\00\00")     one buffer: 8 bytes at 16
 *   (func (export "_start") (local $n i64) (local $x i64)
 *     (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
 *     (local.set $n (i64.load (i32.const 16)))
 *     (block (br_if 0 (i64.eqz (local.get $n)))
 *       (loop
 *         x = x * 0x5851f42d4c957f2d + 1;  x = x ^ (x >>> 29)
 *         (br_if 0 (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0)))))
 *     (i64.store (i32.const 24) (local.get $x)))        keeps the loop from being optimised away
 * </pre>
 */
final class IntegerLoop {
  private static final HexFormat HEX = HexFormat.of();

  private IntegerLoop() {}

  /** The module. */
  static byte[] module() {
    var out = new ByteArrayOutputStream();
    out.writeBytes(HEX.parseHex("0061736d01000000"));
    section(out, 1, HEX.parseHex("02" + "60047f7f7f7f017f" + "600000"));
    section(
        out, 2, concat(hex("01"), name("wasi_snapshot_preview1"), name("fd_read"), hex("0000")));
    section(out, 3, hex("0101"));
    section(out, 5, hex("01010101"));
    section(out, 7, concat(hex("02"), name("memory"), hex("0200"), name("_start"), hex("0001")));
    byte[] body = body();
    section(out, 10, concat(hex("01"), unsigned(body.length), body));
    section(out, 11, hex("01" + "0041000b" + "08" + "1000000008000000"));
    return out.toByteArray();
  }

  /** The input that asks for {@code rounds}. */
  static byte[] input(long rounds) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(rounds).array();
  }

  private static byte[] body() {
    return concat(
        hex("01" + "027e"),
        hex("4100" + "4100" + "4101" + "4108" + "1000" + "1a"),
        hex("4110" + "290300" + "2100"),
        hex("0240" + "2000" + "50" + "0d00" + "0340"),
        hex("2001" + "42"),
        signed(0x5851f42d4c957f2dL),
        hex("7e" + "4201" + "7c" + "2101"),
        hex("2001" + "2001" + "421d" + "88" + "85" + "2101"),
        hex("2000" + "4201" + "7d" + "2200" + "4200" + "52" + "0d00" + "0b" + "0b"),
        hex("4118" + "2001" + "370300" + "0b"));
  }

  private static void section(ByteArrayOutputStream out, int id, byte[] content) {
    out.write(id);
    out.writeBytes(unsigned(content.length));
    out.writeBytes(content);
  }

  private static byte[] name(String name) {
    byte[] text = name.getBytes(StandardCharsets.US_ASCII);
    return concat(unsigned(text.length), text);
  }

  private static byte[] hex(String digits) {
    return HEX.parseHex(digits);
  }

  private static byte[] concat(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** LEB128. */
  private static byte[] unsigned(int value) {
    var out = new ByteArrayOutputStream();
    int left = value;
    while (left >= 0x80) {
      out.write((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    out.write(left);
    return out.toByteArray();
  }

  /** Signed LEB128. */
  private static byte[] signed(long value) {
    var out = new ByteArrayOutputStream();
    long left = value;
    while (left < -64 || left > 63) {
      out.write((int) (left & 0x7f) | 0x80);
      left >>= 7;
    }
    out.write((int) (left & 0x7f));
    return out.toByteArray();
  }
}
