package xyz.openledger.cluster.http;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import xyz.openledger.actors.keys.ApiKey;
import xyz.openledger.actors.keys.ApiKeys;
import xyz.openledger.actors.keys.KeyEvent;
import xyz.openledger.actors.keys.KeyMessage.Change;
import xyz.openledger.actors.keys.KeyMessage.Outcome;
import xyz.openledger.actors.keys.KeyMessage.Pending;
import xyz.openledger.actors.keys.KeyMessage.Standing;
import xyz.openledger.actors.keys.Reservation;
import xyz.openledger.cluster.http.api.KeysApi;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/** API keys under the real rules, without a journal. */
final class FakeKeys implements KeysApi {
  private static final int ALL = 100_000;

  private final ApiKeys keys = new ApiKeys();

  private synchronized <T> T of(Supplier<T> answer) {
    return answer.get();
  }

  private <T> CompletionStage<T> later(Supplier<T> answer) {
    try {
      return CompletableFuture.completedStage(of(answer));
    } catch (ProblemException refused) {
      return CompletableFuture.failedStage(refused);
    }
  }

  private void apply(List<KeyEvent> events) {
    events.forEach(keys::apply);
  }

  /** What is kept, as text. */
  String kept() {
    return of(() -> keys.snapshot().toString());
  }

  @Override
  public Optional<ApiKey> find(Digest token) {
    return first(change -> change.key() != null && change.key().token().equals(token));
  }

  @Override
  public Optional<ApiKey> named(String name) {
    return first(change -> change.key() != null && change.name().equals(name));
  }

  private Optional<ApiKey> first(Predicate<Change> fits) {
    return of(() -> keys.since(0, ALL).stream().filter(fits).map(Change::key).findFirst());
  }

  @Override
  public CompletionStage<ApiKey> issue(ApiKey key, boolean byMember) {
    return later(
        () -> {
          apply(keys.issue(key, byMember, 1));
          return key;
        });
  }

  @Override
  public CompletionStage<List<Standing>> revoke(TenantId tenant, String name) {
    return later(
        () -> {
          apply(keys.revoke(name, tenant, 1));
          return keys.of(tenant);
        });
  }

  @Override
  public CompletionStage<List<Standing>> of(TenantId tenant) {
    return later(() -> keys.of(tenant));
  }

  @Override
  public CompletionStage<List<Boolean>> reserve(String name, List<Reservation> jobs) {
    return later(
        () -> {
          ApiKeys.Ruling ruling = keys.reserve(name, jobs, 1);
          apply(ruling.events());
          return ruling.admitted();
        });
  }

  @Override
  public void beganNothing(String name, List<JobId> jobs) {
    of(
        () -> {
          apply(keys.beganNothing(name, jobs));
          return name;
        });
  }

  @Override
  public CompletionStage<List<Pending>> pending(String name) {
    return later(() -> keys.pending(name, 0, ALL));
  }

  @Override
  public CompletionStage<Void> ended(List<Outcome> outcomes) {
    return later(
        () -> {
          apply(keys.ended(outcomes, 1, 1));
          return null;
        });
  }
}
