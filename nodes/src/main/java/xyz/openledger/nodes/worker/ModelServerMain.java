package xyz.openledger.nodes.worker;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * The model server's program in the sandbox. Standard input and output carry frames and nothing
 * else. Its arguments: questions at once, bytes of keys and values, threads, the folder of models.
 */
public final class ModelServerMain {
  private static final int EXIT_BROKEN = 3;

  private ModelServerMain() {}

  /** Works until standard input ends. */
  public static void main(String[] arguments) {
    var in = new FileInputStream(FileDescriptor.in);
    var out = new FileOutputStream(FileDescriptor.out);
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true));
    var shape =
        new ServedModels.Shape(
            Integer.parseInt(arguments[0]),
            Integer.parseInt(arguments[1]),
            Long.parseLong(arguments[2]),
            Integer.parseInt(arguments[3]));
    Path folder = Path.of(arguments[4]);
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (var models = new ServedModels(folder, temporary, shape)) {
      new ModelLoop(in, out, models, new TuningTask(folder, temporary, shape.threads())).run();
    } catch (IOException | RuntimeException broken) {
      System.err.println("model server: " + broken);
    }
    // Threads that compute are not waited for.
    Runtime.getRuntime().halt(EXIT_BROKEN);
  }
}
