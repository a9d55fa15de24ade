package xyz.openledger.actors.simulation;

/**
 * What one scheduler made of one scenario.
 *
 * @param settled jobs with a result
 * @param failed jobs without one: expired, or without agreement
 * @param retries replicas that were leased beyond the first ones
 * @param waitMeanSeconds from submission until every task has a first replica
 * @param completionMeanSeconds from submission to the verified result
 * @param utilisationPercent slots in use of those there, until the last job came; the same holds
 *     for fragmentation
 * @param fragmentationPercent of the free slots, what the work that comes could not use
 * @param costOpen paid for a settled job, on average
 * @param carbonGrams for a settled job, on average
 * @param objectivePercent how good the chosen nodes are by the jobs' own weights, the best of all
 *     nodes being 100
 * @param fairness Jain's index over tenants
 * @param etaTold waits that were foretold
 * @param etaWithin50Percent of them, those that were shorter than the p50 said
 * @param etaWithin90Percent the same for p90
 * @param preemptions replicas that were stopped after notice
 * @param shifts tasks that waited for a cleaner hour
 * @param carbonSavedGrams for a settled job, on average: what the replicas of those tasks would
 *     have emitted on the same machines when they first could have started, less what they did
 * @param capacityPercent what the slots in use could burn, of what all those there could: slots in
 *     use, each counted by its speed
 * @param copies results that were brought for each task of a settled job
 * @param replicationPercent of what was paid, the part for copies beyond the dearest of each task
 * @param spotChecks results of adaptive jobs that were drawn to be repeated, however well their
 *     nodes stood
 * @param caught results that were rejected
 * @param wrong tasks of settled jobs whose accepted result is a lie
 * @param spotLeases leases that were sold in clearings
 * @param spotOpenPerGigafuel their clearing prices, on average
 * @param slotHoursAhead of slots that were bought ahead
 * @param aheadOpenPerSlotHour their price, on average
 * @param hurriedWaitSeconds as the mean wait, of the jobs alone that are of no use later and go
 *     anywhere: those for which slots are bought ahead
 */
public record Figures(
    int settled,
    int failed,
    int retries,
    double waitMeanSeconds,
    double waitP95Seconds,
    double completionMeanSeconds,
    double completionP95Seconds,
    double utilisationPercent,
    double fragmentationPercent,
    double costOpen,
    double carbonGrams,
    double objectivePercent,
    double fairness,
    int etaTold,
    double etaWithin50Percent,
    double etaWithin90Percent,
    int preemptions,
    int shifts,
    double carbonSavedGrams,
    double capacityPercent,
    double copies,
    double replicationPercent,
    int spotChecks,
    int caught,
    int wrong,
    int spotLeases,
    double spotOpenPerGigafuel,
    double slotHoursAhead,
    double aheadOpenPerSlotHour,
    double hurriedWaitSeconds) {}
