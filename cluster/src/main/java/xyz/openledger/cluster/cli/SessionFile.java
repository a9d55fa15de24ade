package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.KeyFile;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.voucher.SignedVoucher;

/**
 * A tenant's session key, mode 0600, and beside it the last voucher that it signed to each pool.
 */
final class SessionFile {
  private static final int BYTES_MAX = 1 << 20;

  private final Path key;
  private final Path vouchers;

  private SessionFile(Path key) {
    this.key = key;
    this.vouchers = key.resolveSibling(key.getFileName() + ".vouchers.json");
  }

  /**
   * What is remembered.
   *
   * @param sinceMillis jobs that ended from then on are paid by this key
   */
  record Signed(Address key, long sinceMillis, List<SignedVoucher> vouchers) {}

  /** The file of that name, or the tenant's usual one. */
  static SessionFile of(Path dataDirectory, TenantId tenant) {
    return new SessionFile(dataDirectory.resolve("keys/session-" + tenant + ".pem"));
  }

  static SessionFile at(Path key) {
    return new SessionFile(key);
  }

  Path path() {
    return key;
  }

  boolean exists() {
    return Files.isRegularFile(key);
  }

  /** The key; made on first use. */
  Secp256k1Key open() {
    return KeyFile.secp256k1(key);
  }

  Signed signed() throws IOException {
    Address address = open().address();
    if (!Files.exists(vouchers)) {
      return new Signed(address, Files.getLastModifiedTime(key).toMillis(), List.of());
    }
    if (Files.size(vouchers) > BYTES_MAX) {
      throw CommandFailure.failed(vouchers + " is too long for a file of vouchers", "");
    }
    Signed signed = Json.read(Files.readAllBytes(vouchers), Signed.class);
    if (!signed.key().equals(address)) {
      throw CommandFailure.failed(vouchers + " is of another key than " + key, "move one away");
    }
    return signed;
  }

  void write(Signed signed) throws IOException {
    Path half = vouchers.resolveSibling(vouchers.getFileName() + ".new");
    Files.write(half, Json.pretty(signed).getBytes(StandardCharsets.UTF_8));
    Files.move(half, vouchers, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
