package xyz.openledger.chainanchor.vouchers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.vouchers.VoucherRules.Reason;
import xyz.openledger.chainanchor.vouchers.VoucherRules.Ruling;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.voucher.SessionKey;
import xyz.openledger.protocol.voucher.SignedVoucher;
import xyz.openledger.protocol.voucher.Voucher;

/**
 * All session keys that pay by vouchers. What is asked answers events, and changes nothing; {@link
 * #apply} does what an event says. The caller writes the events down in between.
 *
 * <pre>
 *   opened ─▶ started ─▶ ended (owed grows) ─▶ promised (the voucher grows) ─▶ settled on the chain
 *                ▲                                     │
 *                └──── no further than an interval ◀───┘
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class Sessions {
  /** The most keys at once. */
  static final int SESSIONS_MAX = 10_000;

  /** The most jobs that run under one key. */
  public static final int RUNNING_MAX = 4_096;

  /** So many jobs that ended are remembered, so that none begins again. */
  private static final int ENDED_MAX = 20_000;

  private final @Nullable Sessions below;
  private final Map<Address, Session> sessions = new LinkedHashMap<>();
  private final Set<JobId> ended = new LinkedHashSet<>();
  private final Set<Address> forgotten = new LinkedHashSet<>();

  /** None. */
  public Sessions() {
    this(null);
  }

  private Sessions(@Nullable Sessions below) {
    this.below = below;
  }

  /** As they were when the snapshot was taken. */
  public static Sessions of(SessionsSnapshot snapshot) {
    var sessions = new Sessions();
    snapshot.sessions().forEach(one -> sessions.sessions.put(one.terms().key(), Session.of(one)));
    sessions.ended.addAll(snapshot.ended());
    return sessions;
  }

  /** All of it, for storing. */
  public SessionsSnapshot snapshot() {
    return new SessionsSnapshot(standings(RUNNING_MAX), List.copyOf(ended));
  }

  /** A view that may be changed without changing these: for deciding several things in a row. */
  public Sessions fork() {
    return new Sessions(this);
  }

  /** What came of a question: events to write down, or why not. */
  public sealed interface Decision {
    /** So be it; without events if it was so before. */
    record Taken(List<VoucherEvent> events) implements Decision {
      /** Keeps its own copy. */
      public Taken {
        events = List.copyOf(events);
      }
    }

    /** No. */
    record Refused(Reason reason, String detail) implements Decision {}
  }

  /** A key that was found on the chain pays for an API key from now on. */
  public Decision open(String apiKey, TenantId tenant, SessionKey terms, long nowSeconds) {
    Session known = find(terms.key());
    if (known != null) {
      return known.apiKey.equals(apiKey) && known.terms.equals(terms)
          ? new Decision.Taken(List.of())
          : new Decision.Refused(Reason.WRONG_STATE, terms.key() + " serves another");
    }
    if (!terms.account().equals(tenant.account())) {
      return new Decision.Refused(
          Reason.UNKNOWN_KEY, terms.key() + " was authorised for another account than " + tenant);
    }
    var events = new ArrayList<VoucherEvent>();
    for (Session other : all()) {
      if (nowSeconds >= other.terms.expiresAtSeconds() && other.running.isEmpty()) {
        events.add(new VoucherEvent.Forgotten(other.terms.key()));
      }
    }
    if (all().size() - events.size() >= SESSIONS_MAX) {
      return new Decision.Refused(
          Reason.WRONG_STATE, "%d session keys are known already".formatted(SESSIONS_MAX));
    }
    events.add(new VoucherEvent.Opened(apiKey, tenant, terms));
    return new Decision.Taken(events);
  }

  /** Those of the vouchers that say more than others before them. */
  public List<SignedVoucher> more(List<SignedVoucher> vouchers) {
    return vouchers.stream().filter(this::saysMore).toList();
  }

  private boolean saysMore(SignedVoucher signed) {
    Session session = find(signed.voucher().key());
    return session == null
        || signed.voucher().cumulativeNanoOpen()
            > session.tab(signed.voucher().pool()).promisedNanoOpen();
  }

  /** Takes vouchers, all or none; one that says no more than another before it changes nothing. */
  public Decision take(VoucherRules rules, List<SignedVoucher> vouchers, long nowSeconds) {
    Sessions trial = fork();
    var events = new ArrayList<VoucherEvent>();
    for (SignedVoucher signed : vouchers) {
      switch (trial.take(rules, signed, nowSeconds)) {
        case Decision.Taken(var taken) -> {
          taken.forEach(trial::apply);
          events.addAll(taken);
        }
        case Decision.Refused refused -> {
          return refused;
        }
      }
    }
    return new Decision.Taken(events);
  }

  private Decision take(VoucherRules rules, SignedVoucher signed, long nowSeconds) {
    Voucher voucher = signed.voucher();
    Session session = find(voucher.key());
    if (session == null) {
      return new Decision.Refused(
          Reason.UNKNOWN_KEY, voucher.key() + " is no session key that pays here");
    }
    if (signed.equals(session.tab(voucher.pool()).last())) {
      return new Decision.Taken(List.of());
    }
    Ruling ruling =
        rules.take(
            session.terms,
            session.tab(voucher.pool()),
            signed,
            session.promisedElsewhere(voucher.pool()),
            nowSeconds);
    return switch (ruling) {
      case Ruling.Taken _ -> new Decision.Taken(List.of(new VoucherEvent.Promised(signed)));
      case Ruling.Refused(var reason, var detail) -> new Decision.Refused(reason, detail);
    };
  }

  /**
   * Whether a job may start under a key. A repeat changes nothing, and nothing begins again.
   *
   * @param tenant whose job it is; a key that was opened for another is none that pays for it
   * @param mostNanoOpen the most that it may cost
   */
  public Decision start(
      VoucherRules rules,
      TenantId tenant,
      Address key,
      JobId job,
      long mostNanoOpen,
      long nowSeconds) {
    Session session = find(key);
    if (session == null || !session.tenant.equals(tenant)) {
      return new Decision.Refused(Reason.UNKNOWN_KEY, key + " is no session key that pays here");
    }
    if (session.running.containsKey(job) || hasEnded(job)) {
      return new Decision.Taken(List.of());
    }
    if (session.running.size() >= RUNNING_MAX) {
      return new Decision.Refused(
          Reason.BEHIND, "%d jobs run under its session key".formatted(RUNNING_MAX));
    }
    Ruling.Refused refused =
        rules.start(
            session.terms,
            session.tabs.values(),
            session.runningNanoOpen,
            mostNanoOpen,
            nowSeconds);
    return refused == null
        ? new Decision.Taken(List.of(new VoucherEvent.Started(key, job, mostNanoOpen)))
        : new Decision.Refused(refused.reason(), refused.detail());
  }

  /** What a job came to; nothing if it does not run under that key. */
  public List<VoucherEvent> end(Address key, JobId job, List<PoolCost> costs) {
    Session session = find(key);
    if (session == null || !session.running.containsKey(job)) {
      return List.of();
    }
    return List.of(new VoucherEvent.Ended(key, job, costs));
  }

  /** What the chain's final state says of a key and a pool; nothing if that is known. */
  public List<VoucherEvent> settled(Address key, PoolId pool, long cumulativeNanoOpen) {
    Session session = find(key);
    return session == null || cumulativeNanoOpen <= session.settled.getOrDefault(pool, 0L)
        ? List.of()
        : List.of(new VoucherEvent.Settled(key, pool, cumulativeNanoOpen));
  }

  /** How a key stands; empty if it is not known. */
  public Optional<SessionStanding> standing(Address key, int jobsMax) {
    return Optional.ofNullable(find(key)).map(session -> session.standing(jobsMax));
  }

  /** How all keys stand. */
  public List<SessionStanding> standings(int jobsMax) {
    return all().stream().map(session -> session.standing(jobsMax)).toList();
  }

  /**
   * Does what an event says.
   *
   * @throws IllegalStateException if it cannot follow what happened so far
   */
  public void apply(VoucherEvent event) {
    switch (event) {
      case VoucherEvent.Opened(var apiKey, var tenant, var terms) ->
          sessions.put(terms.key(), new Session(apiKey, tenant, terms));
      case VoucherEvent.Promised(var voucher) -> change(voucher.voucher().key()).promise(voucher);
      case VoucherEvent.Started(var key, var job, var most) -> change(key).start(job, most);
      case VoucherEvent.Ended over -> {
        change(over.key()).end(over);
        // What cost nothing may never have begun, and is counted if it does.
        if (!over.costs().isEmpty()) {
          ended.add(over.job());
        }
        if (ended.size() > ENDED_MAX) {
          ended.remove(ended.iterator().next());
        }
      }
      case VoucherEvent.Settled(var key, var pool, var cumulative) ->
          change(key).settled.put(pool, cumulative);
      case VoucherEvent.Forgotten(var key) -> {
        sessions.remove(key);
        if (below != null) {
          forgotten.add(key);
        }
      }
    }
  }

  private boolean hasEnded(JobId job) {
    return ended.contains(job) || (below != null && below.hasEnded(job));
  }

  private @Nullable Session find(Address key) {
    Session own = sessions.get(key);
    return own != null || below == null || forgotten.contains(key) ? own : below.find(key);
  }

  private Session change(Address key) {
    Session own = sessions.get(key);
    if (own == null) {
      Session under = find(key);
      if (under == null) {
        throw new IllegalStateException(key + " was not opened");
      }
      own = under.copy();
      sessions.put(key, own);
    }
    return own;
  }

  private Collection<Session> all() {
    if (below == null) {
      return sessions.values();
    }
    var all = new LinkedHashMap<Address, Session>();
    below.all().forEach(session -> all.put(session.terms.key(), session));
    forgotten.forEach(all::remove);
    all.putAll(sessions);
    return all.values();
  }
}
