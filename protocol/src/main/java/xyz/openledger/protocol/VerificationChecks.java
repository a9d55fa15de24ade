package xyz.openledger.protocol;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Policy.Method;
import xyz.openledger.protocol.Policy.Verification;

/** What a method of verification asks of its parameters, and which are of another method. */
final class VerificationChecks {
  private static final int ERROR_MAX_PARTS_PER_MILLION = 100_000;
  private static final int TRUST_MAX = 1_000_000;

  /** Those that know no tolerance. */
  private static final Set<Method> EXACT =
      EnumSet.of(Method.SUMCHECK, Method.DISPUTE, Method.ZK, Method.TEE, Method.TOPLOC);

  private VerificationChecks() {}

  /**
   * Refuses what does not belong together.
   *
   * @throws ProblemException naming the field
   */
  static void check(Verification asked) {
    Method method = asked.method();
    if (asked.givesFirstAnswer() && method != Method.ADAPTIVE && method != Method.TRUST) {
      throw Check.refusal(
          "answersFirst", "only adaptive and trust verify afterwards; leave it out");
    }
    if ((method == Method.TEE) != (asked.attestation() != null)) {
      throw Check.refusal(
          "attestation",
          method == Method.TEE
              ? "is missing: tee needs to know which roots and measurements count"
              : "is of tee; leave it out");
    }
    agreement(method, asked.parameters().agreement());
    if (asked.tolerance() != null && EXACT.contains(method)) {
      throw Check.refusal(
          "tolerance",
          method == Method.TOPLOC
              ? "toploc compares by thresholds of its own; leave it out"
              : "this method compares exactly; leave it out");
    }
    belongs(
        "errorMaxPartsPerMillion",
        asked.errorMaxPartsPerMillion(),
        method == Method.ADAPTIVE,
        1,
        ERROR_MAX_PARTS_PER_MILLION);
    belongs("trust", asked.trust(), method == Method.TRUST, 2, TRUST_MAX);
    if (method == Method.TRUSTED && asked.tolerance() != null) {
      throw Check.refusal("tolerance", "trusted compares with nothing; leave it out");
    }
  }

  private static void agreement(Method method, int agreement) {
    String word = method.name().toLowerCase(Locale.ROOT);
    String refusal =
        switch (method) {
          case TRUSTED -> agreement == 1 ? null : word + " takes the first answer: must be 1";
          case TEE -> agreement == 1 ? null : word + " judges one answer: must be 1";
          case FREIVALDS, SUMCHECK, ZK, TOPLOC ->
              agreement == 1 ? null : word + " checks one answer: must be 1";
          case QUORUM -> agreement > 1 ? null : "a quorum is at least 2";
          case DISPUTE -> agreement > 1 ? null : "a dispute needs at least 2 owners";
          case ADAPTIVE, TRUST -> null;
        };
    if (refusal != null) {
      throw Check.refusal("parameters.agreement", refusal);
    }
  }

  private static void belongs(
      String field, @Nullable Integer value, boolean here, int min, int max) {
    if (here) {
      Check.range(field, Check.present(field, value), min, max);
    } else if (value != null) {
      throw Check.refusal(field, "is of another method; leave it out");
    }
  }
}
