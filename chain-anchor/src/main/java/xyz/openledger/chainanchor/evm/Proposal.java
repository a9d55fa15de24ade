package xyz.openledger.chainanchor.evm;

import java.math.BigInteger;
import java.util.Arrays;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;

/**
 * What somebody proposed.
 *
 * @param number counts the governor's proposals from 1, as people name them
 * @param id the governor's
 * @param voteStartSeconds votes count as they were held at this second, and are taken after it
 * @param voteEndSeconds the last second in which votes are taken
 * @param fromEpoch that the rules follow; -1 if it is about something else than rules
 * @param rules the document; empty if it is about something else
 * @param description the proposer's
 */
public record Proposal(
    int number,
    BigInteger id,
    Address proposer,
    long voteStartSeconds,
    long voteEndSeconds,
    long fromEpoch,
    byte[] rules,
    String description) {
  /** Keeps a copy of its own. */
  public Proposal {
    rules = rules.clone();
  }

  @Override
  public byte[] rules() {
    return rules.clone();
  }

  /** Whether it would put rules in force. */
  public boolean isAboutRules() {
    return fromEpoch >= 0;
  }

  /** SHA-256 of the rules. */
  public Digest ruleHash() {
    return Digest.of(rules);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Proposal that
        && id.equals(that.id)
        && number == that.number
        && Arrays.equals(rules, that.rules);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }
}
