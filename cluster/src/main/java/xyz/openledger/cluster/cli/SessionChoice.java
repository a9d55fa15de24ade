package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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

  @Mixin SessionFileChoice file = new SessionFileChoice();

  @Mixin AccountChoice account = new AccountChoice();

  /** The file of who sends. */
  Path sender(Member member) {
    Path sender = member.shell().resolve(key);
    if (!Files.isRegularFile(sender)) {
      throw CommandFailure.usage("there is no file " + sender, "--key", "");
    }
    return sender;
  }

  /** The session key. */
  Address sessionKey(Member member, TenantId tenant) throws IOException {
    if (address != null) {
      return Objects.requireNonNull(ZkFiles.address(address, "--address"));
    }
    SessionFile here = file.file(member, tenant);
    if (!here.exists()) {
      throw CommandFailure.failed(
          "there is no session key " + here.path(), "name the key by --address");
    }
    return here.open().address();
  }
}
