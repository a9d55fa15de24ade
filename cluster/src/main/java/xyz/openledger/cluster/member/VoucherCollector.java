package xyz.openledger.cluster.member;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.actors.anchor.AnchorMessage;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.view.JobRow;
import xyz.openledger.actors.voucher.VoucherMessage;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.VoucherContract;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.chainanchor.vouchers.PoolCost;
import xyz.openledger.chainanchor.vouchers.SessionStanding;
import xyz.openledger.chainanchor.vouchers.Tab;
import xyz.openledger.chainanchor.vouchers.VoucherBatches;
import xyz.openledger.chainanchor.vouchers.VoucherRules;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.voucher.SignedVoucher;

/**
 * Looks after session keys, again and again; each step may be repeated, so that nothing is lost
 * when it is interrupted.
 *
 * <pre>
 *   authorised in a final block ─▶ open
 *   revoked in a final block    ─▶ starts no more
 *   job is over                 ─▶ its receipt says what is owed ─▶ voucher, if the key is kept here
 *   once an epoch               ─▶ settleMany, by the outbox ─▶ final ─▶ settled
 * </pre>
 */
final class VoucherCollector {
  private static final Logger LOG = LoggerFactory.getLogger(VoucherCollector.class);

  private static final Duration LOOK = Duration.ofSeconds(1);

  /** So many jobs of a key are looked at in one go. */
  private static final int JOBS_MAX = 500;

  /**
   * So many open keys are looked at on the chain in one go, and so many that await their
   * authorisation: a revoked one has a day left, and one that is authorised can wait its turn.
   */
  private static final int KEYS_MAX = 32;

