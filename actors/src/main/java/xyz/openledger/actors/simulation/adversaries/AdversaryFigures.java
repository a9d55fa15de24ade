package xyz.openledger.actors.simulation.adversaries;

import java.util.Locale;
import xyz.openledger.protocol.Policy;

/**
 * What came of one adversary under one plan.
 *
 * @param cheated replicas in which it delivered a lie, or nothing
 * @param caughtPercent of those: dissent, refusal or loss was written down against it
 * @param wrongPartsPerMillion results that were accepted and wrong, of a million
 * @param undecidedPartsPerMillion tasks that ended without a result, of a million
 * @param accused replicas of honest machines that were found to dissent
 * @param copies replicas a task
 * @param policy the method; with the least number of owners where {@code adaptive} asks for more
 * @param gainMilliRewards what a replica given to an adversary brought it, less what honest work
 *     there would have, in thousandths of a reward; below 0 cheating does not pay
 * @param hearings about outcomes that differed; none but under {@code dispute}
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
    double gainMilliRewards,
    Hearings.Figures hearings) {

  static String word(Policy.Verification policy) {
    String method = policy.method().name().toLowerCase(Locale.ROOT);
    int owners = policy.parameters().agreement();
    return policy.method() == Policy.Method.ADAPTIVE && owners > 1 ? method + "-" + owners : method;
  }
}
