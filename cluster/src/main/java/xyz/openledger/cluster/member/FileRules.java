package xyz.openledger.cluster.member;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import xyz.openledger.actors.governance.RuleSource;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.Check;

/** Rules in the operator's own file, read when the member starts. */
record FileRules(Path file) implements RuleSource {
  @Override
  public String name() {
    return "file";
  }

  @Override
  public Optional<String> read() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > GovernedRules.BYTES_MAX) {
      throw Check.refusal(
          file.toString(), "is longer than %d bytes".formatted(GovernedRules.BYTES_MAX));
    }
    return Optional.of(Files.readString(file));
  }
}
