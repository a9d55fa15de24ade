package xyz.openledger.cluster.cli.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Disk, ports and clock. */
public final class Machine {
  /** What listens where, unless told otherwise. */
  public static final Map<String, Integer> PORTS =
      Map.of("http", 7400, "gateway", 7401, "members", 7402, "chain", 7445);

  private static final long DISK_BYTES_MIN = 256L << 20;
  private static final long DISK_BYTES_GOOD = 2L << 30;

  /** Nothing of ours is older than this: a clock before it is wrong. */
  private static final Instant BUILT_AFTER = Instant.parse("2026-01-01T00:00:00Z");

  private Machine() {}

  /** Room for the journal, the blobs and the chain. */
  public static Finding disk(Path dataDirectory) {
    Path existing = dataDirectory.toAbsolutePath();
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      String detail = (free >> 20) + " MiB free for " + dataDirectory;
      String fix = "free some space, or choose another place by OPENLEDGER_DATA_DIR";
      if (!Files.isWritable(existing)) {
        return Finding.failure("disk", existing + " cannot be written", fix);
      }
      return free < DISK_BYTES_MIN
          ? Finding.failure("disk", detail, fix)
          : free < DISK_BYTES_GOOD
              ? Finding.warning("disk", detail, fix)
              : Finding.ok("disk", detail);
    } catch (IOException unknown) {
      return Finding.warning("disk", "free space is not known: " + unknown.getMessage(), "");
    }
  }

  /**
   * Whether the ports are free.
   *
   * @param running whether a network of ours is up, which then holds them itself
   */
  public static Finding ports(Map<String, Integer> ports, boolean running) {
    List<String> taken = new ArrayList<>();
    ports.values().stream()
        .sorted()
        .filter(port -> !free(port))
        .forEach(port -> taken.add(Integer.toString(port)));
    if (taken.isEmpty()) {
      return Finding.ok("ports", ports.values().stream().sorted().toList() + " are free");
    }
    String detail = String.join(", ", taken) + " in use";
    return running
        ? Finding.ok("ports", detail + ", a network is up")
        : Finding.warning(
            "ports", detail + " by another program", "openledger dev --port-base 17400");
  }

  /** Whether the clock can be right: signatures and claims depend on it. */
  public static Finding clock(Instant now) {
    return now.isAfter(BUILT_AFTER)
        ? Finding.ok("clock", now.truncatedTo(ChronoUnit.SECONDS).toString())
        : Finding.failure(
            "clock", now + " is before this program was made", "timedatectl set-ntp true");
  }

  private static boolean free(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
