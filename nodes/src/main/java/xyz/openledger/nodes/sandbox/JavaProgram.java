package xyz.openledger.nodes.sandbox;

import java.util.List;

/**
 * A Java program to run in a sandbox.
 *
 * @param classPath what it needs, and nothing else: all of it can be read from inside
 * @param jvmFlags such as {@code -Xmx64m}
 * @param arguments of its {@code main}
 */
public record JavaProgram(
    ClassPath classPath, List<String> jvmFlags, String mainClass, List<String> arguments) {
  public JavaProgram {
    jvmFlags = List.copyOf(jvmFlags);
    arguments = List.copyOf(arguments);
  }

  /** The command line, with Java and the class path as the program will see them. */
  List<String> command(String java, String visibleClassPath) {
    var command = new java.util.ArrayList<String>();
    command.add(java);
    command.addAll(jvmFlags);
    command.add("-cp");
    command.add(visibleClassPath);
    command.add(mainClass);
    command.addAll(arguments);
    return command;
  }
}
