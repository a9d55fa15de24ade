package xyz.openledger.actors.keys;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.keys.KeyMessage.Change;
import xyz.openledger.actors.keys.KeyMessage.Outcome;
import xyz.openledger.actors.keys.KeyMessage.Pending;
import xyz.openledger.actors.keys.KeyMessage.Standing;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/**
 * The API keys, and what each has spent. What is asked answers events and changes nothing; {@link
 * #apply} does what an event says. The caller writes the events down in between.
 *
 * <pre>
 *   reserved ─▶ submitted ─▶ begun ─▶ over, at what it cost
 *      │            └──────▶ refused, or a repeat: counts no more
 *      └─▶ lost with its member: counts until nobody can begin it any more
 * </pre>
 *
 * <p>What a key spent and the most that its jobs may still cost are never more than its cap. Not
 * thread-safe.
 */
public final class ApiKeys {
  /** The most keys at once. */
  static final int KEYS_MAX = 10_000;

  /** The most keys that a tenant issues, so that none fills the list for the others. */
  public static final int OF_TENANT_MAX = 64;

  /** The most jobs under a key that are not known to be over, and of all keys together. */
  static final int RUNNING_MAX = 1_000;

  static final int ALL_RUNNING_MAX = 200_000;

  /**
   * Revoked keys that are remembered, so that who follows hears of them and need not begin anew.
   */
  static final int REVOKED_MAX = 10_000;

  /** A job that no member knows is taken for one that nobody can begin any more after this. */
  public static final long LOST_MILLIS = 600_000;

  private final Map<String, KeyTab> tabs = new LinkedHashMap<>();
  private final LinkedHashMap<String, Long> revoked = new LinkedHashMap<>();
  private String origin = "";
  private long revision;
  private long forgotten;
  private int running;

  /** As they were when the snapshot was taken. */
  public static ApiKeys of(KeysSnapshot saved) {
    var keys = new ApiKeys();
    keys.origin = saved.origin();
    keys.revision = saved.revision();
    keys.forgotten = saved.forgotten();
    saved.tabs().forEach(tab -> keys.tabs.put(tab.key().name(), KeyTab.of(tab)));
    saved.revoked().forEach(gone -> keys.revoked.put(gone.name(), gone.revision()));
    keys.running = keys.tabs.values().stream().mapToInt(tab -> tab.running().size()).sum();
    return keys;
  }

  /** All of it, for storing. */
  public KeysSnapshot snapshot() {
    return new KeysSnapshot(
        origin,
        revision,
        forgotten,
        tabs.values().stream().map(KeyTab::saved).toList(),
        revoked.entrySet().stream()
            .map(gone -> new KeysSnapshot.Gone(gone.getKey(), gone.getValue()))
            .toList());
  }

  /**
   * What issuing a key means.
   *
   * @param byMember whether the member itself wants it, which replaces its own and has no bound of
   *     a tenant
   */
  public List<KeyEvent> issue(ApiKey key, boolean byMember, long nowMillis) {
    KeyTab known = tabs.get(key.name());
    if (known != null && known.key.token().equals(key.token())) {
      return List.of();
    }
    boolean replaces = known != null && byMember && known.key.issuer().equals(key.issuer());
    if (known != null && !replaces) {
      throw new ProblemException(
          Problem.WRONG_STATE,
          "name",
          "there is a key %s already; revoke it first, or choose another name"
              .formatted(key.name()));
    }
    if (!byMember && of(key.tenant()).size() >= OF_TENANT_MAX) {
      throw new ProblemException(
          Problem.TOO_LARGE,
          "name",
          "%d keys are issued already; revoke one".formatted(OF_TENANT_MAX));
    }
    if (tabs.size() >= KEYS_MAX && !replaces) {
      throw new ProblemException(
          Problem.TOO_LARGE, "name", "there are %d keys of all tenants".formatted(KEYS_MAX));
    }
    var issued = new KeyEvent.Issued(key, nowMillis);
    return replaces
        ? List.of(new KeyEvent.Revoked(key.name(), nowMillis), issued)
        : List.of(issued);
  }

