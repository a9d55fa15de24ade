package xyz.openledger.cluster.member;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.voucher.VoucherMessage;
import xyz.openledger.chainanchor.vouchers.SessionStanding;
import xyz.openledger.chainanchor.vouchers.Tab;
import xyz.openledger.chainanchor.vouchers.VoucherRules;
import xyz.openledger.cluster.http.api.Requester;
import xyz.openledger.cluster.http.api.SubmitAnswer;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.SessionRequest;
import xyz.openledger.protocol.api.SpendingSession;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.voucher.EscrowDomain;
import xyz.openledger.protocol.voucher.SignedVoucher;
import xyz.openledger.protocol.voucher.Voucher;

/**
 * Lets jobs of API keys that pay by vouchers start: first the vouchers for what was worked before,
 * durable, then the job. API keys without a session key pay by what is held in the books alone.
 */
final class VoucherDesk {
  private final Ask ask;
  private final ActorRef<VoucherMessage> vouchers;
  private final SessionKeys keys;
  private final EscrowDomain domain;
  private final long marginSeconds;
  private final Clock clock;

  /** Session keys that the chain was found to know. */
  private final Map<Address, Open> open = new ConcurrentHashMap<>();

  /** Until when the chain's final state lets keys pay; sooner than agreed, once one is revoked. */
  private final Map<Address, Long> endsAtSeconds = new ConcurrentHashMap<>();

  private volatile boolean looked;

  /** For whom a key was opened, and until when. */
  private record Open(TenantId tenant, long untilSeconds) {}

  /**
   * The desk of a member.
   *
   * @param marginSeconds how long before a key ends on the chain nothing more starts under it
   */
  VoucherDesk(
      Member member, SessionKeys keys, EscrowDomain domain, long marginSeconds, Clock clock) {
    this.ask = new Ask(member.system());
    ActorRef<VoucherMessage> there = member.vouchers();
    if (there == null) {
      throw new IllegalStateException("a member without a chain takes no vouchers");
    }
    this.vouchers = there;
    this.keys = keys;
    this.domain = domain;
    this.marginSeconds = marginSeconds;
    this.clock = clock;
  }

  ActorRef<VoucherMessage> vouchers() {
    return vouchers;
  }

  /** All keys that are open were told of. */
  void looked() {
    looked = true;
  }

  /** Whether the chain was found to know a key; before anybody looked, any may be known. */
  private boolean isAuthorised(Address key) {
    return !looked || open.containsKey(key) || endsAtSeconds.containsKey(key);
  }

  /** A key was found to be open. */
  void opened(SessionStanding session) {
    open.put(session.terms().key(), new Open(session.tenant(), session.terms().expiresAtSeconds()));
  }

  /** The chain's final state says when a key ends. */
  void ends(Address key, long expiresAtSeconds) {
    endsAtSeconds.put(key, expiresAtSeconds);
  }

  /** When a key ends: as was agreed, or sooner. */
  long endOf(Address key, long agreedSeconds) {
    return Math.min(agreedSeconds, endsAtSeconds.getOrDefault(key, Long.MAX_VALUE));
  }

