package xyz.openledger.cluster.member;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.actors.anchor.AnchorMessage;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.node.NodeEvent;
import xyz.openledger.cluster.http.EventFeed;
import xyz.openledger.protocol.api.Event;

/** What a member looks after for as long as it runs: its news, its nodes, its development chain. */
record Upkeep(Member member, ScheduledExecutorService timer) {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  /** Begins; ends with the timer. */
  void start(
      EventFeed feed,
      ReceiptAnswers receipts,
      ChainLink chain,
      SpendingWatch spending,
      Executor blocking) {
    member.views().watch(event -> publish(feed, event));
    var ask = new Ask(member.system());
    var registrar = new Registrar(member, ChainLink.STAKE_NANO_OPEN, Clock.systemUTC());
    every(
        Duration.ofMillis(500),
        () -> {
          var anchorer = member.anchorer();
          if (anchorer != null) {
            ask.<AnchorMessage, AnchorMessage.Standing>of(anchorer, AnchorMessage.Show::new)
                .thenAccept(receipts::heard);
          }
        });
    every(Duration.ofSeconds(2), registrar::look);
    var looking = new AtomicBoolean();
    every(SpendingWatch.LOOK, () -> alone(looking, blocking, spending::look));
    var dev = chain.dev();
    if (dev != null) {
      every(
          Duration.ofSeconds(5),
          () -> {
            try {
              dev.restart();
              dev.keepGeneration();
            } catch (IOException away) {
              LOG.warn("the development chain: {}", away.getMessage());
            }
          });
    }
  }

  private void publish(EventFeed feed, Object event) {
    switch (event) {
      case JobEvent job ->
          member
              .views()
              .jobs()
              .row(job.job())
              .ifPresent(
                  row ->
                      feed.publish(
                          Event.Kind.JOB,
                          row.tenant(),
                          row.job().value(),
                          row.state(),
                          row.changedAtMillis()));
      case NodeEvent node ->
          feed.publish(
              Event.Kind.NODE,
              null,
              node.node().value(),
              node.getClass().getSimpleName().toLowerCase(Locale.ROOT),
              System.currentTimeMillis());
      default -> {
        // Only jobs and nodes are told of.
      }
    }
  }

  /** One at a time, beside the timer, since it waits. */
  private static void alone(AtomicBoolean looking, Executor blocking, Runnable task) {
    if (looking.compareAndSet(false, true)) {
      blocking.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException away) {
              LOG.debug("while looking what jobs came to: {}", away.toString());
            } finally {
              looking.set(false);
            }
          });
    }
  }

  private void every(Duration interval, Runnable task) {
    var _ =
        timer.scheduleWithFixedDelay(
            () -> {
              try {
                task.run();
              } catch (RuntimeException failure) {
                LOG.warn("while looking after the network: {}", failure.toString());
              }
            },
            interval.toMillis(),
            interval.toMillis(),
            TimeUnit.MILLISECONDS);
  }
}
