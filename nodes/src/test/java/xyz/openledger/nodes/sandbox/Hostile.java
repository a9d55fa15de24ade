package xyz.openledger.nodes.sandbox;

import java.nio.file.Path;
import java.util.List;

/**
 * A program that is free to do whatever Java and the C library can, and tries to get out. For each
 * attack it prints a line: {@code held} or {@code ESCAPED}, the attack's name, and what it met.
 *
 * <p>An attack that gets through must do no harm: it opens and does not write, it calls with
 * arguments that no kernel acts on, it kills only a decoy.
 */
public final class Hostile {
  /** What an attack gets when the wall held. */
  static final String NOTHING = "";

  /** Something that should fail: by an exception, or by getting {@link #NOTHING}. */
  @FunctionalInterface
  interface Attack {
    String run() throws Throwable;
  }

  /**
   * What there is to attack outside.
   *
   * @param folder the host's data, with a {@code key.pem} and a {@code socket}
   * @param port where the host listens
   * @param process a process of the host
   */
  record Host(Path folder, int port, long process) {}

  private Hostile() {}

  /**
   * Arguments: the attacks, the host's data folder, a port it listens on, the id of a process of
   * its.
   */
  public static void main(String[] arguments) throws InterruptedException {
    var host =
        new Host(
            Path.of(arguments[1]), Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]));
    for (String attacks : List.of(arguments[0].split(","))) {
      switch (attacks) {
        case "files" -> FileAttacks.on(host);
        case "network" -> NetworkAttacks.on(host);
        case "processes" -> ProcessAttacks.on(host);
        case "kernel" -> KernelAttacks.run();
        case "channels" -> ChannelAttacks.on(host);
        case "exhaust" -> ExhaustionAttacks.run();
        case "wait" -> {
          System.out.println("waiting");
          Thread.sleep(60_000);
        }
        default -> throw new IllegalArgumentException(attacks);
      }
    }
    System.exit(0);
  }

  static void attack(String name, Attack attack) {
    String got;
    try {
      got = attack.run();
    } catch (Throwable held) {
      System.out.println("held " + name + ": " + oneLine(held.toString()));
      return;
    }
    System.out.println((got.equals(NOTHING) ? "held " : "ESCAPED ") + name + ": " + oneLine(got));
  }

  private static String oneLine(String text) {
    return text.substring(0, Math.min(200, text.length())).replace('\n', ' ');
  }
}
