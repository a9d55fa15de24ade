package xyz.openledger.nodes.sandbox;

import static xyz.openledger.nodes.sandbox.Hostile.NOTHING;
import static xyz.openledger.nodes.sandbox.Hostile.attack;

import java.util.concurrent.TimeUnit;

/** Sees, ends and starts processes. */
final class ProcessAttacks {
  private ProcessAttacks() {}

  static void on(Hostile.Host host) {
    attack(
        "see processes",
        () -> {
          long others = ProcessHandle.allProcesses().filter(process -> process.pid() > 20).count();
          return others == 0 ? NOTHING : "saw " + others;
        });
    attack(
        "see the decoy",
        () -> ProcessHandle.of(host.process()).map(Object::toString).orElse(NOTHING));
    attack(
        "kill the decoy",
        () -> {
          var decoy = ProcessHandle.of(host.process());
          return decoy.isPresent() && decoy.get().destroyForcibly() ? "killed" : NOTHING;
        });
    attack("start a shell", () -> start("/bin/sh", "-c", "true"));
    attack("start a program that is there", () -> start("/usr/bin/prlimit", "--version"));
  }

  private static String start(String... command) throws Exception {
    Process process = new ProcessBuilder(command).start();
    process.waitFor(10, TimeUnit.SECONDS);
    return "started " + process.pid();
  }
}
