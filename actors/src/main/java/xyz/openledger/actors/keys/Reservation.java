package xyz.openledger.actors.keys;

import xyz.openledger.protocol.JobId;

/** A job under a key that has a spend cap, and the most that it may cost. */
public record Reservation(JobId job, long mostNanoOpen) {}