  /** What a key of an earlier release had spent; nothing if it is moved already. */
  public List<KeyEvent> move(
      ApiKey key, long spentNanoOpen, List<Reservation> jobs, long nowMillis) {
    var events = new ArrayList<>(issue(key, true, nowMillis));
    if (!events.isEmpty() && (spentNanoOpen > 0 || !jobs.isEmpty())) {
      events.add(new KeyEvent.Moved(key.name(), spentNanoOpen, jobs, nowMillis));
    }
    return events;
  }

  /** What revoking a tenant's key means; nothing if the tenant has none of that name. */
  public List<KeyEvent> revoke(String name, TenantId tenant, long nowMillis) {
    KeyTab known = tabs.get(name);
    return known == null || !known.key.tenant().equals(tenant)
        ? List.of()
        : List.of(new KeyEvent.Revoked(name, nowMillis));
  }

  /**
   * What came of a wish to submit.
   *
   * @param admitted whether each of the jobs may be submitted, in their order
   */
  public record Ruling(List<KeyEvent> events, List<Boolean> admitted) {}

  /**
   * Counts the most that jobs may cost. One that is more than was counted for the same job counts
   * too, since which of the submissions is taken the job's own member alone knows.
   */
  public Ruling reserve(String name, List<Reservation> jobs, long nowMillis) {
    KeyTab tab = tabs.get(name);
    if (tab == null) {
      throw new ProblemException(
          Problem.UNAUTHENTICATED, "Authorization", "the token is no longer valid");
    }
    Long cap = tab.key.limits().spendCapNanoOpen();
    long left = (cap == null ? Long.MAX_VALUE : cap) - tab.spentNanoOpen() - tab.runningNanoOpen();
    int places = Math.min(RUNNING_MAX - tab.running().size(), ALL_RUNNING_MAX - running);
    var counted = new HashMap<JobId, Long>();
    var reserved = new ArrayList<Reservation>();
    var admitted = new ArrayList<Boolean>();
    for (Reservation job : jobs) {
      if (tab.isCharged(job.job())) {
        admitted.add(true);
        continue;
      }
      KeyTab.Hold hold = tab.running().get(job.job());
      Long before = counted.getOrDefault(job.job(), hold == null ? null : hold.mostNanoOpen());
      long more = Math.max(0, job.mostNanoOpen() - (before == null ? 0 : before));
      boolean fits = (more == 0 || more <= left) && (before != null || places > 0);
      admitted.add(fits);
      if (fits) {
        left -= more;
        places -= before == null ? 1 : 0;
        counted.put(job.job(), (before == null ? 0 : before) + more);
        reserved.add(job);
      }
    }
    return new Ruling(
        reserved.isEmpty()
            ? List.of()
            : List.of(new KeyEvent.Reserved(name, List.copyOf(reserved), nowMillis)),
        List.copyOf(admitted));
  }

  /** What it means that one submission of each of these jobs began nothing. */
  public List<KeyEvent> beganNothing(String name, List<JobId> jobs) {
    KeyTab tab = tabs.get(name);
    List<JobId> known =
        tab == null ? List.of() : jobs.stream().filter(tab.running()::containsKey).toList();
    return known.isEmpty() ? List.of() : List.of(new KeyEvent.BeganNothing(name, known));
  }

  /**
   * What the ends of jobs mean. One that the member which would have it does not know is over once
   * nobody can begin it any more.
   *
   * @param upSinceMillis since when these are asked: what is on its way waits no longer than that
   */
  public List<KeyEvent> ended(List<Outcome> outcomes, long upSinceMillis, long nowMillis) {
    var events = new LinkedHashMap<Outcome, KeyEvent>();
    for (Outcome outcome : outcomes) {
      KeyTab tab = tabs.get(outcome.name());
      KeyTab.Hold hold = tab == null ? null : tab.running().get(outcome.job());
      Long cost = outcome.costNanoOpen();
      if (hold == null
          || (cost == null
              && nowMillis - Math.max(hold.sinceMillis(), upSinceMillis) < LOST_MILLIS)) {
        continue;
      }
      events.putIfAbsent(
          new Outcome(outcome.name(), outcome.job(), null),
          new KeyEvent.Ended(outcome.name(), outcome.job(), cost == null ? 0 : cost));
    }
    return List.copyOf(events.values());
  }

