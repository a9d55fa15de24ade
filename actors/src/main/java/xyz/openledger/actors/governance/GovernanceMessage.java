package xyz.openledger.actors.governance;

import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;

/** What {@link GovernanceEntity} is asked. */
public sealed interface GovernanceMessage extends MemberMessage {

  /**
   * Put rules in force. A repeat of those that are in force answers the same.
   *
   * @param rules JSON
   * @param source where they come from; see {@link RuleSource}
   */
  record Adopt(String rules, String source, ActorRef<Answer> replyTo)
      implements GovernanceMessage {}

  /** Tell what is in force. */
  record Show(ActorRef<Answer> replyTo) implements GovernanceMessage {}

  /** Tell the rules with that hash, of those that were ever in force. */
  record ShowRules(Digest ruleHash, ActorRef<Answer> replyTo) implements GovernanceMessage {}

  /**
   * What is in force, or why something else is not.
   *
   * @param field of the rules that were refused
   * @param rules canonical JSON of those in force; empty if nothing is governed
   */
  record Answer(
      @Nullable Problem problem,
      String field,
      String detail,
      String rules,
      String source,
      long sinceMillis)
      implements MemberMessage {}
}
