package xyz.openledger.nodes.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A process of its own, with resource limits where the machine has a program to set them, and as a
 * user of its own if we are root. The walls are then the language's alone: WebAssembly gives a
 * program no way to name a file or a socket.
 *
 * @param prefix run first, asked for each process: drops root, or nothing
 * @param prlimit sets the limits, if there is such a program
 */
record PlainProcess(Supplier<List<String>> prefix, Optional<String> prlimit) implements Sandbox {

  /** As this machine allows. */
  static Sandbox here() {
    return new PlainProcess(
        () -> UserDrop.alone().orElse(List.of()), Tool.find("prlimit").map(Object::toString));
  }

  @Override
  public Level level() {
    return Level.PROCESS;
  }

  @Override
  public List<String> command(JavaProgram program, ResourceLimits limits) {
    var command = new ArrayList<>(prefix.get());
    prlimit.ifPresent(path -> command.addAll(limits.prlimit(path)));
    String java = System.getProperty("java.home") + "/bin/java";
    command.addAll(
        program.command(
            java,
            program.classPath().seenAt(program.classPath().folder().toString()),
            String.valueOf(program.data())));
    return command;
  }
}
