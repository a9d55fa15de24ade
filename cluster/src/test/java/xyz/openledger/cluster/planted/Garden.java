package xyz.openledger.cluster.planted;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Plants bugs: reads a source file, changes it, and compiles it into a folder of its own. */
final class Garden implements AutoCloseable {
  private final Path project;
  private final StandardJavaFileManager files =
      ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null);

  /**
   * A garden beside a project.
   *
   * @param project the folder with the modules, all of them compiled
   */
  Garden(Path project) {
    this.project = project;
  }

  /** Compiles the file with the bug in it. The folder then goes before the right classes. */
  void plant(PlantedBug bug, Path folder) throws IOException {
    String wrong = wrong(bug);
    var log = new StringWriter();
    files.setLocation(StandardLocation.CLASS_OUTPUT, List.of(folder.toFile()));
    boolean compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                log,
                files,
                null,
                List.of(
                    "-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path")),
                null,
                List.of(new Source(bug.file(), wrong)))
            .call();
    if (!compiled) {
      throw new AssertionError("'%s' does not compile any more:%n%s".formatted(bug, log));
    }
  }

  /** The file with the bug in it; refuses one whose place is no longer there. */
  String wrong(PlantedBug bug) throws IOException {
    Path file =
        project.resolve(bug.module()).resolve("src/main/java/xyz/openledger").resolve(bug.file());
    String right = Files.readString(file);
    int at = right.indexOf(bug.find());
    if (at < 0 || right.indexOf(bug.find(), at + 1) >= 0) {
      throw new AssertionError(
          "'%s' is to be planted where %s says: %s%nbut that stands there %s; plant it anew"
              .formatted(bug, file, bug.find(), at < 0 ? "no more" : "more than once"));
    }
    return right.replace(bug.find(), bug.replacement());
  }

  @Override
  public void close() {
    try {
      files.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String file, String text) {
      super(URI.create("planted:///" + file), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
