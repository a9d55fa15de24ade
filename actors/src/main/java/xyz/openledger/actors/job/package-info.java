/**
 * The life of a job, from submission to its receipt.
 *
 * <p>Start at {@link xyz.openledger.actors.job.Job}: what the events of one job add up to. {@link
 * xyz.openledger.actors.job.JobRules} says what follows from it, and {@link
 * xyz.openledger.actors.job.JobPartition} carries that out.
 */
@NullMarked
package xyz.openledger.actors.job;

import org.jspecify.annotations.NullMarked;
