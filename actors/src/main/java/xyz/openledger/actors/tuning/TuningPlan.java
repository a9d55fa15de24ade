package xyz.openledger.actors.tuning;

import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.api.TuningRequest;

/**
 * What a training is, once its names were looked up.
 *
 * @param model the manifest of the base
 * @param base the digest of what a training depends on of it
 * @param fuelPerStep the most that a step burns
 * @param fuelPerPiece the most that a piece burns beside its steps: the loss on what is held back
 */
public record TuningPlan(
    TuningRequest request, Digest model, Digest base, long fuelPerStep, long fuelPerPiece) {}
