package xyz.openledger.actors.governance;

import java.io.IOException;
import java.util.Optional;

/**
 * Where governed values come from: a file of the operator's, a contract. What it offers is adopted
 * if its epoch is above that in force. What was voted prevails over what an operator says, whatever
 * the epochs: no operator can outbid a vote.
 */
public interface RuleSource {
  /** How the name of a source begins whose rules were voted. */
  String VOTE = "vote";

  /** Whether rules of that source were voted. */
  static boolean isVote(String source) {
    return source.startsWith(VOTE);
  }

  /** The name in the journal and in what people are shown, such as {@code file}. */
  String name();

  /** JSON of the newest rules it has; empty if it has none. */
  Optional<String> read() throws IOException;
}
