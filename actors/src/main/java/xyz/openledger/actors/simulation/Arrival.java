package xyz.openledger.actors.simulation;

import java.util.List;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TenantId;

/**
 * A job that will be submitted.
 *
 * @param tasks each takes one slot
 * @param gang whether its tasks start together or not at all
 * @param workFuel what a task burns
 * @param fuelMax what its requester thinks that it burns at most
 * @param agreement how many must agree
 */
record Arrival(
    int number,
    long atMillis,
    TenantId tenant,
    int tasks,
    boolean gang,
    long workFuel,
    long fuelMax,
    long memoryMaxBytes,
    int priority,
    int agreement,
    List<String> regions,
    Policy.Weights weights) {}
