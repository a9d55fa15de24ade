package xyz.openledger.actors.governance;

import xyz.openledger.protocol.Digest;

/** What was decided about the governed values. */
public sealed interface GovernanceEvent {

  /**
   * Rules are in force from now on.
   *
   * @param ruleHash SHA-256 of {@code rules}
   * @param rules their canonical JSON
   * @param source where they came from: {@code file}, {@code operator}, {@code vote, proposal 3}
   */
  record Adopted(long epoch, Digest ruleHash, String rules, String source, long atMillis)
      implements GovernanceEvent {}
}
