package xyz.openledger.cluster.audit;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.account.AccountsEntity;
import xyz.openledger.actors.audit.Audit;
import xyz.openledger.actors.audit.AuditReport;
import xyz.openledger.actors.audit.ChainState;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.JobPartition;
import xyz.openledger.actors.journal.JournalException;
import xyz.openledger.actors.journal.LmdbReadJournal;
import xyz.openledger.actors.log.ReceiptLogEntity;
import xyz.openledger.actors.pool.PoolEntity;
import xyz.openledger.actors.pool.PoolEvent;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.Contracts;
import xyz.openledger.chainanchor.evm.DevChain;
import xyz.openledger.chainanchor.evm.JsonRpc;
import xyz.openledger.chainanchor.evm.MoneyReader;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.cluster.member.MemberSystem;
import xyz.openledger.protocol.json.Json;

/** Audits the data directory of a member that has stopped. */
public final class AuditRun {
  /**
   * After so many the development chain calls final what was there when it started; of the blocks
   * before, it has no state any more.
   */
  private static final int BLOCKS_UNTIL_FINAL = 3;

  private AuditRun() {}

  /**
   * Audits {@code data}; starts its development chain for that if it has one.
   *
   * @param home the project, where the development chain's program is
   * @throws IOException if the chain does not answer
   */
  public static AuditReport of(Path data, Path home) throws IOException {
    // The journal first: it is locked while its member runs, whose chain must be left alone.
    var audit = new Audit();
    read(data, audit);
    Path chain = data.resolve("chain");
    if (!Files.exists(chain.resolve("state.json"))) {
      return audit.report(null);
    }
    try (var dev = DevChain.start(DevChain.program(home), chain, freePort())) {
      for (int i = 0; i < BLOCKS_UNTIL_FINAL; i++) {
        dev.mine();
      }
      return audit.report(chain(data, new ChainClient(new JsonRpc(dev.uri()))));
    }
  }

  /** Audits {@code data} against the chain at {@code rpc}; against none if that is null. */
  public static AuditReport of(Path data, @Nullable URI rpc) throws IOException {
    var audit = new Audit();
    read(data, audit);
    return audit.report(rpc == null ? null : chain(data, new ChainClient(new JsonRpc(rpc))));
  }

  private static void read(Path data, Audit audit) throws IOException {
    if (!Files.isDirectory(data.resolve("member/journal"))) {
      throw new IOException("there is no journal of a member in " + data);
    }
    try {
      readJournal(data, audit);
    } catch (RuntimeException failure) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (cause instanceof JournalException.Unusable unusable) {
          throw new IOException(unusable.getMessage() + "; stop the member first", failure);
        }
      }
      throw failure;
    }
  }

  private static void readJournal(Path data, Audit audit) {
    var configuration =
        ConfigFactory.parseMap(
                Map.of(
                    "pekko.actor.provider", "local",
                    "pekko.cluster.downing-provider-class", ""))
            .withFallback(MemberSystem.configuration(data, "127.0.0.1", 0));
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "audit", configuration);
    try {
      var journal =
          PersistenceQuery.get(system)
              .getReadJournalFor(LmdbReadJournal.class, LmdbReadJournal.IDENTIFIER);
      tagged(system, journal, JobPartition.TAG, event -> audit.job((JobEvent) event));
      tagged(system, journal, AccountsEntity.TAG, event -> audit.ledger((LedgerEvent) event));
      pools(system, journal, audit);
      journal
          .currentEventsByPersistenceId(ReceiptLogEntity.PERSISTENCE_ID, 0, Long.MAX_VALUE)
          .runWith(Sink.foreach(envelope -> audit.log((LogEvent) envelope.event())), system)
          .toCompletableFuture()
          .join();
    } finally {
      system.terminate();
      try {
        system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException late) {
        system.log().warn("the audit's reader did not stop", late);
      }
    }
  }

  private static void pools(ActorSystem<?> system, LmdbReadJournal journal, Audit audit) {
    journal
        .currentPersistenceIds()
        .filter(id -> id.startsWith(PoolEntity.KEY.name() + "|"))
        .flatMapConcat(id -> journal.currentEventsByPersistenceId(id, 0, Long.MAX_VALUE))
        .runWith(Sink.foreach(envelope -> audit.pool((PoolEvent) envelope.event())), system)
        .toCompletableFuture()
        .join();
  }

  private static void tagged(
      ActorSystem<?> system, LmdbReadJournal journal, String tag, Consumer<Object> each) {
    journal
        .currentEventsByTag(tag, Offset.noOffset())
        .runWith(Sink.foreach(envelope -> each.accept(envelope.event())), system)
        .toCompletableFuture()
        .join();
  }

  private static @Nullable ChainState chain(Path data, ChainClient chain) throws IOException {
    Optional<Path> file = contracts(data);
    if (file.isEmpty()) {
      return null;
    }
    Contracts contracts = Json.read(Files.readAllBytes(file.get()), Contracts.class);
    var log = chain.checkpoint(contracts.anchorLog(), ChainClient.Tag.LATEST);
    var payouts = chain.payouts(contracts.distributor());
    return new ChainState(
        log.size(),
        log.root(),
        new MoneyReader(chain, contracts).read(),
        payouts.epoch(),
        payouts.root().hex());
  }

  private static Optional<Path> contracts(Path data) throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("chain"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("contracts-"))
          .max(Comparator.naturalOrder());
    }
  }

  private static int freePort() throws IOException {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  /** The report as lines of text, findings last. */
  public static List<String> text(AuditReport report) {
    return Stream.concat(
            report.lines().stream(), report.findings().stream().map(finding -> "WRONG: " + finding))
        .toList();
  }
}
