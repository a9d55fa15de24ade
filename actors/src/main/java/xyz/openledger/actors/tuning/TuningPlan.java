package xyz.openledger.actors.tuning;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.api.TuningRequest;

/**
 * What a training is, once its names were looked up.
 *
 * @param model the manifest of the base
 * @param base the digest of what a training depends on of it
 * @param fuelPerStep the most that a step burns
 * @param fuelPerPiece the most that a piece burns beside its steps: the loss on what is held back
 * @param licences that the base was under when the training was accepted, for all its pieces;
 *     absent in trainings that are older than licences, which are asked of the catalogue
 */
public record TuningPlan(
    TuningRequest request,
    Digest model,
    Digest base,
    long fuelPerStep,
    long fuelPerPiece,
    @Nullable List<String> licences) {
  /** A training of which no licences were written down. */
  public TuningPlan(
      TuningRequest request, Digest model, Digest base, long fuelPerStep, long fuelPerPiece) {
    this(request, model, base, fuelPerStep, fuelPerPiece, null);
  }
}
