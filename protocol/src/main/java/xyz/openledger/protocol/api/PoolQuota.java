package xyz.openledger.protocol.api;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.TenantId;

/**
 * How many slots of a pool a tenant may use at once.
 *
 * @param tenant absent for all that have no quota of their own; they share this one
 * @param guaranteed slots that are its own
 * @param max how many it may use, those included that it borrows
 * @param lend how many of its own others may use while it leaves them free
 * @param weight how much it counts where shares are compared
 * @param used by it now
 */
@Answer
public record PoolQuota(
    @Nullable TenantId tenant, int guaranteed, int max, int lend, int weight, int used) {}
