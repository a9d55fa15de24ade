package xyz.openledger.cluster.http.api;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import xyz.openledger.actors.keys.ApiKey;
import xyz.openledger.actors.keys.KeyMessage.Outcome;
import xyz.openledger.actors.keys.KeyMessage.Pending;
import xyz.openledger.actors.keys.KeyMessage.Standing;
import xyz.openledger.actors.keys.Reservation;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TenantId;

/**
 * The API keys of the whole network. What is refused completes its stage with a {@link
 * xyz.openledger.protocol.ProblemException}. Methods are called from many threads and do not block.
 */
public interface KeysApi {
  /**
   * The key of a token with that digest, as this member knows it.
   *
   * @throws xyz.openledger.protocol.ProblemException {@code unavailable} if it has not heard for
   *     too long which keys are revoked
   */
  Optional<ApiKey> find(Digest token);

  /** The key of that name, in the same way. */
  Optional<ApiKey> named(String name);

  /**
   * Issues a key, which works here at once and elsewhere within a second.
   *
   * @param byMember whether the member itself wants it, which replaces its own of that name
   */
  CompletionStage<ApiKey> issue(ApiKey key, boolean byMember);

  /** Revokes a tenant's key; answers which are left. */
  CompletionStage<List<Standing>> revoke(TenantId tenant, String name);

  /** How the keys of a tenant stand, by their names. */
  CompletionStage<List<Standing>> of(TenantId tenant);

  /** Counts the most that jobs may cost, durably; answers which of them may be submitted. */
  CompletionStage<List<Boolean>> reserve(String name, List<Reservation> jobs);

  /** One submission of each of these jobs began nothing. */
  void beganNothing(String name, List<JobId> jobs);

  /** Jobs of a key that are not known to be over. */
  CompletionStage<List<Pending>> pending(String name);

  /** Takes note that jobs are over. */
  CompletionStage<Void> ended(List<Outcome> outcomes);
}
