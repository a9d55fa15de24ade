package xyz.openledger.protocol;

/** Soon. */
public record JobSpec() {}
