package xyz.openledger.verification.zk;

import java.util.List;
import java.util.Optional;

/** What evidence about a private model is worth. */
public sealed interface ModelVerdict {
  /**
   * Both statements are shown.
   *
   * @param ceremony what the keys, and so the proofs, can be trusted for
   */
  record Proven(List<Integer> outputs, ModelKeys.Ceremony ceremony) implements ModelVerdict {
    /** Keeps its own copy. */
    public Proven {
      outputs = List.copyOf(outputs);
    }
  }

  /**
   * Something is not shown.
   *
   * @param part keys, registration or inference
   */
  record Refused(String part, String reason) implements ModelVerdict {}

  /** Judges evidence by those keys, without a chain. */
  static ModelVerdict of(ModelEvidence evidence, ModelKeys keys) {
    if (!evidence.keys().equals(keys.digest())) {
      return new Refused("keys", "it was proven under other keys, " + evidence.keys());
    }
    // Weights out of range would spill over, so a model that was not registered is not believed.
    Optional<String> registration =
        new Groth16(keys.registration())
            .fault(evidence.registrationSignals(), evidence.registrationProof());
    if (registration.isPresent()) {
      return new Refused("registration", registration.get());
    }
    Optional<String> inference =
        new Groth16(keys.inference()).fault(evidence.inferenceSignals(), evidence.inferenceProof());
    return inference.isPresent()
        ? new Refused("inference", inference.get())
        : new Proven(evidence.outputs(), keys.ceremony());
  }
}
