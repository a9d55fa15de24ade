package xyz.openledger.cluster.member;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import xyz.openledger.protocol.TenantId;

/**
 * The tenants that ever asked how to deposit. The chain names an account by a hash alone; whoever
 * wants to credit a deposit must know whose hash it is.
 */
final class Tenants {
  private static final int TENANTS_MAX = 1_000_000;

  private final Path file;
  private final Consumer<TenantId> known;
  private final Set<TenantId> tenants = new ConcurrentSkipListSet<>();

  private Tenants(Path file, Consumer<TenantId> known) {
    this.file = file;
    this.known = known;
  }

  /** The tenants in {@code file}; {@code known} is told of each, now and later. */
  static Tenants open(Path file, Consumer<TenantId> known) throws IOException {
    var tenants = new Tenants(file, known);
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        tenants.tenants.add(TenantId.parse(line));
      }
      tenants.tenants.forEach(known);
    }
    return tenants;
  }

  /** Notes a tenant; durable when this returns. */
  synchronized void add(TenantId tenant) throws IOException {
    if (tenants.contains(tenant) || tenants.size() >= TENANTS_MAX) {
      return;
    }
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        tenant.value() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND,
        StandardOpenOption.SYNC);
    tenants.add(tenant);
    known.accept(tenant);
  }
}
