package xyz.openledger.nodes.sandbox;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A container that somebody else starts, on whatever machine: its walls are those of a pod and of
 * the runtime that was chosen for it, its programs those of an image of this release. Nothing of
 * this machine can be seen from inside.
 */
public record Container(Starter starter) implements Sandbox {
  /** Where an image has its Java machine: as in the images of Eclipse Temurin. */
  static final String JAVA = "/opt/java/openjdk/bin/java";

  /** Where an image has our jars. */
  static final String LIBRARIES = "/opt/openledger/lib";

  /** Starts containers. */
  public interface Starter extends AutoCloseable {
    /** Begins to start one; the process may have to be waited for. */
    Process start(List<String> command, ControlGroup.Limits limits, long temporaryMaxBytes)
        throws IOException;

    /** How long one may take to start. */
    Duration patience();

    /** After which whoever runs it ends it, whatever it does. */
    Duration lifeMax();

    @Override
    void close();
  }

  @Override
  public Level level() {
    return Level.CONTAINER;
  }

  @Override
  public Duration startTimeout() {
    return starter.patience().plus(Sandbox.super.startTimeout());
  }

  @Override
  public Duration lifeMax() {
    return starter.lifeMax();
  }

  @Override
  public List<String> command(JavaProgram program, ResourceLimits limits) {
    var command = new ArrayList<>(List.of(JAVA));
    command.addAll(program.jvmFlags());
    command.addAll(List.of("-D" + Attached.PROPERTY + "=true", "-cp", LIBRARIES + "/*"));
    command.add(program.mainClass());
    command.addAll(program.arguments());
    return command;
  }

  /**
   * Begins to start {@code program}.
   *
   * @param group is none that this machine keeps: the cluster keeps what it allows
   * @throws IOException if the program needs files of this machine
   */
  @Override
  public Process start(JavaProgram program, ResourceLimits limits, ControlGroup group)
      throws IOException {
    if (program.data() != null) {
      throw new IOException("a container has no files of this machine, such as those of models");
    }
    return starter.start(command(program, limits), group.limits(), program.temporaryMaxBytes());
  }
}
