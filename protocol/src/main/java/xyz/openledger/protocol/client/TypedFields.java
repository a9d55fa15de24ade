package xyz.openledger.protocol.client;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import xyz.openledger.protocol.ProblemException;

/** The fields that somebody typed under a name for people, so that refusals call them by it. */
final class TypedFields {
  private final Map<String, String> typedByStored = new HashMap<>();

  /** Notes that {@code typed} was stored as {@code stored}; both are paths. */
  void note(String stored, String typed) {
    typedByStored.put(stored, typed);
  }

  /** What {@code reading} gives; if it refuses a field, by the name that was typed. */
  <T> T named(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ProblemException refusal) {
      String typed = typedByStored.get(refusal.field());
      if (typed == null) {
        throw refusal;
      }
      String stored = refusal.field().substring(refusal.field().lastIndexOf('.') + 1);
      throw new ProblemException(
          refusal.problem(), typed, "as %s: %s".formatted(stored, refusal.detail()));
    }
  }
}