  /** Takes note of what happened. */
  public void apply(KeyEvent event) {
    int before = runningOf(event);
    switch (event) {
      case KeyEvent.Issued(var key, _) -> {
        origin = origin.isEmpty() ? key.token().hex() : origin;
        revision++;
        revoked.remove(key.name());
        tabs.put(key.name(), new KeyTab(key, revision));
      }
      case KeyEvent.Revoked(var name, _) -> {
        revision++;
        tabs.remove(name);
        revoked.putLast(name, revision);
        while (revoked.size() > REVOKED_MAX) {
          forgotten = revoked.pollFirstEntry().getValue();
        }
      }
      case KeyEvent.Moved(var name, var spent, var jobs, var atMillis) ->
          tab(name).ifPresent(tab -> tab.moved(spent, jobs, atMillis));
      case KeyEvent.Reserved(var name, var jobs, var atMillis) ->
          tab(name).ifPresent(tab -> jobs.forEach(job -> tab.reserved(job, atMillis)));
      case KeyEvent.BeganNothing(var name, var jobs) ->
          tab(name).ifPresent(tab -> jobs.forEach(tab::beganNothing));
      case KeyEvent.Ended(var name, var job, var cost) ->
          tab(name).ifPresent(tab -> tab.ended(job, cost));
    }
    running += runningOf(event) - before;
  }

  private int runningOf(KeyEvent event) {
    String name =
        switch (event) {
          case KeyEvent.Issued(var key, _) -> key.name();
          case KeyEvent.Revoked(var revoked, _) -> revoked;
          case KeyEvent.Moved moved -> moved.name();
          case KeyEvent.Reserved reserved -> reserved.name();
          case KeyEvent.BeganNothing nothing -> nothing.name();
          case KeyEvent.Ended ended -> ended.name();
        };
    return tab(name).map(tab -> tab.running().size()).orElse(0);
  }

  /** Keys that were issued or revoked after a revision, the oldest change first. */
  public List<Change> since(long after, int max) {
    return Stream.concat(
            tabs.values().stream().map(tab -> new Change(tab.key.name(), tab.key, tab.revision)),
            revoked.entrySet().stream()
                .map(gone -> new Change(gone.getKey(), null, gone.getValue())))
        .filter(change -> change.revision() > after)
        .sorted((one, other) -> Long.compare(one.revision(), other.revision()))
        .limit(max)
        .toList();
  }

  /** How the keys of a tenant stand, by their names. */
  public List<Standing> of(TenantId tenant) {
    return tabs.values().stream()
        .filter(tab -> tab.key.tenant().equals(tenant))
        .map(tab -> new Standing(tab.key, tab.spentNanoOpen(), tab.runningNanoOpen()))
        .sorted((one, other) -> one.key().name().compareTo(other.key().name()))
        .toList();
  }

  /**
   * Jobs that are not known to be over, the oldest of a key first.
   *
   * @param name of the key; null for those of all
   * @param skip so many are left out at the beginning
   */
  public List<Pending> pending(@Nullable String name, int skip, int max) {
    Stream<KeyTab> of = name == null ? tabs.values().stream() : tab(name).stream();
    return of.flatMap(
            tab ->
                tab.running().entrySet().stream()
                    .map(
                        job ->
                            new Pending(
                                tab.key.name(), job.getKey(), job.getValue().sinceMillis())))
        .skip(skip)
        .limit(max)
        .toList();
  }

  /** Which journal this is: what its first key was; empty before there was one. */
  public String origin() {
    return origin;
  }

  /** How many keys were issued and revoked. */
  public long revision() {
    return revision;
  }

  /** Who knows less than this has to begin anew. */
  public long forgotten() {
    return forgotten;
  }

  private Optional<KeyTab> tab(String name) {
    return Optional.ofNullable(tabs.get(name));
  }
}
