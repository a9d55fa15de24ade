package xyz.openledger.actors.simulation.adversaries;

/**
 * What came of one adversary under one plan.
 *
 * @param cheated replicas in which it delivered a lie, or nothing
 * @param caughtPercent of those: dissent, refusal or loss was written down against it
 * @param wrongPartsPerMillion results that were accepted and wrong, of a million
 * @param undecidedPartsPerMillion tasks that ended without a result, of a million
 * @param accused replicas of honest machines that were found to dissent
 * @param copies replicas a task
 * @param gainMilliRewards what a replica given to an adversary brought it, less what honest work
 *     there would have, in thousandths of a reward; below 0 cheating does not pay
 */
public record AdversaryFigures(
    String adversary,
    String policy,
    boolean expels,
    long cheated,
    double caughtPercent,
    long wrongPartsPerMillion,
    long undecidedPartsPerMillion,
    long accused,
    double copies,
    double gainMilliRewards) {}
