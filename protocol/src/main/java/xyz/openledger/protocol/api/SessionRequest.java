package xyz.openledger.protocol.api;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;

/**
 * Lets what comes under the caller's API key be paid by the vouchers of one session key.
 *
 * @param key the address of a session key that the caller keeps and signs with; absent if the
 *     member shall make one, keep it and sign
 */
public record SessionRequest(@Nullable Address key) {}
