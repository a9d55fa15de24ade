package xyz.openledger.nodes.sandbox;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tries the walls of a pod from the inside. */
final class ContainerProbe {
  private static final List<String> READ_ONLY =
      List.of("/", "/etc", "/usr", "/var", "/opt/openledger", "/home", "/root");
  private static final Path TOKEN = Path.of("/var/run/secrets/kubernetes.io");
  private static final int CONNECT_MILLIS = 2_000;

  /** Some networks close a moment after a pod was made. */
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private ContainerProbe() {}

  /** One sentence for each wall that does not hold. */
  static List<String> breaches() {
    var breaches = new ArrayList<String>();
    if (isRoot()) {
      breaches.add("it runs as root");
    }
    READ_ONLY.stream()
        .filter(folder -> Files.isWritable(Path.of(folder)))
        .map(folder -> folder + " can be written")
        .forEach(breaches::add);
    if (Files.exists(TOKEN)) {
      breaches.add("a token of the cluster can be read");
    }
    if (hasPowers()) {
      breaches.add("it has capabilities");
    }
    // Inside a process namespace of one's own, numbers start at 1.
    if (ProcessHandle.current().pid() > 10) {
      breaches.add("other processes can be seen");
    }
    if (reachesCluster(System.getenv())) {
      breaches.add(
          "the network can be reached: this cluster's network plug-in does not keep NetworkPolicy");
    }
    return breaches;
  }

  private static boolean isRoot() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException unknown) {
      return true;
    }
  }

  private static boolean hasPowers() {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("CapEff:"))
          .anyMatch(line -> !line.substring("CapEff:".length()).strip().matches("0+"));
    } catch (IOException unknown) {
      return true;
    }
  }

  /** The cluster tells each pod where its API is, which is what an open network reaches first. */
  private static boolean reachesCluster(Map<String, String> environment) {
    String host = environment.get("KUBERNETES_SERVICE_HOST");
    if (host == null) {
      return false;
    }
    int port = Integer.parseInt(environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443"));
    long end = System.nanoTime() + CLOSING.toNanos();
    while (connects(host, port)) {
      if (System.nanoTime() > end) {
        return true;
      }
      pause();
    }
    return false;
  }

  private static boolean connects(String host, int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
