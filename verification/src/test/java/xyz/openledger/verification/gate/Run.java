package xyz.openledger.verification.gate;

/**
 * What a run of a module came to: what every engine must agree on.
 *
 * @param end {@code returned}, {@code trapped}, {@code exit N}, or {@code failed: ...} if the
 *     engine did not do its part
 * @param memory digest of the memory at the end
 * @param output digest of everything written
 */
record Run(String end, long fuelUsed, int state, String memory, String output) {}
