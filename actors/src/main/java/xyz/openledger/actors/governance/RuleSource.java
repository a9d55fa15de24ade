package xyz.openledger.actors.governance;

import java.io.IOException;
import java.util.Optional;

/**
 * Where governed values come from: a file of the operator's, a contract. What it offers is adopted
 * if its epoch is above that in force.
 */
public interface RuleSource {
  /** The name in the journal and in what people are shown, such as {@code file}. */
  String name();

  /** JSON of the newest rules it has; empty if it has none. */
  Optional<String> read() throws IOException;
}
