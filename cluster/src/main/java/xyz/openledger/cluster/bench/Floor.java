package xyz.openledger.cluster.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.keys.Secp256k1Key;

/**
 * What the parts cost that no job can do without, on this machine and at this moment: below the sum
 * of those it needs, no job can be.
 *
 * @param rows each alone, the median of {@value #ROUNDS} rounds
 */
public record Floor(List<Row> rows) {
  private static final int ROUNDS = 7;
  private static final int WARM_UP_ROUNDS = 3;
  private static final int SIGNATURES = 150;
  private static final int DIGESTS = 5_000;
  private static final int COMMITS = 15;
  private static final int RECORD_BYTES = 1_024;
  private static final int PAGE_BYTES = 4_096;
  private static final double NANOS_PER_MICRO = 1_000;

  /**
   * One of them.
   *
   * @param cpuMicros of the calling thread
   */
  public record Row(String what, double cpuMicros, double wallMicros) {}

  private interface Work {
    void run() throws IOException;
  }

  /** Measures; the disk in {@code folder}. */
  static Floor measure(Path folder) throws IOException {
    Files.createDirectories(folder);
    byte[] message = new byte[RECORD_BYTES];
    var transport = Ed25519Key.generate();
    var result = Secp256k1Key.generate();
    byte[] publicKey = transport.publicKey();
    byte[] hash = Digest.of(message).bytes();
    var rows = new ArrayList<Row>();
    rows.add(
        row(
            "Ed25519 sign and verify 1 KiB",
            SIGNATURES,
            () -> require(Ed25519Key.verify(publicKey, message, transport.sign(message)))));
    rows.add(
        row(
            "secp256k1 sign and recover a hash",
            SIGNATURES,
            () -> require(Secp256k1Key.recover(hash, result.sign(hash)).isPresent())));
    rows.add(row("SHA-256 of 1 KiB", DIGESTS, () -> require(Digest.of(message).first() != 0)));
    rows.add(appended(folder.resolve("floor-file")));
    rows.add(committed(Files.createDirectories(folder.resolve("floor-lmdb"))));
    return new Floor(List.copyOf(rows));
  }

  /** The disk alone. */
  static Row appended(Path file) throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      return row(
          "append 4 KiB and fdatasync",
          COMMITS,
          () -> {
            channel.write(ByteBuffer.allocate(PAGE_BYTES), channel.size());
            channel.force(false);
          });
    }
  }

  private static Row committed(Path folder) throws IOException {
    try (Env<byte[]> env =
        Env.create(ByteArrayProxy.PROXY_BA)
            .setMapSize(64L << 20)
            .setMaxDbs(1)
            .open(folder.toFile())) {
      Dbi<byte[]> table = env.openDbi("floor", DbiFlags.MDB_CREATE);
      var next = new int[1];
      return row(
          "LMDB commit of one record of 1 KiB",
          COMMITS,
          () -> {
            try (Txn<byte[]> txn = env.txnWrite()) {
              byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(next[0]++).array();
              table.put(txn, key, new byte[RECORD_BYTES]);
              txn.commit();
            }
          });
    }
  }

  private static Row row(String what, int times, Work work) throws IOException {
    var threads = ManagementFactory.getThreadMXBean();
    var cpu = new ArrayList<Double>();
    var wall = new ArrayList<Double>();
    for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      long cpuBefore = threads.getCurrentThreadCpuTime();
      long wallBefore = System.nanoTime();
      for (int i = 0; i < times; i++) {
        work.run();
      }
      if (round >= 0) {
        wall.add((System.nanoTime() - wallBefore) / NANOS_PER_MICRO / times);
        cpu.add((threads.getCurrentThreadCpuTime() - cpuBefore) / NANOS_PER_MICRO / times);
      }
    }
    return new Row(what, Rounded.to2(Rounded.median(cpu)), Rounded.to2(Rounded.median(wall)));
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalStateException("a signature does not hold");
    }
  }
}