  /**
   * Asks whether a job may start; absent if it may. Its voucher is durable then.
   *
   * @param mostNanoOpen the most that it may cost
   */
  CompletionStage<Optional<SubmitAnswer.Refused>> admit(
      Requester requester, JobId job, long mostNanoOpen) {
    List<SessionKeys.Entry> known = keys.of(requester.tenant(), requester.apiKey());
    if (known.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    Address key = current(requester.tenant(), known);
    if (clock.instant().getEpochSecond() >= endOf(key, Long.MAX_VALUE) - marginSeconds) {
      return CompletableFuture.completedStage(
          Optional.of(
              refusal(VoucherRules.Reason.EXPIRED, requester, key + " has expired, or will soon")));
    }
    return standing(requester.tenant(), key)
        .thenCompose(
            standing -> {
              if (standing.isEmpty()) {
                return CompletableFuture.completedStage(
                    new VoucherMessage.Answer(
                        VoucherRules.Reason.UNKNOWN_KEY,
                        "no final block has the authorisation of its session key " + key));
              }
              opened(standing.get());
              List<SignedVoucher> signed = sign(standing.get());
              return ask.<VoucherMessage, VoucherMessage.Answer>of(
                  vouchers,
                  replyTo ->
                      new VoucherMessage.Start(
                          requester.tenant(), key, job, mostNanoOpen, signed, replyTo));
            })
        .thenApply(
            answer -> {
              var reason = answer.reason();
              return reason == null
                  ? Optional.empty()
                  : Optional.of(refusal(reason, requester, answer.detail()));
            });
  }

  /** The job was not taken after all. */
  void notTaken(Requester requester, JobId job) {
    for (SessionKeys.Entry entry : keys.of(requester.tenant(), requester.apiKey())) {
      vouchers.tell(new VoucherMessage.End(entry.key(), job, List.of()));
    }
  }

  /** The newest that pays; while a newer one waits for its authorisation, the one before. */
  private Address current(TenantId tenant, List<SessionKeys.Entry> newestFirst) {
    long now = clock.instant().getEpochSecond();
    return newestFirst.stream()
        .map(SessionKeys.Entry::key)
        .filter(key -> isOpen(tenant, key, now))
        .findFirst()
        .orElse(newestFirst.getFirst().key());
  }

  private boolean isOpen(TenantId tenant, Address key, long nowSeconds) {
    Open known = open.get(key);
    return known != null
        && known.tenant().equals(tenant)
        && endOf(key, known.untilSeconds()) > nowSeconds;
  }

  private static SubmitAnswer.Refused refusal(
      VoucherRules.Reason reason, Requester requester, String detail) {
    Problem problem =
        reason == VoucherRules.Reason.BEHIND
            ? Problem.TOO_MANY_REQUESTS
            : Problem.INSUFFICIENT_BALANCE;
    String payer =
        requester.apiKey().isEmpty()
            ? "the account " + requester.tenant()
            : "the API key " + requester.apiKey();
    return new SubmitAnswer.Refused(problem, "", payer + " pays by vouchers: " + detail);
  }

  /** Vouchers for all that is owed and not promised; none if the key is not kept here. */
  List<SignedVoucher> sign(SessionStanding session) {
    List<SessionStanding.PoolTab> behind =
        session.tabs().stream().filter(tab -> VoucherRules.next(tab.tab()) > 0).toList();
    if (behind.isEmpty()) {
      return List.of();
    }
    Address key = session.terms().key();
    Optional<Secp256k1Key> secret = keys.secret(key);
    var signed = new ArrayList<SignedVoucher>();
    for (SessionStanding.PoolTab tab : behind) {
      secret.ifPresent(
          with ->
              signed.add(
                  new Voucher(key, tab.pool(), VoucherRules.next(tab.tab())).sign(with, domain)));
    }
    return signed;
  }

  /** Lets an API key be paid for by a session key, once the chain knows it. */
  SpendingSession open(Requester requester, SessionRequest request) {
    Address key = request.key();
    try {
      SessionKeys.Entry entry =
          key == null
              ? awaiting(requester)
              : keys.note(requester.tenant(), requester.apiKey(), key, this::isAuthorised);
      return shown(entry, null);
    } catch (IOException failure) {
      throw new ProblemException(
          Problem.UNAVAILABLE, "", "the session key could not be kept: " + failure.getMessage());
    }
  }

  /** A repeat answers the key that still waits for its authorisation. */
  private synchronized SessionKeys.Entry awaiting(Requester requester) throws IOException {
    List<SessionKeys.Entry> known = keys.of(requester.tenant(), requester.apiKey());
    boolean waits =
        !known.isEmpty()
            && !open.containsKey(known.getFirst().key())
            && !endsAtSeconds.containsKey(known.getFirst().key())
            && keys.secret(known.getFirst().key()).isPresent();
    return waits
        ? known.getFirst()
        : keys.make(requester.tenant(), requester.apiKey(), this::isAuthorised);
  }

  /** The session keys of a tenant that this member knows. */
  CompletionStage<List<SpendingSession>> sessions(TenantId tenant) {
    List<SessionKeys.Entry> own =
        keys.entries().stream().filter(entry -> entry.tenant().equals(tenant)).toList();
    return Ask.all(
        own.stream()
            .map(
                entry ->
                    standing(tenant, entry.key())
                        .thenApply(standing -> shown(entry, standing.orElse(null))))
            .toList());
  }

  /** Takes vouchers that their owner signed. */
  CompletionStage<List<SpendingSession>> take(TenantId tenant, List<SignedVoucher> given) {
    List<Address> payers = given.stream().map(signed -> signed.voucher().key()).distinct().toList();
    for (Address key : payers) {
      boolean own =
          keys.entries().stream()
              .anyMatch(entry -> entry.tenant().equals(tenant) && entry.key().equals(key));
      if (!own) {
        throw notOf(tenant, key);
      }
    }
    // One that is noted here for this tenant may have been opened for another all the same.
    return Ask.all(payers.stream().map(this::standing).toList())
        .thenCompose(
            standings -> {
              for (Optional<SessionStanding> standing : standings) {
                if (standing.isPresent() && !standing.get().tenant().equals(tenant)) {
                  throw notOf(tenant, standing.get().terms().key());
                }
              }
              return ask.<VoucherMessage, VoucherMessage.Answer>of(
                  vouchers, replyTo -> new VoucherMessage.Take(given, replyTo));
            })
        .thenCompose(
            answer -> {
              var reason = answer.reason();
              if (reason != null) {
                throw new ProblemException(problem(reason), "voucher", answer.detail());
              }
              return sessions(tenant);
            });
  }

  private static ProblemException notOf(TenantId tenant, Address key) {
    return new ProblemException(
        Problem.NOT_FOUND, "voucher.key", key + " is no session key of " + tenant);
  }

  private static Problem problem(VoucherRules.Reason reason) {
    return switch (reason) {
      case WRONG_SIGNER -> Problem.BAD_SIGNATURE;
      case OVER_CAP -> Problem.INSUFFICIENT_BALANCE;
      case BEHIND -> Problem.TOO_MANY_REQUESTS;
      case UNKNOWN_KEY, EXPIRED, NOT_MORE, AHEAD, WRONG_STATE -> Problem.WRONG_STATE;
    };
  }

  /** How a key of that tenant stands. */
  private CompletionStage<Optional<SessionStanding>> standing(TenantId tenant, Address key) {
    return standing(key)
        .thenApply(standing -> standing.filter(session -> session.tenant().equals(tenant)));
  }

  private CompletionStage<Optional<SessionStanding>> standing(Address key) {
    return ask.<VoucherMessage, VoucherMessage.Standing>of(
            vouchers, replyTo -> new VoucherMessage.Show(key, replyTo))
        .thenApply(standing -> Optional.ofNullable(standing.session()));
  }

  private SpendingSession shown(SessionKeys.Entry entry, @Nullable SessionStanding standing) {
    boolean here = keys.secret(entry.key()).isPresent();
    long now = clock.instant().getEpochSecond();
    if (standing == null) {
      SpendingSession.State state =
          endOf(entry.key(), Long.MAX_VALUE) <= now
              ? SpendingSession.State.EXPIRED
              : SpendingSession.State.AWAITING;
      return new SpendingSession(entry.apiKey(), entry.key(), here, state, 0, 0, 0, List.of());
    }
    long end = endOf(entry.key(), standing.terms().expiresAtSeconds());
    return new SpendingSession(
        entry.apiKey(),
        entry.key(),
        here,
        now < end ? SpendingSession.State.OPEN : SpendingSession.State.EXPIRED,
        standing.terms().capNanoOpen(),
        end,
        standing.runningNanoOpen(),
        standing.tabs().stream()
            .map(
                tab -> {
                  Tab known = tab.tab();
                  return new SpendingSession.PoolTab(
                      tab.pool(),
                      known.owedNanoOpen(),
                      known.promisedNanoOpen(),
                      tab.settledNanoOpen());
                })
            .toList());
  }
}
