package xyz.openledger.actors.job;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.actors.log.LogMessage;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.log.LogLeaf;
import xyz.openledger.protocol.Division;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Receipt;

/** What is left to do once a job is decided: nodes stop, money moves, the receipt is logged. */
final class Conclusion {
  private final Neighbours neighbours;
  private final Routing routing;
  private final Logger logger;
  private final ActorRef<AccountsMessage.Answer> answers;
  private final ActorRef<LogMessage.Appended> appended;

  Conclusion(
      Neighbours neighbours,
      Routing routing,
      ActorContext<JobMessage> context,
      ActorRef<AccountsMessage.Answer> answers) {
    this.neighbours = neighbours;
    this.routing = routing;
    this.logger = context.getLog();
    this.answers = answers;
    this.appended =
        context.messageAdapter(
            LogMessage.Appended.class,
            said ->
                new JobMessage.Logged(
                    JobId.parse(said.key().substring(0, said.key().indexOf('/'))),
                    said.index(),
                    said.conflicting(),
                    said.key().contains("/result/")
                        ? Receipt.Kind.RESULT
                        : Receipt.Kind.VERIFICATION));
  }

  /** Has what was answered first entered into the log. */
  void answered(JobEvent.Answered answered, Progress now) {
    if (!now.answerLogged && !now.answerAsked) {
      now.answerAsked = true;
      neighbours.log().tell(new LogMessage.Append(LogLeaf.of(answered.receipt()), appended));
    }
  }

  /** Brings it about; may be repeated until all have answered. */
  void conclude(Job job, JobEvent.Finished finished, Progress now) {
    now.reply(
        new JobMessage.SubmitReply(job.id(), job.state(), finished.problem(), finished.detail()));
    routing.withdraw(job, now);
    for (Job.Task task : job.tasks()) {
      for (JobReplica replica : task.replicas()) {
        if (!job.owns(replica)) {
          continue;
        }
        neighbours
            .nodes()
            .apply(replica.grant().node())
            .tell(new NodeMessage.Cancel(List.of(replica.grant().replica())));
        if (now.released.add(replica.grant().replica())) {
          routing.release(replica);
        }
      }
    }
    money(job, finished.receipt());
    if (finished.receipt() != null) {
      neighbours.convictions().contradicted(finished.receipt());
      neighbours.log().tell(new LogMessage.Append(LogLeaf.of(finished.receipt()), appended));
    } else {
      now.logIndex = Progress.NO_RECEIPT;
    }
  }

  private void money(Job job, @Nullable Receipt receipt) {
    LedgerCommand command =
        receipt == null
                || (receipt.chargedNanoOpen() == 0 && JobReceipt.withheld(receipt).isEmpty())
            ? new LedgerCommand.Release(job.id().value(), job.state())
            : new LedgerCommand.Settle(
                job.id().value(),
                JobReceipt.charges(receipt),
                JobReceipt.withheld(receipt),
                0,
                job.governed().feeSplit(),
                modelPayee(receipt));
    neighbours.accounts().tell(new AccountsMessage.Do(command, answers));
  }

  private static @Nullable String modelPayee(Receipt receipt) {
    Division division = receipt.division();
    return division == null || division.modelOwner() == null ? null : division.modelOwner().value();
  }

  /** Notes that the money has moved; answers whether that completes the job. */
  boolean moved(@Nullable Progress now, JobMessage.Moved said) {
    if (now == null) {
      return false;
    }
    if (said.problem() != null) {
      logger.error("{} was not paid: {} {}", said.job(), said.problem(), said.detail());
      return false;
    }
    now.moved = true;
    return now.complete();
  }

  /** Notes the receipt's place; answers whether that completes the job. */
  boolean logged(@Nullable Job job, @Nullable Progress now, JobMessage.Logged said) {
    if (job == null || now == null) {
      return false;
    }
    if (said.conflicting()) {
      logger.error("{} has another receipt at {} of the log", said.job(), said.index());
      return false;
    }
    if (FirstAnswer.isOf(job, said.kind())) {
      now.answerLogged = true;
    } else {
      now.logIndex = said.index();
    }
    return now.complete();
  }
}
