package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.TenantId;

/** Which session key is meant, who pays for the transaction, and on which chain. */
final class SessionChoice {
  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "PKCS#8 PEM file of the secp256k1 key that sends the transaction")
  Path key = Path.of("");

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      description =
          "the session key, where its file is not here: it was lost, or the member has it")
  @Nullable String address;

  @Option(
      names = "--session",
      paramLabel = "FILE",
      description =
          "the session key's file (default: keys/session-TENANT.pem of the data directory)")
  @Nullable Path session;

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = "whose account (or OPENLEDGER_TENANT)")
  @Nullable String tenant;

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      description = "the chain (default: that of the running member)")
  @Nullable URI rpc;

  /** The file of who sends. */
  Path sender(Member member) {
    Path file = member.shell().resolve(key);
    if (!Files.isRegularFile(file)) {
      throw CommandFailure.usage("there is no file " + file, "--key", "");
    }
    return file;
  }

  /** The session key. */
  Address sessionKey(Member member, TenantId account) throws IOException {
    if (address != null) {
      return Objects.requireNonNull(ZkFiles.address(address, "--address"));
    }
    SessionFile file = Vouchers.file(member, session, account);
    if (!file.exists()) {
      throw CommandFailure.failed(
          "there is no session key " + file.path(), "name the key by --address");
    }
    return file.open().address();
  }
}
