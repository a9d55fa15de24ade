package xyz.openledger.cluster.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** llama.cpp in its own JVM, one round a line; {@code benchmarks/inference-beside-llama}. */
record LlamaPeer(PeerProcess process) implements AutoCloseable {
  private static final int MINUTES_MAX = 20;

  /** Starts what {@code folder} holds. */
  static LlamaPeer start(Path folder, Path model, int tokens) throws IOException {
    return new LlamaPeer(
        PeerProcess.start(folder, List.of(model.toString(), Integer.toString(tokens))));
  }

  /** Has it run a round. */
  LlamaBench.Taken round(String order) throws IOException {
    return process.round(
        order,
        MINUTES_MAX,
        figures ->
            new LlamaBench.Taken(
                Long.parseLong(figures.get(0)),
                Double.parseDouble(figures.get(1)),
                Double.parseDouble(figures.get(2)),
                0));
  }

  @Override
  public void close() {
    process.close();
  }
}