  /** A job that was never written down is taken for lost after this. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Member member;
  private final Ask ask;
  private final ActorRef<VoucherMessage> vouchers;
  private final VoucherDesk desk;
  private final SessionKeys keys;
  private final VoucherContract contract;
  private final Clock clock;
  private final long settleMillis;
  private final Map<JobId, Long> missingSince = new ConcurrentHashMap<>();
  private final Turns awaitingTurns = new Turns(KEYS_MAX);
  private final Turns openTurns = new Turns(KEYS_MAX);
  private final VoucherBatches batches = new VoucherBatches(Intent.SettleVouchers.VOUCHERS_MAX);
  private final BatchOutcomes outcomes = new BatchOutcomes(batches);
  private long settledAtMillis;

  VoucherCollector(
      Member member,
      VoucherDesk desk,
      SessionKeys keys,
      VoucherContract contract,
      Duration settleInterval,
      Clock clock) {
    this.member = member;
    this.ask = new Ask(member.system());
    this.vouchers = desk.vouchers();
    this.desk = desk;
    this.keys = keys;
    this.contract = contract;
    this.clock = clock;
    this.settleMillis = settleInterval.toMillis();
  }

  /** Begins to look, each second; ends with the timer. */
  void start(ScheduledExecutorService timer, Executor blocking) {
    var looking = new AtomicBoolean();
    var _ =
        timer.scheduleWithFixedDelay(
            () -> {
              if (looking.compareAndSet(false, true)) {
                blocking.execute(() -> look(looking));
              }
            },
            LOOK.toMillis(),
            LOOK.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void look(AtomicBoolean looking) {
    try {
      look();
    } catch (IOException | RuntimeException away) {
      LOG.debug("session keys: {}", away.toString());
    } finally {
      looking.set(false);
    }
  }

  /** Looks once. Waits for disk and chain. */
  void look() throws IOException {
    List<SessionStanding> sessions = standings();
    for (SessionStanding session : sessions) {
      desk.opened(session);
      session.running().forEach(job -> conclude(session.terms().key(), job.job()));
    }
    desk.looked();
    for (SessionStanding session : standings()) {
      sign(session);
    }
    open(sessions);
    followEnds(sessions);
    confirm(sessions);
    boolean refused = refused();
    if (clock.millis() - settledAtMillis >= settleMillis) {
      settledAtMillis = clock.millis();
      settle(standings());
    } else if (refused) {
      settle(standings());
    }
    dropExpired(sessions);
  }

  private List<SessionStanding> standings() {
    var all = new ArrayList<SessionStanding>();
    VoucherMessage.Standings page;
    do {
      page =
          ask.<VoucherMessage, VoucherMessage.Standings>of(
                  vouchers, replyTo -> new VoucherMessage.ShowAll(all.size(), JOBS_MAX, replyTo))
              .toCompletableFuture()
              .join();
      all.addAll(page.sessions());
    } while (page.more());
    return all;
  }

  /** What the chain authorised since. */
  private void open(List<SessionStanding> sessions) throws IOException {
    Set<Address> known = new HashSet<>();
    sessions.forEach(session -> known.add(session.terms().key()));
    long now = clock.instant().getEpochSecond();
    List<SessionKeys.Entry> awaiting =
        keys.entries().stream()
            .filter(entry -> !known.contains(entry.key()))
            .filter(entry -> desk.endOf(entry.key(), Long.MAX_VALUE) > now)
            .toList();
    for (SessionKeys.Entry entry : awaitingTurns.of(awaiting)) {
      var session = contract.session(entry.key(), ChainClient.Tag.FINALIZED);
      if (session.isEmpty()) {
        continue;
      }
      long end = session.get().terms().expiresAtSeconds();
      desk.ends(entry.key(), end);
      if (end > now) {
        VoucherMessage.Answer answer =
            ask.<VoucherMessage, VoucherMessage.Answer>of(
                    vouchers,
                    replyTo ->
                        new VoucherMessage.Open(
                            entry.apiKey(), entry.tenant(), session.get().terms(), replyTo))
                .toCompletableFuture()
                .join();
        if (answer.reason() != null) {
          LOG.warn("{} does not pay for {}: {}", entry.key(), entry.apiKey(), answer.detail());
        }
      }
    }
  }

  /** Until when the chain lets keys pay now: less than was agreed, once one is revoked. */
  private void followEnds(List<SessionStanding> sessions) throws IOException {
    long now = clock.instant().getEpochSecond();
    List<Address> running =
        sessions.stream()
            .filter(session -> session.terms().expiresAtSeconds() > now)
            .map(session -> session.terms().key())
            .toList();
    for (Address key : openTurns.of(running)) {
      contract
          .session(key, ChainClient.Tag.FINALIZED)
          .ifPresent(session -> desk.ends(key, session.terms().expiresAtSeconds()));
    }
  }

  /** Drops the keys that are over, on the chain and here. */
  private void dropExpired(List<SessionStanding> sessions) throws IOException {
    long now = clock.instant().getEpochSecond();
    var known = new HashMap<Address, SessionStanding>();
    sessions.forEach(session -> known.put(session.terms().key(), session));
    var expired = new HashSet<Address>();
    for (SessionKeys.Entry entry : keys.entries()) {
      SessionStanding session = known.get(entry.key());
      long agreed = session == null ? Long.MAX_VALUE : session.terms().expiresAtSeconds();
      if (desk.endOf(entry.key(), agreed) <= now
          && (session == null || session.running().isEmpty())) {
        expired.add(entry.key());
      }
    }
    keys.drop(expired);
  }

  /** What a job came to, once it is over. */
  private void conclude(Address key, JobId job) {
    Optional<JobRow> row = member.views().jobs().row(job);
    if (row.isPresent()) {
      missingSince.remove(job);
      if (JobState.parse(row.get().state()).isFinal()) {
        vouchers.tell(new VoucherMessage.End(key, job, costs(job)));
      }
      return;
    }
    long since = missingSince.computeIfAbsent(job, _ -> clock.millis());
    if (clock.millis() - since > PATIENCE.toMillis()) {
      ask.<JobMessage, JobMessage.ShowReply>of(
              member.jobs(job), replyTo -> new JobMessage.Show(job, replyTo))
          .thenAccept(
              reply -> {
                if (reply.job() == null && member.views().jobs().row(job).isEmpty()) {
                  missingSince.remove(job);
                  vouchers.tell(new VoucherMessage.End(key, job, List.of()));
                }
              });
    }
  }

  private List<PoolCost> costs(JobId job) {
    var costs = new HashMap<PoolId, Long>();
    member
        .views()
        .jobs()
        .receipt(job)
        .map(bytes -> Json.read(bytes, Receipt.class))
        .ifPresent(
            receipt ->
                receipt.tasks().stream()
                    .flatMap(task -> task.replicas().stream())
                    .filter(replica -> replica.paidNanoOpen() > 0)
                    .forEach(
                        replica ->
                            costs.merge(replica.pool(), replica.paidNanoOpen(), Math::addExact)));
    return costs.entrySet().stream()
        .map(cost -> new PoolCost(cost.getKey(), cost.getValue()))
        .toList();
  }

  private void sign(SessionStanding session) {
    List<SignedVoucher> signed = desk.sign(session);
    if (!signed.isEmpty()) {
      vouchers.tell(new VoucherMessage.Take(signed, member.system().ignoreRef()));
    }
  }

  /** What the chain's final state says of vouchers that were promised. */
  private void confirm(List<SessionStanding> sessions) throws IOException {
    for (SessionStanding session : sessions) {
      Address key = session.terms().key();
      for (SessionStanding.PoolTab tab : session.tabs()) {
        if (tab.tab().promisedNanoOpen() > tab.settledNanoOpen()) {
          long settled = contract.spentNanoOpen(key, tab.pool(), ChainClient.Tag.FINALIZED);
          if (settled > tab.settledNanoOpen()) {
            vouchers.tell(new VoucherMessage.Settled(key, tab.pool(), settled));
          }
        }
      }
    }
  }

  /**
   * Brings what is new to the chain. What expired there, or was spent there otherwise, would spoil
   * the whole batch, and with it what others owe.
   */
  private void settle(List<SessionStanding> sessions) throws IOException {
    ActorRef<AnchorMessage> anchorer = member.anchorer();
    if (anchorer == null) {
      return;
    }
    var tabs = new ArrayList<Tab>();
    var settled = new HashMap<Address, Map<PoolId, Long>>();
    for (SessionStanding session : sessions) {
      List<SessionStanding.PoolTab> behind =
          session.tabs().stream()
              .filter(tab -> tab.tab().promisedNanoOpen() > tab.settledNanoOpen())
              .toList();
      if (behind.isEmpty() || !canSettle(session.terms().key(), behind)) {
        continue;
      }
      for (SessionStanding.PoolTab tab : behind) {
        tabs.add(tab.tab());
        settled
            .computeIfAbsent(session.terms().key(), _ -> new HashMap<>())
            .put(tab.pool(), tab.settledNanoOpen());
      }
    }
    List<SignedVoucher> worth = VoucherRules.worthSettling(tabs, settled, Integer.MAX_VALUE);
    batches
        .of(settledAtMillis / settleMillis, worth)
        .forEach(
            (name, batch) ->
                anchorer.tell(new AnchorMessage.Plan(name, new Intent.SettleVouchers(batch))));
  }

  private boolean refused() {
    ActorRef<AnchorMessage> anchorer = member.anchorer();
    return anchorer != null
        && outcomes.refused(
            name ->
                ask.<AnchorMessage, AnchorMessage.RowReply>of(
                    anchorer, replyTo -> new AnchorMessage.ShowRow(name, replyTo)));
  }

  /** Whether the chain, as it is now, takes all that the key promised. */
  private boolean canSettle(Address key, List<SessionStanding.PoolTab> behind) throws IOException {
    var session = contract.session(key);
    if (session.isEmpty()
        || session.get().terms().expiresAtSeconds() <= clock.instant().getEpochSecond()) {
      return false;
    }
    var spent = new HashMap<PoolId, Long>();
    for (SessionStanding.PoolTab tab : behind) {
      spent.put(tab.pool(), contract.spentNanoOpen(key, tab.pool()));
    }
    long left = session.get().terms().capNanoOpen() - session.get().spentNanoOpen();
    List<Tab> tabs = behind.stream().map(SessionStanding.PoolTab::tab).toList();
    if (!VoucherRules.fits(left, tabs, spent)) {
      LOG.warn(
          "{} spent elsewhere what it promised here: {} nano-OPEN are left of its cap", key, left);
      return false;
    }
    return true;
  }
}
