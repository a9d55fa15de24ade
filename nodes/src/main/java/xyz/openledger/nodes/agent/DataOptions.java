package xyz.openledger.nodes.agent;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where an agent's data is. */
final class DataOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "the agent's data directory (default .openledger/nodes/NAME)")
  @Nullable Path data;

  /** The directory that was given, or the one that goes with a name. */
  AgentHome home(@Nullable String name) {
    String folder = name == null ? TermsOptions.hostName() : name;
    return new AgentHome(
        data != null
            ? data
            : Path.of(".openledger", "nodes", folder.replaceAll("[^A-Za-z0-9._-]", "_")));
  }
}
