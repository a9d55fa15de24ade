package xyz.openledger.nodes.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs inside a sandbox and tries its walls. Exits 0 if all of them hold, else 1 with one line on
 * standard error for each that does not. Its argument is the level that it should find.
 */
public final class SandboxProbe {
  private SandboxProbe() {}

  /** Tries the walls of the level named by the first argument. */
  public static void main(String[] arguments) throws IOException {
    var _ = Attached.answers(System.in, OutputStream.nullOutputStream());
    List<String> breaches =
        switch (Sandbox.Level.valueOf(arguments[0])) {
          case CONTAINER -> ContainerProbe.breaches();
          case BUBBLEWRAP -> breaches();
          case PROCESS -> List.of();
        };
    breaches.forEach(System.err::println);
    System.exit(breaches.isEmpty() ? 0 : 1);
  }

  private static boolean seesNetwork() {
    try {
      return NetworkInterface.networkInterfaces()
          .anyMatch(network -> !network.getName().equals("lo"));
    } catch (SocketException noSockets) {
      return false;
    }
  }

  private static List<String> breaches() {
    var breaches = new ArrayList<String>();
    if (seesNetwork()) {
      breaches.add("the network can be reached");
    }
    for (String folder : List.of("/", "/app", "/jdk", "/usr/lib")) {
      if (Files.isWritable(Path.of(folder))) {
        breaches.add(folder + " can be written");
      }
    }
    for (String folder : List.of("/home", "/root", "/etc/passwd", "/var", "/sys")) {
      if (Files.exists(Path.of(folder))) {
        breaches.add(folder + " can be seen");
      }
    }
    // Inside a process namespace of one's own, numbers start at 1.
    if (ProcessHandle.current().pid() > 10) {
      breaches.add("the host's processes can be seen");
    }
    return breaches;
  }
}
