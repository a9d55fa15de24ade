package xyz.openledger.pools.governance;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;

/**
 * What a member does when it reads the board of voted rules. Pure: the same reading has the same
 * answer on every member.
 *
 * <pre>
 *   the board says ── what is obeyed already ──▶ Stays
 *        │
 *        └── something else ── its document is whole and right ──▶ Activates
 *                                     │
 *                                     └── it is not ──▶ Keeps, and says why
 * </pre>
 */
public sealed interface Activation {
  /** Nothing was voted, or what is in force. */
  record Stays() implements Activation {}

  /** These rules come into force. */
  record Activates(GovernedRules rules) implements Activation {}

  /** The rules before stay in force, though the board says otherwise. */
  record Keeps(String why) implements Activation {}

  /**
   * What binds by vote.
   *
   * @param epoch 0 before the first vote
   */
  record Voted(long epoch, Digest ruleHash) {}

  /**
   * Whether the document of what was voted is needed.
   *
   * @param obeyed the voted rules in force; null if those in force were not voted
   */
  static boolean isDue(Voted voted, @Nullable GovernedRules obeyed) {
    return voted.epoch() > 0
        && (obeyed == null
            || obeyed.epoch() != voted.epoch()
            || !obeyed.hash().equals(voted.ruleHash()));
  }

  /**
   * What to do.
   *
   * @param obeyed the voted rules in force; null if those in force were not voted
   * @param document of what was voted; empty if it is nowhere to be found
   */
  static Activation decide(Voted voted, @Nullable GovernedRules obeyed, Optional<byte[]> document) {
    if (!isDue(voted, obeyed)) {
      return new Stays();
    }
    if (obeyed != null && obeyed.epoch() >= voted.epoch()) {
      return new Keeps(
          "the board is at epoch %d with rules %s, and epoch %d was obeyed already: the chain lost"
                  .formatted(voted.epoch(), voted.ruleHash(), obeyed.epoch())
              + " what was decided, or is another one");
    }
    if (document.isEmpty()) {
      return new Keeps(
          "the document of rules %s is neither in an event of the chain, nor in member/rules of the"
                  .formatted(voted.ruleHash())
              + " data directory, nor among the blobs");
    }
    try {
      return new Activates(RuleBundle.read(document.get(), voted.ruleHash(), voted.epoch()));
    } catch (ProblemException refused) {
      String field = refused.field();
      return new Keeps(
          "rules %s are not obeyed: %s%s"
              .formatted(voted.ruleHash(), field.isEmpty() ? "" : field + " ", refused.detail()));
    }
  }
}
