package xyz.openledger.cluster.evidence;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TenantId;

/**
 * What an evidence bundle says of itself.
 *
 * @param version of this format: 3, with what was submitted, policies included; 2, without
 * @param jobs whose receipts are in it, in their order
 * @param fromMillis the receipts are of jobs that finished from then on; absent for one job
 * @param toMillis before then
 * @param madeAtMillis when
 * @param logOrigin the receipt log's name
 * @param registry the contract that the nodes' keys are registered with; absent without a chain
 * @param missing what belongs to these jobs and is not in the bundle, and why, a sentence each
 */
record EvidenceManifest(
    int version,
    TenantId tenant,
    List<JobId> jobs,
    @Nullable Long fromMillis,
    @Nullable Long toMillis,
    long madeAtMillis,
    String logOrigin,
    @Nullable Long chainId,
    @Nullable Address registry,
    List<String> missing) {
  static final int VERSION = 3;

  /** From this version on, what was submitted is in a bundle, and rules are named by their hash. */
  static final int WITH_POLICIES = 3;

  private static final int OLDEST = 2;

  /** The most jobs in one bundle. */
  static final int JOBS_MAX = 10_000;

  EvidenceManifest {
    Check.range("version", version, OLDEST, VERSION);
    Check.present("tenant", tenant);
    Check.size("jobs", Check.present("jobs", jobs), 1, JOBS_MAX);
    Check.present("logOrigin", logOrigin);
    Check.present("missing", missing);
  }
}
