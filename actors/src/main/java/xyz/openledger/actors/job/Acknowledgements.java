package xyz.openledger.actors.job;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.RecipientRef;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.chainanchor.accounts.LedgerCommand;

/**
 * The holds of one partition that are over, until the books know that they may forget them. Nothing
 * here is durable: after a start the books tell how far they know, and the rest is said again. A
 * hold that was refused is over too: its number would otherwise stay open, and the books count on
 * few that are.
 */
final class Acknowledgements {
  private static final long SAY_AGAIN_MILLIS = 5_000;

  private final String source;
  private final RecipientRef<AccountsMessage> accounts;
  private final ActorRef<AccountsMessage.Answer> answers;
  private final TreeSet<Long> over = new TreeSet<>();
  private boolean waiting;
  private long saidAtMillis;

  Acknowledgements(
      String source,
      RecipientRef<AccountsMessage> accounts,
      ActorRef<AccountsMessage.Answer> answers) {
    this.source = source;
    this.accounts = accounts;
    this.answers = answers;
  }

  /** That hold's job has left the partition. */
  void add(long number, long nowMillis) {
    over.add(number);
    say(nowMillis);
  }

  /** After a start: what the books do not know, and no live job has, is over. */
  void resume(long through, PartitionState state, long nowMillis) {
    Set<Long> live = state.jobs().stream().map(Job::holdNumber).collect(Collectors.toSet());
    for (long number = through + 1; number < state.nextHoldNumber(); number++) {
      if (!live.contains(number)) {
        over.add(number);
      }
    }
    say(nowMillis);
  }

  /** The books answered; a refusal is tried again after a while. */
  void heard(JobMessage.Acknowledged answer, long nowMillis) {
    if (answer.problem() == null) {
      answer.numbers().forEach(over::remove);
      waiting = false;
      say(nowMillis);
    }
  }

  /** Says what there is, one message at a time: what comes up meanwhile goes into the next. */
  void say(long nowMillis) {
    if (over.isEmpty() || (waiting && nowMillis < saidAtMillis + SAY_AGAIN_MILLIS)) {
      return;
    }
    waiting = true;
    saidAtMillis = nowMillis;
    List<Long> numbers = over.stream().limit(LedgerCommand.Acknowledge.NUMBERS_MAX).toList();
    accounts.tell(new AccountsMessage.Do(new LedgerCommand.Acknowledge(source, numbers), answers));
  }
}
