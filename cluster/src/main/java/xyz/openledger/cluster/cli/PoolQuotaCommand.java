package xyz.openledger.cluster.cli;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.PoolDetail;
import xyz.openledger.protocol.api.PoolQuota;
import xyz.openledger.protocol.api.PoolQuotaChange;
import xyz.openledger.protocol.client.NetworkClient;

@Command(
    name = "quota",
    description = "Says how many slots of a pool each tenant may use, borrow and lend.",
    footer = "%nExample: openledger pool quota list hearth")
final class PoolQuotaCommand {
  private static final String POOL = "id, prefix or name";
  private static final String TENANT = "whose; 'others' for all that have no quota of their own";

  /** What stands where a tenant's name would, for all that have no quota of their own. */
  private static final String OTHERS = "others";

  @Command(
      name = "list",
      description = "Lists the quotas of a pool beside what is used.",
      footer = "%nExample: openledger pool quota list hearth")
  int list(@Mixin Member member, @Parameters(paramLabel = "POOL", description = POOL) String pool) {
    NetworkClient network = member.client().network();
    PoolDetail detail = network.pool(PoolCommand.id(network, pool));
    member.print(detail.quotas(), () -> table(detail));
    return ExitCode.OK;
  }

  @Command(
      name = "set",
      description = "Sets a tenant's quota; what runs goes on running.",
      footer = "%nExample: openledger pool quota set hearth ada --guaranteed 8 --max 12 --lend 4")
  int set(
      @Mixin Member member,
      @Parameters(paramLabel = "POOL", description = POOL) String pool,
      @Parameters(paramLabel = "TENANT", description = TENANT) String tenant,
      @Option(
              names = "--guaranteed",
              paramLabel = "SLOTS",
              required = true,
              description = "slots that are its own")
          int guaranteed,
      @Option(
              names = "--max",
              paramLabel = "SLOTS",
              description = "how many it may use with those that it borrows (none borrowed)")
          @Nullable Integer max,
      @Option(
              names = "--lend",
              paramLabel = "SLOTS",
              description = "how many of its own others may use while they are free (0)")
          @Nullable Integer lend,
      @Option(
              names = "--weight",
              paramLabel = "N",
              description = "how much it counts where shares are compared, 1 to 1000 (1)")
          @Nullable Integer weight) {
    return change(member, pool, new PoolQuotaChange(id(tenant), guaranteed, max, lend, weight));
  }

  @Command(
      name = "remove",
      description = "Takes a tenant's quota away.",
      footer = "%nExample: openledger pool quota remove hearth ada")
  int remove(
      @Mixin Member member,
      @Parameters(paramLabel = "POOL", description = POOL) String pool,
      @Parameters(paramLabel = "TENANT", description = TENANT) String tenant) {
    TenantId id = id(tenant);
    NetworkClient network = member.client().network();
    PoolDetail before = network.pool(PoolCommand.id(network, pool));
    if (before.quotas().stream().noneMatch(quota -> Objects.equals(quota.tenant(), id))) {
      throw CommandFailure.failed(
          "pool %s has no quota of %s; nothing was removed".formatted(before.pool().name(), tenant),
          "openledger pool quota list " + pool);
    }
    return change(member, pool, new PoolQuotaChange(id, null, null, null, null));
  }

  private static int change(Member member, String pool, PoolQuotaChange change) {
    NetworkClient network = member.client().network();
    PoolDetail detail = network.setQuota(PoolCommand.id(network, pool), change);
    member.print(detail.quotas(), () -> table(detail));
    return ExitCode.OK;
  }

  private static @Nullable TenantId id(String tenant) {
    return tenant.equals(OTHERS) ? null : TenantId.parse(tenant);
  }

  /** The quotas of a pool, and whether it has the slots that they promise. */
  static String table(PoolDetail pool) {
    List<PoolQuota> quotas = pool.quotas();
    if (quotas.isEmpty()) {
      return "no quotas: every tenant may use every slot\n";
    }
    var table = Table.of("TENANT", "GUARANTEED", "MAX", "LENDS", "WEIGHT", "USED");
    boolean limited = false;
    long promised = 0;
    for (PoolQuota quota : quotas) {
      TenantId tenant = quota.tenant();
      limited |= tenant == null;
      promised += quota.guaranteed();
      table.row(
          tenant == null ? OTHERS : tenant.value(),
          quota.guaranteed(),
          quota.max(),
          quota.lend(),
          quota.weight(),
          quota.used());
    }
    String text = table.text();
    if (!limited) {
      text += "others have no limit: what is guaranteed above may be in their use\n";
    }
    if (promised > pool.pool().slots()) {
      text +=
          "guaranteed are %d slots; the pool has %d now\n".formatted(promised, pool.pool().slots());
    }
    return text;
  }
}
