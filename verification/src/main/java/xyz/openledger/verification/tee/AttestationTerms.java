package xyz.openledger.verification.tee;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;

/**
 * What evidence must say. Machines that can be debugged are always refused.
 *
 * @param measurements of the programs that may run, lower-case hex; empty allows none
 * @param securityVersionsMin the least of each security version, in the platform's order; versions
 *     beyond the list may be any
 * @param nonce what the report must carry, see {@link #nonce}
 * @param revoked serial numbers of certificates that no longer count, lower-case hex
 * @param at when it must have held
 */
public record AttestationTerms(
    Set<String> measurements,
    List<Integer> securityVersionsMin,
    Digest nonce,
    Set<String> revoked,
    Instant at) {
  /** Keeps its own copies. */
  public AttestationTerms {
    measurements = Set.copyOf(measurements);
    securityVersionsMin = List.copyOf(securityVersionsMin);
    revoked = Set.copyOf(revoked);
  }

  /**
   * Binds a report to one job on one node at one time, so that none can be shown again elsewhere.
   *
   * @param beacon a number that nobody knew before the job
   */
  public static Digest nonce(String job, byte[] nodeKey, Digest beacon) {
    return Domain.of("attestation").text(job).bytes(nodeKey).digest(beacon).digest();
  }
}
