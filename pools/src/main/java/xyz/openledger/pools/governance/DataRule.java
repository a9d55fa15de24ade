package xyz.openledger.pools.governance;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.DataClass;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.json.ZeroIfAbsent;

/**
 * What data of one class ask of a node before it may be shown them: one row of the matrix. What is
 * left out asks nothing.
 *
 * @param sandboxes the isolations that will do
 * @param reputationMin the least reputation, 0 to 10,000
 * @param regionDeclared whether the node must say where it is
 * @param regions where it must be
 * @param undertaken whether its contributor must have undertaken to be shown such data, by the
 *     label {@value #HOLDS_LABEL}
 * @param owners whose machines alone may be shown them
 * @param attested whether each answer must come with what the node's chip signed about it
 * @param attestationRoots the roots under which a chip may do so; absent for those of the policy
 */
public record DataRule(
    DataClass dataClass,
    @Nullable List<String> sandboxes,
    @ZeroIfAbsent int reputationMin,
    @Nullable Boolean regionDeclared,
    @Nullable List<String> regions,
    @Nullable Boolean undertaken,
    @Nullable List<Address> owners,
    @Nullable Boolean attested,
    @Nullable List<Digest> attestationRoots) {
  /** A node that bears this may be shown data of the class that it names, and of lesser ones. */
  public static final String HOLDS_LABEL = "openledger.holds";

  private static final int NAMES_MAX = 64;
  private static final List<String> NAMESPACES = List.of("bubblewrap", "container");
  private static final int NOT_LATELY_REJECTED = 4_000;
  private static final int NEUTRAL = 5_000;
  private static final int EARNED = 6_000;

  /** Checks the ranges; keeps its own copies. */
  public DataRule {
    Check.present("dataClass", dataClass);
    Check.range("reputationMin", reputationMin, 0, 10_000);
    sandboxes = sandboxes == null ? null : names("sandboxes", sandboxes);
    regions = regions == null ? null : names("regions", regions);
    owners = owners == null ? null : List.copyOf(Check.size("owners", owners, 1, NAMES_MAX));
    attestationRoots =
        attestationRoots == null
            ? null
            : List.copyOf(Check.size("attestationRoots", attestationRoots, 1, NAMES_MAX));
    if (attestationRoots != null && !Boolean.TRUE.equals(attested)) {
      throw Check.refusal("attestationRoots", "says nothing unless attested is true");
    }
  }

  private static List<String> names(String field, List<String> names) {
    Check.size(field, names, 1, NAMES_MAX);
    for (int i = 0; i < names.size(); i++) {
      if (Check.text(field + "[" + i + "]", names.get(i), 32).isBlank()) {
        throw Check.refusal(field + "[" + i + "]", "is empty");
      }
    }
    return List.copyOf(names);
  }

  /** The row of a class where governance gives none. */
  public static DataRule usual(DataClass of) {
    return switch (of) {
      case PUBLIC -> new DataRule(of, null, 0, null, null, null, null, null, null);
      case INTERNAL ->
          new DataRule(of, NAMESPACES, NOT_LATELY_REJECTED, null, null, null, null, null, null);
      case CONFIDENTIAL ->
          new DataRule(of, NAMESPACES, NEUTRAL, true, null, true, null, null, null);
      case RESTRICTED -> new DataRule(of, NAMESPACES, EARNED, true, null, true, null, true, null);
    };
  }

  /** Whether the node must say where it is. */
  public boolean asksRegion() {
    return Boolean.TRUE.equals(regionDeclared);
  }

  /** Whether its contributor must have undertaken to be shown such data. */
  public boolean asksUndertaking() {
    return Boolean.TRUE.equals(undertaken);
  }

  /** What a policy lacks for data of this class, as a sentence; empty if it lacks nothing. */
  public Optional<String> lacking(Policy policy) {
    if (!Boolean.TRUE.equals(attested)) {
      return Optional.empty();
    }
    Policy.Attestation attestation = policy.verification().attestation();
    if (policy.verification().method() != Policy.Method.TEE || attestation == null) {
      return Optional.of(
          "%s data need verification.method tee: what a node says of its chip is proven by what the chip signs"
              .formatted(dataClass.word()));
    }
    if (attestationRoots == null) {
      return Optional.empty();
    }
    Set<Digest> others = new HashSet<>(attestation.roots());
    attestationRoots.forEach(others::remove);
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s data may be shown to chips under other roots than %s only"
                .formatted(
                    dataClass.word(),
                    others.stream().map(Digest::toString).collect(Collectors.joining(", "))));
  }

  /** What it asks of a node for good, in words; empty if it asks nothing. */
  public String words() {
    var asked = new ArrayList<String>();
    if (sandboxes != null) {
      asked.add("sandbox " + String.join(" or ", sandboxes));
    }
    if (regions != null) {
      asked.add("region " + String.join(" or ", regions));
    } else if (asksRegion()) {
      asked.add("a declared region");
    }
    if (asksUndertaking()) {
      asked.add(
          "label %s %s"
              .formatted(
                  HOLDS_LABEL,
                  dataClass.orMoreSensitive().stream()
                      .sorted()
                      .collect(Collectors.joining(" or "))));
    }
    if (owners != null) {
      asked.add(
          "owner " + owners.stream().map(Address::toString).collect(Collectors.joining(" or ")));
    }
    return asked.isEmpty() ? "" : dataClass.word() + " data need " + String.join(", ", asked);
  }

  /** What it asks of a node's past, in words; empty if it asks nothing. */
  public String pastWords() {
    return reputationMin == 0
        ? ""
        : "%s data need reputation %d".formatted(dataClass.word(), reputationMin);
  }
}
