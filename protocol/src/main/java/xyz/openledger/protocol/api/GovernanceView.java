package xyz.openledger.protocol.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;

/**
 * The governed values that are in force.
 *
 * @param epoch 0 where nothing is governed
 * @param ruleHash SHA-256 of the rules in their RFC 8785 form; zeros where nothing is governed
 * @param source where they came from; empty where nothing is governed
 * @param sinceMillis when they were adopted
 * @param rules absent where nothing is governed
 * @param board what was voted; absent where the member follows no board
 */
@Answer
public record GovernanceView(
    long epoch,
    Digest ruleHash,
    String source,
    long sinceMillis,
    @Nullable JsonNode rules,
    @Nullable GovernanceBoard board) {

  /** Rules without a board. */
  public GovernanceView(
      long epoch, Digest ruleHash, String source, long sinceMillis, @Nullable JsonNode rules) {
    this(epoch, ruleHash, source, sinceMillis, rules, null);
  }

  /** The same with what is known of the board. */
  public GovernanceView with(@Nullable GovernanceBoard read) {
    return new GovernanceView(epoch, ruleHash, source, sinceMillis, rules, read);
  }
}
