package xyz.openledger.nodes.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Java program to run in a sandbox.
 *
 * @param classPath what it needs, and nothing else: all of it can be read from inside
 * @param jvmFlags such as {@code -Xmx64m}
 * @param arguments of its {@code main}
 * @param data a folder that it may read, which follows as its last argument; absent for none
 * @param temporaryMaxBytes what it may write to its {@code /tmp}
 */
public record JavaProgram(
    ClassPath classPath,
    List<String> jvmFlags,
    String mainClass,
    List<String> arguments,
    @Nullable Path data,
    long temporaryMaxBytes) {
  private static final long TEMPORARY_BYTES_USUAL = 1 << 20;

  /** Keeps its own copies. */
  public JavaProgram {
    jvmFlags = List.copyOf(jvmFlags);
    arguments = List.copyOf(arguments);
  }

  /** A program that reads no files of its own and writes next to none. */
  public JavaProgram(
      ClassPath classPath, List<String> jvmFlags, String mainClass, List<String> arguments) {
    this(classPath, jvmFlags, mainClass, arguments, null, TEMPORARY_BYTES_USUAL);
  }

  /** The command line, with Java, the class path and the data where the program will see them. */
  List<String> command(String java, String classPathPlace, String visibleData) {
    var command = new ArrayList<String>();
    command.add(java);
    command.addAll(jvmFlags);
    command.addAll(classPath.flagsAt(classPathPlace));
    command.add("-cp");
    command.add(classPath.seenAt(classPathPlace));
    command.add(mainClass);
    command.addAll(arguments);
    if (data != null) {
      command.add(visibleData);
    }
    return command;
  }
}
