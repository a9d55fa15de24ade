package xyz.openledger.nodes.sandbox;

import java.util.List;

/**
 * A run of our own program on our own input, from which Java learns what its later starts need.
 *
 * @param jvmFlags those that the later starts have; limits of memory may differ
 * @param arguments of its {@code main}
 * @param input its standard input; the program ends by itself after it
 */
@SuppressWarnings("ArrayRecordComponent") // passes through and is never compared
public record StartTraining(
    List<String> jvmFlags, String mainClass, List<String> arguments, byte[] input) {
  /** Keeps its own copies. */
  public StartTraining {
    jvmFlags = List.copyOf(jvmFlags);
    arguments = List.copyOf(arguments);
  }
}
