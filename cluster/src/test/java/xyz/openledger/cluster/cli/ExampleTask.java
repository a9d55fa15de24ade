package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.nio.file.Path;
import xyz.openledger.verification.matmul.NetworkTask;

/** The first task of a matmul job file, for tests elsewhere. */
public final class ExampleTask {
  private ExampleTask() {}

  /** Reads it. */
  public static NetworkTask read(Path job) throws IOException {
    return MatmulFiles.read(job, 0).task();
  }
}
