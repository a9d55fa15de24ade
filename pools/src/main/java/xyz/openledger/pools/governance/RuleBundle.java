package xyz.openledger.pools.governance;

import java.util.Arrays;
import java.util.List;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;

/** A document of rules as it was voted, and what must hold before it is obeyed. */
public final class RuleBundle {
  /** The longest document that a board publishes, in bytes. */
  public static final int BYTES_MAX = 16_384;

  private RuleBundle() {}

  /**
   * The rules of a document, which is the one that was voted, is understood whole, and says of its
   * own test vectors what it should.
   *
   * @param ruleHash that was voted
   * @param epoch that the board counts
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request} that names what does
   *     not hold
   */
  public static GovernedRules read(byte[] document, Digest ruleHash, long epoch) {
    requireLength(document);
    Digest hash = Digest.of(document);
    if (!hash.equals(ruleHash)) {
      throw Check.refusal("", "the document has the hash %s, not %s".formatted(hash, ruleHash));
    }
    GovernedRules rules = GovernedRules.read(document);
    if (!Arrays.equals(rules.canonical(), document)) {
      throw Check.refusal("", "the document is not in canonical form (RFC 8785)");
    }
    check(rules, epoch);
    return rules;
  }

  /**
   * Checks rules before they are proposed.
   *
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request} that names what does
   *     not hold
   */
  public static void check(GovernedRules rules, long epoch) {
    requireLength(rules.canonical());
    if (rules.epoch() != epoch) {
      throw Check.refusal(
          "epoch", "is %d, and the board counts %d here".formatted(rules.epoch(), epoch));
    }
    List<RuleVector> vectors = rules.testVectors();
    for (int i = 0; i < vectors.size(); i++) {
      String said = vectors.get(i).contradiction(rules);
      if (said != null) {
        throw Check.refusal(
            "vectors[%d]".formatted(i),
            "a job like this must be %s, and %s".formatted(vectors.get(i).expected().word(), said));
      }
    }
  }

  private static void requireLength(byte[] document) {
    if (document.length > BYTES_MAX) {
      throw Check.refusal(
          "", "the document has %d bytes, and %d at most".formatted(document.length, BYTES_MAX));
    }
  }
}
